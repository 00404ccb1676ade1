using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>One change of what is priced. Levers of the same kind exclude each other.</summary>
/// <param name="Kind">What it changes.</param>
/// <param name="Id">Its name for programs, for example <c>weights-int4</c>.</param>
/// <param name="Name">Its name for people.</param>
public sealed record Lever(LeverKind Kind, string Id, string Name)
{
    /// <summary>The weight format that it leads to; null for other kinds.</summary>
    public WeightFormat? Weights { get; init; }

    /// <summary>The cache format that it leads to; null for other kinds.</summary>
    public KvFormat? Kv { get; init; }

    /// <summary>The device that it leads to; null for other kinds.</summary>
    public HardwareEntry? Hardware { get; init; }
}
