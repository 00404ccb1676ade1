namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>The measured rate of matrix products against the datasheet's dense BF16 rate.</summary>
internal sealed class MatrixRateCheck()
    : DoctorCheck(
        "matrix-rate",
        "matrix products are as fast as this class of device",
        DoctorTargets.Gpu,
        DoctorProbes.Ceilings,
        restsOnTime: true
    )
{
    /// <summary>The oldest compute capability whose kernels use tensor cores here.</summary>
    private const int FirstWithMatrices = 80;

    /// <summary>Libraries reach some 80 % on an H200 (770 to 800 of 989 TFLOPS); kernels less tuned for it reach less.</summary>
    private const double Good = 0.50;

    private const double Bad = 0.30;
    private const double Impossible = 1.08;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Ceilings?.FlopsPerSecond is not double measured)
        {
            return Skip("notMeasured", "the device has no ceiling of matrix products");
        }

        string words = DoctorText.Flops(measured);
        if (facts.Device.ComputeCapability < FirstWithMatrices || facts.Device.IsMigInstance == true)
        {
            return Skip("noSpecification", "the ceiling is not that of a whole GPU's tensor cores", words);
        }

        if (facts.Catalogue is not { Bf16FlopsPerSecond.Count: > 0 } entry)
        {
            return Skip("noSpecification", "no datasheet of this name is known", words);
        }

        double listed = entry.Bf16FlopsPerSecond[0].Value;
        double share = measured / listed;
        words = $"{words}, {DoctorText.Percent(share)} of {DoctorText.Flops(listed)}";
        string expected = $"{DoctorText.Percent(Good)} or more of {DoctorText.Flops(listed)} (dense BF16)";
        string source = $"datasheet of {entry.Name}";
        return share switch
        {
            < Bad or > Impossible => Fail(
                words,
                expected,
                source,
                "The tensor cores are those of another class of card, or it is throttled: see identity, throttling and power-limit."
            ),
            < Good => Warn(words, expected, source, "See throttling, power-limit and contention."),
            _ => Pass(words, expected, source),
        };
    }
}
