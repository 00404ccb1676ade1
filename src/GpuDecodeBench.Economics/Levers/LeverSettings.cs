using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>What levers are pulled with besides the scenario's assumptions.</summary>
public sealed record LeverSettings
{
    /// <summary>The longest time between two tokens of a sequence that the batch lever may lead to, in seconds; null for no limit.</summary>
    public double? MaxSecondsPerToken { get; init; }

    /// <summary>The model that drafts, whose bytes are planned; null where a share of the model's own time and memory is assumed.</summary>
    public ModelShape? DraftModel { get; init; }

    /// <summary>The model that takes a part of the traffic; null where a share of the model's own cost is assumed.</summary>
    public ModelShape? SmallModel { get; init; }
}
