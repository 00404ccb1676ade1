using System.Collections.Immutable;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>The time that a calibration gives a step.</summary>
/// <param name="Operations">The operations, in the step's order.</param>
/// <param name="GapSeconds">What the gaps between operations add, in seconds; negative where operations together are faster than alone.</param>
public sealed record CalibratedStep(ImmutableArray<CalibratedOperation> Operations, double GapSeconds)
{
    /// <summary>The step's time, in seconds.</summary>
    public double Seconds => Operations.Sum(operation => operation.Seconds) + GapSeconds;

    /// <summary>How far the step may be off because intensities lie between or beyond those measured, a fraction of its time.</summary>
    public double BandFraction => Operations.Sum(operation => operation.HalfWidthSeconds) / Seconds;
}
