using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Memory filled with words that tell where they belong, and read back.</summary>
internal sealed class MemoryPatternCheck()
    : DoctorCheck("memory-pattern", "memory is there and keeps what is written", DoctorTargets.All, DoctorProbes.Memory)
{
    /// <summary>The share of what is claimed free that must be had and tested.</summary>
    private const double Coverage = 0.95;

    /// <summary>Below, it is not fragmentation: the memory is not there.</summary>
    private const double Missing = 0.80;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Memory is not MemoryTestResult test)
        {
            return Skip("notMeasured");
        }

        string tested = $"{DoctorText.Memory(test.TestedBytes)} written and read back {Times(test.Passes)}";
        string expected = facts.Device.IsHost
            ? "every word as it was written"
            : $"every word as it was written, in {DoctorText.Percent(Coverage)} of what is free";
        if (test.WrongWords > 0)
        {
            return Fail(Wrong(test, tested), expected, "the pattern itself", Advice(test));
        }

        if (test.TestedBytes == 0)
        {
            return Skip("outOfTime", "the time ended before anything was read back");
        }

        if (facts.Device.IsHost || test.WantedBytes < Coverage * test.FreeBytes)
        {
            // A bounded share was wanted, and is told.
            string ended = test.EndedByLimit ? ", as far as the time reached" : "";
            return Pass($"{tested}, no word wrong{ended}", expected, "the pattern itself");
        }

        double had = (double)test.AllocatedBytes / (test.FreeBytes ?? test.WantedBytes);
        string share =
            $"{tested}, {DoctorText.Percent((double)test.TestedBytes / (test.FreeBytes ?? test.WantedBytes))} of what is free";
        if (had < Coverage)
        {
            string few =
                $"only {DoctorText.Memory(test.AllocatedBytes)} of {DoctorText.Memory(test.FreeBytes ?? 0)} that are said to be free could be had; {tested}";
            const string Advice =
                "Others took it meanwhile (see processes), or the card claims memory that it does not have.";
            return had < Missing
                ? Fail(few, expected, "the driver's free memory", Advice)
                : Warn(few, expected, "the driver's free memory", Advice);
        }

        return test.EndedByLimit
            ? Warn(
                $"{share}; the time ended first",
                expected,
                "the pattern itself",
                "Give more time with --max-seconds."
            )
            : Pass($"{share}, no word wrong", expected, "the pattern itself");
    }

    private static string Wrong(MemoryTestResult test, string tested)
    {
        string first = DoctorText.Text(
            $"{test.WrongWords} words wrong in {tested}; the first {DoctorText.Memory(test.FirstWrongByte ?? 0)} in: 0x{test.FirstRead:x16} for 0x{test.FirstExpected:x16}"
        );
        return test.FirstBelongsAtByte is long belongs
            ? $"{first}, which belongs {DoctorText.Memory(belongs)} in"
            : DoctorText.Text($"{first}; wrong bits 0x{test.WrongBits:x16}");
    }

    private static string Advice(MemoryTestResult test) =>
        test.FirstBelongsAtByte is null
            ? "The memory is faulty: do not use this device, its results cannot be trusted."
            : "One memory shows at two addresses: the card has less than it claims. Do not use it.";

    private static string Times(int passes) => passes == 1 ? "once" : $"{passes} times";
}
