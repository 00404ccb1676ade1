using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>The spread of the same short kernel run again and again: what is alone on a device takes as long each time.</summary>
internal sealed class ContentionCheck()
    : DoctorCheck(
        "contention",
        "nobody else computes on it",
        DoctorTargets.All,
        DoctorProbes.ShortKernels,
        restsOnTime: true
    )
{
    private const int Fewest = 100;

    /// <summary>A kernel this much slower than the median had to wait for somebody.</summary>
    private const double Slow = 1.5;

    private const double GpuWarn = 0.01;
    private const double GpuFail = 0.10;

    /// <summary>An operating system takes a processor away now and then; a GPU has none.</summary>
    private const double CpuWarn = 0.05;
    private const double CpuFail = 0.25;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.ShortKernelSeconds is not { Count: >= Fewest } seconds)
        {
            return Skip("tooFewSamples", $"fewer than {Fewest} short kernels were run");
        }

        // The first tenth is left out: clocks rise from idle meanwhile.
        double[] sorted = [.. seconds.Skip(seconds.Count / 10).Order()];
        double median = OrderStatistics.Median(sorted);
        double p95 = OrderStatistics.Quantile(sorted, 0.95);
        double slow = sorted.Count(one => one > Slow * median) / (double)sorted.Length;
        (double warn, double fail) = facts.Device.IsHost ? (CpuWarn, CpuFail) : (GpuWarn, GpuFail);
        string words =
            $"{DoctorText.Percent(slow)} of {sorted.Length} kernels of {DoctorText.Time(median)} took over {DoctorText.Text($"{Slow}")} times as long (95th percentile {DoctorText.Text($"{p95 / median:0.00}")} times)";
        string expected = $"under {DoctorText.Percent(warn)}";
        const string Source = "a device of one's own repeats the same kernel in the same time";
        string advice = facts.Device.IsHost
            ? "Others use the same processors: see cpu-steal, cpu-others and cpu-quota. Figures will spread; measure longer or elsewhere."
            : "Somebody else computes on this GPU, or its clocks jump: see processes, mig and throttling. Ask for one that is yours alone.";
        return slow >= fail ? Fail(words, expected, Source, advice)
            : slow >= warn ? Warn(words, expected, Source, advice)
            : Pass(words, expected, Source);
    }
}
