using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Measured copies between host and device against what the link carries.</summary>
internal sealed class PcieBandwidthCheck()
    : DoctorCheck(
        "pcie-bandwidth",
        "copies from and to the host are as fast as the link",
        DoctorTargets.Gpu,
        DoctorProbes.Copies | DoctorProbes.Load,
        restsOnTime: true
    )
{
    /// <summary>Headers take a part: page-locked copies reach 80 to 88 % on machines that work well.</summary>
    private const double Good = 0.70;

    private const double Bad = 0.40;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Copies is not { Count: > 0 } copies)
        {
            return Skip("notMeasured", "nothing was copied");
        }

        string words = string.Join(", ", copies.Select(Words));
        HostCopyRate[] locked = [.. copies.Where(copy => copy.IsPageLocked)];
        if (locked.Length == 0)
        {
            return Skip(
                "noPageLockedMemory",
                "the system gives no page-locked memory (ulimit -l), without which the link is not filled",
                words
            );
        }

        if (facts.StateUnderLoad is null)
        {
            return SkipTelemetry(facts, words);
        }

        PcieState pcie = facts.StateUnderLoad.Pcie;
        if (!pcie.Generation.TryGet(out int generation))
        {
            return Skip(pcie.Generation, words);
        }

        if (!pcie.Width.TryGet(out int width))
        {
            return Skip(pcie.Width, words);
        }

        if (PcieRates.LaneBytesPerSecond(generation) * width is not double most)
        {
            return Skip("noSpecification", $"PCIe generation {generation} is not known here", words);
        }

        double share = locked.Min(copy => copy.BytesPerSecond) / most;
        string expected = $"{DoctorText.Percent(Good)} or more of {DoctorText.Rate(most)}, page-locked, each way";
        string source = $"generation {generation} × {width} lanes (PCI-SIG)";
        const string Advice =
            "Something between host and device is slower than the link: another NUMA node, a switch shared with other devices, a virtual machine's copy. Loading models takes longer; decoding on one GPU does not.";
        return share < Bad ? Fail(words, expected, source, Advice)
            : share < Good ? Warn(words, expected, source, Advice)
            : Pass(words, expected, source);
    }

    private static string Words(HostCopyRate copy) =>
        $"{(copy.Direction == CopyDirection.HostToDevice ? "to" : "from")} the device {DoctorText.Rate(copy.BytesPerSecond)} {(copy.IsPageLocked ? "page-locked" : "pageable")}";
}
