using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics;

/// <summary>A cost, or why there is none.</summary>
public sealed record CostResult
{
    private CostResult(TokenCost? cost, ProvenanceNote? unavailable, IReadOnlyList<string> invalidReasons)
    {
        Cost = cost;
        Unavailable = unavailable;
        InvalidReasons = invalidReasons;
    }

    /// <summary>The cost; null exactly where <see cref="Unavailable"/> says why.</summary>
    public TokenCost? Cost { get; }

    /// <summary>Why there is no cost; null where there is one.</summary>
    public ProvenanceNote? Unavailable { get; }

    /// <summary>What makes the measurement behind the cost unusable; empty where it is valid. A cost with reasons is for inspection only.</summary>
    public IReadOnlyList<string> InvalidReasons { get; }

    /// <summary>Whether the measurement behind it is unusable.</summary>
    public bool IsInvalid => InvalidReasons.Count > 0;

    /// <summary>A cost.</summary>
    /// <param name="cost">The cost.</param>
    /// <param name="invalidReasons">What makes the measurement behind it unusable; null where it is valid.</param>
    public static CostResult Of(TokenCost cost, IReadOnlyList<string>? invalidReasons = null)
    {
        ArgumentNullException.ThrowIfNull(cost);
        return new CostResult(cost, null, invalidReasons ?? []);
    }

    /// <summary>No cost.</summary>
    /// <param name="reason">The reason code.</param>
    /// <param name="detail">The reason in words.</param>
    /// <param name="invalidReasons">What makes the measurement unusable; null where it is valid.</param>
    public static CostResult None(string reason, string? detail, IReadOnlyList<string>? invalidReasons = null) =>
        new(null, ProvenanceNote.Unavailable(reason, detail), invalidReasons ?? []);
}
