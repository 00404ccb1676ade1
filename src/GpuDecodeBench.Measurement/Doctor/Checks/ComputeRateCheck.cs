using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>
/// The measured rate of FP32 multiply-adds against multiprocessors × lanes × clock: what the chip really has, whatever name it goes by.
/// </summary>
internal sealed class ComputeRateCheck()
    : DoctorCheck(
        "compute-rate",
        "as many cores at as high a clock as it says",
        DoctorTargets.Gpu,
        DoctorProbes.Load,
        restsOnTime: true
    )
{
    /// <summary>Clocks fall some way below their maximum under load on a healthy card, by its power limit.</summary>
    private const double Good = 0.70;

    private const double Bad = 0.40;
    private const double Impossible = 1.08;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        double[] rates =
        [
            .. (facts.Load ?? [])
                .Where(phase => phase.Kind == LoadKind.Compute)
                .SelectMany(phase => phase.Batches)
                .Select(batch => batch.PerSecond)
                .Order(),
        ];
        if (rates.Length == 0)
        {
            return Skip("notMeasured", "there was no compute load");
        }

        double measured = rates[rates.Length / 2];
        int? processors = facts.Catalogue is { MultiprocessorCount: [SourcedValue first, ..] }
            ? (int)first.Value
            : null;
        string counted = processors is null ? "the driver's" : "the catalogue's";
        processors ??= facts.Device.MultiprocessorCount;
        if (
            facts.Device.IsMigInstance == true
            || processors is not int count
            || facts.Device.CoreClockHz is not double clock
            || LanesOf(facts.Device.ComputeCapability) is not int lanes
        )
        {
            return Skip("noSpecification", "multiprocessors, clock or lanes are not known", DoctorText.Flops(measured));
        }

        double most = 2.0 * lanes * clock * count;
        double share = measured / most;
        string words = $"{DoctorText.Flops(measured)} in FP32, {DoctorText.Percent(share)} of {DoctorText.Flops(most)}";
        string expected = $"{DoctorText.Percent(Good)} or more of {DoctorText.Flops(most)}";
        string source = DoctorText.Text(
            $"{counted} {count} multiprocessors × {lanes} lanes × 2 × {clock / 1e6:0} MHz (CUDA programming guide, throughput of arithmetic instructions)"
        );
        if (share is >= Good and <= Impossible)
        {
            return Pass(words, expected, source);
        }

        return share is < Bad or > Impossible
            ? Fail(
                words,
                expected,
                source,
                "The chip does not have the cores or clocks of its name, or others use it: see identity, contention and throttling."
            )
            : Warn(
                words,
                expected,
                source,
                "Clocks are well below their maximum: see throttling, power-limit and clocks-application."
            );
    }

    /// <summary>
    /// Single-precision multiply-adds of a multiprocessor in a cycle, by compute capability:
    /// https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#arithmetic-instructions; null where not listed.
    /// </summary>
    private static int? LanesOf(int? computeCapability) =>
        computeCapability switch
        {
            75 or 80 => 64,
            >= 86 and < 130 => 128,
            _ => null,
        };
}
