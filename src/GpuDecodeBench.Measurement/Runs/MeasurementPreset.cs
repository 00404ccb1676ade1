using GpuDecodeBench.Measurement.Sampling;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>How much time a run spends for how much certainty.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Rule">When a point has enough samples.</param>
/// <param name="CeilingSeconds">Time for the ceilings at the start.</param>
/// <param name="WarmupSteps">Steps of each point that are run and not counted.</param>
public sealed record MeasurementPreset(string Name, StoppingRule Rule, double CeilingSeconds, int WarmupSteps)
{
    /// <summary>Time for trying how kernels are best launched, all points together, in seconds; 0 for not trying.</summary>
    public double TuningSeconds { get; init; }

    /// <summary>A look: medians to 1 %, a few seconds a point.</summary>
    public static MeasurementPreset Quick { get; } = new("quick", StoppingRule.Quick, 1.5, 2) { TuningSeconds = 3 };

    /// <summary>A measurement: medians to 0.5 %.</summary>
    public static MeasurementPreset Standard { get; } =
        new("standard", StoppingRule.Standard, 4, 3) { TuningSeconds = 8 };

    /// <summary>A measurement to publish: medians to 0.25 %.</summary>
    public static MeasurementPreset Thorough { get; } =
        new("thorough", StoppingRule.Thorough, 10, 5) { TuningSeconds = 20 };

    /// <summary>All presets.</summary>
    public static IReadOnlyList<MeasurementPreset> All { get; } = [Quick, Standard, Thorough];
}
