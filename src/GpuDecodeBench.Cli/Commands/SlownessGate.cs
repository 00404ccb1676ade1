using System.Globalization;
using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Reporting;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>Judges a comparison for <c>--fail-if-slower</c>: only what is beyond doubt fails.</summary>
/// <param name="diagnostics">Where the verdict goes.</param>
internal sealed class SlownessGate(TextWriter diagnostics)
{
    /// <summary>Says which points are slower by more than a fraction.</summary>
    /// <param name="result">The comparison.</param>
    /// <param name="fraction">How much slower a point may be.</param>
    /// <returns>The exit code.</returns>
    public int Judge(ComparisonResult result, double fraction)
    {
        PointComparison[] slower = [.. result.Points.Where(point => point.IsSlowerBeyond(fraction))];
        string percent = (fraction * 100).ToString(CultureInfo.InvariantCulture);
        if (result.JudgedPoints == 0)
        {
            diagnostics.WriteLine(
                $"gpu-decode-bench: No point could be judged for --fail-if-slower {percent}, because none has steady samples and the interval that decides; the table says why."
            );
            return ExitCodes.BadInput;
        }

        if (slower.Length == 0)
        {
            string judged =
                result.JudgedPoints < result.Points.Count
                    ? $"; {result.JudgedPoints} of {result.Points.Count} points could be judged"
                    : "";
            diagnostics.WriteLine($"No point is slower by more than {percent} % beyond doubt{judged}.");
            return ExitCodes.Done;
        }

        foreach (PointComparison point in slower)
        {
            diagnostics.WriteLine(
                $"gpu-decode-bench: Slower by more than {percent} % beyond doubt: {point.Conditions} in {point.Against} "
                    + $"({RatioText.Change(point.StepRatio!.Ratio)} % of the step's time)."
            );
        }

        return ExitCodes.Failed;
    }
}
