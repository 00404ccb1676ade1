namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>The host's read bandwidth against the least that a machine of today should have.</summary>
internal sealed class CpuBandwidthCheck()
    : DoctorCheck("cpu-bandwidth", "memory is not unusually slow", DoctorTargets.Cpu, DoctorProbes.Ceilings)
{
    /// <summary>One channel of DDR4-2133: 2133 million transfers of 8 bytes a second (JEDEC JESD79-4).</summary>
    private const double ChannelBytesPerSecond = 2133e6 * 8;

    private const double Share = 0.6;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Ceilings?.ReadBytesPerSecond is not double measured)
        {
            return Skip("notMeasured");
        }

        string words = $"{DoctorText.Rate(measured)} on {facts.Device.MultiprocessorCount} threads";
        string expected = $"{DoctorText.Rate(Share * ChannelBytesPerSecond)} or more";
        const string Source =
            "60 % of a single channel of DDR4-2133 (JEDEC); no datasheet says what a rented share of a processor has";
        return measured < Share * ChannelBytesPerSecond
            ? Warn(
                words,
                expected,
                Source,
                "Others use the memory, or a quota stops the threads: see cpu-others, cpu-steal and cpu-quota."
            )
            : Pass(words, expected, Source);
    }
}
