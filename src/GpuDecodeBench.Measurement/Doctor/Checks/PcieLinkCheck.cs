using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Generation and width of the PCIe link under load; idle links drop to save power.</summary>
internal sealed class PcieLinkCheck()
    : DoctorCheck("pcie-link", "the PCIe link is at its best under load", DoctorTargets.Gpu, DoctorProbes.Load)
{
    /// <summary>A quarter of the link: a riser or a slot that was not made for it.</summary>
    private const double Bad = 0.30;

    /// <summary>Packets sent again within a load of seconds tell of a bad contact.</summary>
    private const long ManyReplays = 100;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.StateUnderLoad is null)
        {
            return facts.State is null ? SkipTelemetry(facts) : Skip("notMeasured", "the link was not read under load");
        }

        PcieState pcie = facts.StateUnderLoad.Pcie;
        foreach (
            Reading<int> reading in (Reading<int>[])
                [pcie.Generation, pcie.Width, pcie.MaximumGeneration, pcie.MaximumWidth]
        )
        {
            if (!reading.HasValue)
            {
                return Skip(reading);
            }
        }

        double? now = PcieRates.LaneBytesPerSecond(pcie.Generation.Value) * pcie.Width.Value;
        double? most = PcieRates.LaneBytesPerSecond(pcie.MaximumGeneration.Value) * pcie.MaximumWidth.Value;
        string words = $"generation {pcie.Generation.Value} × {pcie.Width.Value} under load";
        string expected = $"generation {pcie.MaximumGeneration.Value} × {pcie.MaximumWidth.Value}";
        const string Source = "what device and slot have in common, as the driver says";
        const string Advice =
            "Loading weights and moving activations between GPUs is slower in proportion; decoding on one GPU is not. A slot, a riser or a setting of the machine's firmware limits it.";
        if (now < Bad * most)
        {
            return Fail(words, expected, Source, Advice);
        }

        if (now < most)
        {
            return Warn(words, expected, Source, Advice);
        }

        long? replays =
            pcie.Replays.TryGet(out long after) && facts.State?.Pcie.Replays.TryGet(out long before) == true
                ? after - before
                : null;
        return replays > ManyReplays
            ? Warn(
                $"{words}, {replays} packets sent again meanwhile",
                expected,
                Source,
                "The contact is bad: a slot or riser."
            )
            : Pass(words, expected, Source);
    }
}
