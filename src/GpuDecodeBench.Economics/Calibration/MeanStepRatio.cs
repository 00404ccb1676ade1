using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>
/// How far the mean step lies above the median in the points of a calibration. A calibration predicts the median step; tokens per second and
/// costs are over the mean one, since slow steps are paid for, too, and what slowed the measured points is taken to slow a predicted one as much.
/// </summary>
/// <param name="Ratio">The mean step over the median one: the mean of the points' ratios.</param>
/// <param name="Fraction">How far nine in ten of the points' ratios lie from it at most, a fraction of it.</param>
public sealed record MeanStepRatio(double Ratio, double Fraction)
{
    internal static MeanStepRatio Of(IReadOnlyList<CalibrationPoint> points)
    {
        double[] ratios = [.. points.Select(point => point.Point.StepSeconds.MeanOverMedian())];
        double mean = ratios.Average();
        double[] distances = [.. ratios.Select(ratio => Math.Abs((ratio / mean) - 1)).Order()];
        return new MeanStepRatio(
            mean,
            distances[(int)Math.Ceiling(CalibrationErrors.TypicalShare * distances.Length) - 1]
        );
    }
}
