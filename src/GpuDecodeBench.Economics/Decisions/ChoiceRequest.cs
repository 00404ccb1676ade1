using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>What is to be served, on what, and within which limits.</summary>
public sealed record ChoiceRequest
{
    /// <summary>The model.</summary>
    public required ModelShape Model { get; init; }

    /// <summary>The devices to choose from.</summary>
    public required IReadOnlyList<HardwareEntry> Hardware { get; init; }

    /// <summary>The scenario of a device.</summary>
    public required Func<HardwareEntry, Scenario> ScenarioOf { get; init; }

    /// <summary>Weight formats whose quality is accepted.</summary>
    public required IReadOnlyList<WeightFormat> Weights { get; init; }

    /// <summary>The LM head's format; null for what published checkpoints have.</summary>
    public WeightFormat? LmHead { get; init; }

    /// <summary>KV formats whose quality is accepted.</summary>
    public required IReadOnlyList<KvFormat> Kv { get; init; }

    /// <summary>Tokens of context of each sequence.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Numbers of devices that may share each layer.</summary>
    public required IReadOnlyList<int> TensorParallel { get; init; }

    /// <summary>The largest batch to look at.</summary>
    public required int LargestBatch { get; init; }

    /// <summary>The longest time between two tokens of a sequence, in milliseconds; null for no limit.</summary>
    public double? LongestStepMilliseconds { get; init; }

    /// <summary>Whether the limit must hold even where only the lowest credible share of the roofline is reached.</summary>
    public bool LimitHoldsWhenSlow { get; init; }

    /// <summary>The traffic; null to rank by dollars per token alone.</summary>
    public TrafficDemand? Demand { get; init; }
}
