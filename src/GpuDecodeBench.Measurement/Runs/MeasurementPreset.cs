using GpuDecodeBench.Measurement.Sampling;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>How much time a run spends for how much certainty.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Rule">When a point has enough samples.</param>
/// <param name="CeilingSeconds">Time for the ceilings at the start.</param>
/// <param name="WarmupSteps">Steps of each point that are run and not counted.</param>
public sealed record MeasurementPreset(string Name, StoppingRule Rule, double CeilingSeconds, int WarmupSteps)
{
    /// <summary>
    /// Time for trying how kernels are best launched, in seconds, all points together where they are <see cref="PointsOfTuning"/> or fewer;
    /// each point more adds its share. 0 for not trying.
    /// </summary>
    public double TuningSeconds { get; init; }

    /// <summary>How long the counted part of a point's load for energy takes, each trial, in seconds; 0 for none.</summary>
    public double EnergySeconds { get; init; }

    /// <summary>How often a point's energy is measured.</summary>
    public int EnergyTrials { get; init; } = 1;

    /// <summary>How long the device is left idle before the run, to see what it takes then, in seconds; 0 for not at all.</summary>
    public double IdleSeconds { get; init; }

    /// <summary>Whether the power sensor's behaviour is measured, instead of taken from what is known of it.</summary>
    public bool MeasuresSensor { get; init; }

    /// <summary>Points that <see cref="TuningSeconds"/> are for: a batch more has shapes of its own.</summary>
    public const int PointsOfTuning = 3;

    /// <summary>Time for trying how kernels are best launched, in seconds.</summary>
    /// <param name="points">Points of the run.</param>
    public double TuningSecondsFor(int points) => TuningSeconds * Math.Max(1, (double)points / PointsOfTuning);

    /// <summary>A look: medians to 1 %, a few seconds a point.</summary>
    public static MeasurementPreset Quick { get; } =
        new("quick", StoppingRule.Quick, 1.5, 2)
        {
            TuningSeconds = 3,
            EnergySeconds = 1.5,
            IdleSeconds = 1.5,
        };

    /// <summary>A measurement: medians to 0.5 %.</summary>
    public static MeasurementPreset Standard { get; } =
        new("standard", StoppingRule.Standard, 4, 3)
        {
            TuningSeconds = 8,
            EnergySeconds = 5,
            IdleSeconds = 4,
        };

    /// <summary>A measurement to publish: medians to 0.25 %.</summary>
    public static MeasurementPreset Thorough { get; } =
        new("thorough", StoppingRule.Thorough, 10, 5)
        {
            TuningSeconds = 20,
            EnergySeconds = 10,
            EnergyTrials = 3,
            IdleSeconds = 6,
            MeasuresSensor = true,
        };

    /// <summary>All presets.</summary>
    public static IReadOnlyList<MeasurementPreset> All { get; } = [Quick, Standard, Thorough];
}
