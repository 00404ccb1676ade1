using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Whether the rate at the end of a load is that of its beginning; measured, whatever sensors say.</summary>
internal sealed class LoadSteadyCheck()
    : DoctorCheck(
        "load-steady",
        "it keeps its speed under load",
        DoctorTargets.All,
        DoctorProbes.Load,
        restsOnTime: true
    )
{
    private const int FewestBatches = 12;
    private const double GpuWarn = 0.05;
    private const double GpuFail = 0.15;

    /// <summary>Shared hosts vary by themselves.</summary>
    private const double CpuWarn = 0.10;
    private const double CpuFail = 0.30;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        LoadObservation[] phases = [.. (facts.Load ?? []).Where(phase => phase.Batches.Count >= FewestBatches)];
        if (phases.Length == 0)
        {
            return Skip("tooFewSamples", "the load was too short to compare its beginning and end");
        }

        (LoadObservation worst, double loss) = phases.Select(phase => (phase, Loss(phase))).MaxBy(pair => pair.Item2);
        (double warn, double fail) = facts.Device.IsHost ? (CpuWarn, CpuFail) : (GpuWarn, GpuFail);
        string words = DoctorText.Text(
            $"{DoctorText.List([.. phases.Select(phase => $"{Name(phase)} {Change(-Loss(phase))}")])} from the first quarter to the last of {phases.Max(phase => phase.Batches[^1].StartSeconds):0} s each"
        );
        string expected = $"no more than {DoctorText.Percent(warn)} lost";
        const string Source = "the same work takes the same time";
        string advice =
            $"{Name(worst)} slows down as the device warms up or meets a limit: see throttling, temperature and power-limit; on a shared host also contention.";
        if (loss <= warn && -phases.Min(Loss) > fail)
        {
            return Warn(
                words,
                expected,
                Source,
                "It became much faster meanwhile: something else held it back at first, so figures of the first seconds are too low."
            );
        }

        return loss > fail ? Fail(words, expected, Source, advice)
            : loss > warn ? Warn(words, expected, Source, advice)
            : Pass(words, expected, Source);
    }

    private static string Change(double share) => DoctorText.Text($"{share * 100:+0.0;-0.0;0.0} %");

    private static string Name(LoadObservation phase) =>
        phase.Kind == Backends.Diagnostics.LoadKind.Memory ? "reading" : "computing";

    /// <summary>The share of its rate that a phase loses from its first quarter to its last; the very first batch does not count.</summary>
    private static double Loss(LoadObservation phase)
    {
        double[] rates = [.. phase.Batches.Skip(1).Select(batch => batch.PerSecond)];
        int quarter = rates.Length / 4;
        double first = OrderStatistics.MedianOf(rates.Take(quarter));
        double last = OrderStatistics.MedianOf(rates.TakeLast(quarter));
        return 1 - (last / first);
    }
}
