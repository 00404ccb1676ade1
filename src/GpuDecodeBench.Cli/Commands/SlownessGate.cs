using System.Globalization;
using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Reporting;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>
/// Judges a comparison for <c>--fail-if-slower</c>: only what is beyond doubt fails, be it the median step or the mean one, over which
/// tokens per second and costs are. What is in doubt of the mean is said.
/// </summary>
/// <param name="diagnostics">Where the verdict goes.</param>
internal sealed class SlownessGate(TextWriter diagnostics)
{
    /// <summary>Says which points are slower by more than a fraction.</summary>
    /// <param name="result">The comparison.</param>
    /// <param name="fraction">How much slower a point may be.</param>
    /// <returns>The exit code.</returns>
    public int Judge(ComparisonResult result, double fraction)
    {
        string percent = (fraction * 100).ToString(CultureInfo.InvariantCulture);
        if (result.JudgedPoints == 0)
        {
            diagnostics.WriteLine(
                $"gpu-decode-bench: No point could be judged for --fail-if-slower {percent}, because none has steady samples and the interval that decides; the table says why."
            );
            return ExitCodes.BadInput;
        }

        PointComparison[] slower = [.. result.Points.Where(point => point.IsSlowerBeyond(fraction))];
        PointComparison[] rest = [.. result.Points.Except(slower)];
        PointComparison[] meanSlower = [.. rest.Where(point => point.IsMeanSlowerBeyond(fraction))];
        foreach (PointComparison point in slower)
        {
            diagnostics.WriteLine(
                $"gpu-decode-bench: Slower by more than {percent} % beyond doubt: {point.Conditions} in {point.Against} "
                    + $"({RatioText.Change(point.StepRatio!.Ratio)} % of the step's time)."
            );
        }

        foreach (PointComparison point in meanSlower)
        {
            diagnostics.WriteLine(
                $"gpu-decode-bench: Fewer tokens per second, by more than {percent} % of the mean step beyond doubt, though not of the median: {Mean(point)}."
            );
        }

        WarnOf([.. rest.Except(meanSlower).Where(point => point.SeemsMeanSlowerBy(fraction))], percent);

        return slower.Length + meanSlower.Length > 0 ? ExitCodes.Failed : Passed(result, percent);
    }

    private void WarnOf(PointComparison[] inDoubt, string percent)
    {
        if (inDoubt.Length == 0)
        {
            return;
        }

        diagnostics.WriteLine(
            $"Warning: fewer tokens per second, by more than {percent} % of the mean step, though not beyond doubt by every yardstick that decides; measure longer, or more runs a side:"
        );
        foreach (PointComparison point in inDoubt)
        {
            diagnostics.WriteLine($"  {Mean(point)}");
        }
    }

    private int Passed(ComparisonResult result, string percent)
    {
        string judged =
            result.JudgedPoints < result.Points.Count
                ? $"; {result.JudgedPoints} of {result.Points.Count} points could be judged"
                : "";
        diagnostics.WriteLine($"No point is slower by more than {percent} % beyond doubt{judged}.");
        return ExitCodes.Done;
    }

    private static string Mean(PointComparison point)
    {
        RatioInterval mean = point.MeanRatio!;
        string interval = new RatioText(mean.Ratio, mean.Ci95Low, mean.Ci95High).Interval is string ends
            ? $" (95 %: {ends})"
            : "";
        return $"{point.Conditions} in {point.Against}: mean step {RatioText.Change(mean.Ratio)} %{interval}, "
            + $"median {RatioText.Change(point.StepRatio!.Ratio)} %, tokens/s {RatioText.Change(point.TokensPerSecondRatio)} %";
    }
}
