using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>The distribution of a step's time over a point's samples, in seconds.</summary>
public sealed record StepStatistics
{
    /// <summary>The median, in seconds.</summary>
    public required double Median { get; init; }

    /// <summary>The arithmetic mean, in seconds.</summary>
    public required double Mean { get; init; }

    /// <summary>The 5th percentile, in seconds.</summary>
    public required double P5 { get; init; }

    /// <summary>The 95th percentile, in seconds.</summary>
    public required double P95 { get; init; }

    /// <summary>The 99th percentile, in seconds.</summary>
    public required double P99 { get; init; }

    /// <summary>The sample standard deviation (n − 1), in seconds; null for a single sample.</summary>
    public double? StdDev { get; init; }

    /// <summary>The lower end of the median's 95 % confidence interval, in seconds; null where the samples are too few for one.</summary>
    public double? Ci95Low { get; init; }

    /// <summary>The upper end of the median's 95 % confidence interval, in seconds; null where the samples are too few for one.</summary>
    public double? Ci95High { get; init; }

    /// <summary>Samples taken.</summary>
    public required int Count { get; init; }

    /// <summary>Why sampling stopped: <c>converged</c>, <c>timeLimit</c> or <c>interrupted</c>.</summary>
    public required string StopReason { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
