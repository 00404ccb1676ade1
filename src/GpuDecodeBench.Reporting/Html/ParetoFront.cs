using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>The points that no other point beats in both throughput and latency.</summary>
internal static class ParetoFront
{
    /// <summary>The front, the quickest step first.</summary>
    public static PointRecord[] Of(IEnumerable<PointRecord> points)
    {
        List<PointRecord> front = [];
        foreach (
            PointRecord point in points
                .OrderBy(point => point.FullStepSeconds)
                .ThenByDescending(point => point.TokensPerSecond)
        )
        {
            if (front.Count == 0 || point.TokensPerSecond > front[^1].TokensPerSecond)
            {
                front.Add(point);
            }
        }

        return [.. front];
    }
}
