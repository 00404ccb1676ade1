namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>A comparison of sides.</summary>
/// <param name="Points">The points that have a counterpart in the baseline.</param>
/// <param name="WithoutCounterpart">The conditions that only one side measured, with its name.</param>
public sealed record ComparisonResult(
    IReadOnlyList<PointComparison> Points,
    IReadOnlyList<(string Side, ComparedConditions Conditions)> WithoutCounterpart
)
{
    /// <summary>Whether any two points could be compared.</summary>
    public bool HasComparablePoints => Points.Any(point => point.Verdict != ComparisonVerdict.NotComparable);

    /// <summary>How many points could be judged; see <see cref="PointComparison.IsJudged"/>.</summary>
    public int JudgedPoints => Points.Count(point => point.IsJudged);
}
