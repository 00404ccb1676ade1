using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>The highest temperature of a load against a threshold that the device tells.</summary>
/// <param name="id">The check's name.</param>
/// <param name="title">What it checks.</param>
/// <param name="targets">The devices that it is for.</param>
/// <param name="quantity">The temperature.</param>
/// <param name="source">What the threshold is.</param>
internal abstract class HighestTemperatureCheck(
    string id,
    string title,
    DoctorTargets targets,
    TelemetryQuantity quantity,
    string source
) : DoctorCheck(id, title, targets, DoctorProbes.Load, restsOnTime: true)
{
    /// <summary>So near the threshold, a longer load or a warmer room reaches it.</summary>
    private const double Margin = 5;

    /// <summary>The temperature in a sample.</summary>
    protected abstract double? Of(TelemetrySample sample);

    /// <summary>The threshold.</summary>
    protected abstract Reading<double> Threshold(ThermalState state);

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.State is null)
        {
            return SkipTelemetry(facts);
        }

        if ((facts.Load ?? []).SelectMany(phase => phase.Samples).Max(Of) is not double celsius)
        {
            return Skip(facts, quantity);
        }

        string words = DoctorText.Text($"{celsius:0} °C at most");
        Reading<double> threshold = Threshold(facts.State.Thermal);
        if (!threshold.TryGet(out double limit))
        {
            return Skip(threshold.ReasonCode, threshold.Detail ?? "its threshold is not told", words);
        }

        Verdict verdict =
            celsius >= limit ? Verdict.Fail
            : celsius >= limit - Margin ? Verdict.Warn
            : Verdict.Pass;
        return Result(
            verdict,
            words,
            DoctorText.Text($"under {limit - Margin:0} °C (threshold {limit:0} °C)"),
            source,
            "The cooling of this machine is at its limit: a long run will be throttled. Take another, or say so beside every figure."
        );
    }
}
