using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>What becomes of a cost when some levers are pulled together, or why they cannot be.</summary>
public sealed record LeverOutcome
{
    /// <summary>The levers, in the order in which they take effect; none for the base.</summary>
    public required IReadOnlyList<Lever> Levers { get; init; }

    /// <summary>What each lever changes, in words, for example <c>batch 64 → 212</c>; empty where the levers cannot be pulled.</summary>
    public required IReadOnlyDictionary<LeverKind, string> Changes { get; init; }

    /// <summary>The conditions of the cost; null where there is none.</summary>
    public CostConditions? Conditions { get; init; }

    /// <summary>Dollars of a million output tokens with their input; unavailable where the levers cannot be pulled.</summary>
    public required Figure UsdPerMillion { get; init; }

    /// <summary>Dollars of a million output tokens alone; null where there is no cost.</summary>
    public double? OutputUsdPerMillion { get; init; }

    /// <summary>Dollars of a million input tokens alone; null where they cannot be priced.</summary>
    public double? InputUsdPerMillion { get; init; }

    /// <summary>The mean time between tokens of a sequence, in seconds; null where there is no cost.</summary>
    public double? SecondsPerToken { get; init; }

    /// <summary>Everything computed; null where there is no cost.</summary>
    public Evaluation? Evaluation { get; init; }

    /// <summary>The lowest cost over the ranges of the lever's own parameters; null where they have none or were not varied.</summary>
    public double? LowUsdPerMillion { get; init; }

    /// <summary>The highest cost over the ranges of the lever's own parameters; null where they have none or were not varied.</summary>
    public double? HighUsdPerMillion { get; init; }

    /// <summary>Why there is no cost, in words; null where there is one.</summary>
    public string? Problem => UsdPerMillion.Value is null ? UsdPerMillion.Provenance.Detail : null;

    /// <summary>The share of another cost that is saved; negative where it costs more, null where either is not known.</summary>
    /// <param name="usdPerMillion">The other cost.</param>
    public double? SavingOf(double? usdPerMillion) => 1 - (UsdPerMillion.Value / usdPerMillion);
}
