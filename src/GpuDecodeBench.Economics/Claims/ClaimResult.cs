using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>What the audit found of one claim.</summary>
public sealed record ClaimResult
{
    /// <summary>The claim.</summary>
    public required Claim Claim { get; init; }

    /// <summary>The verdict.</summary>
    public required ClaimVerdict Verdict { get; init; }

    /// <summary>What led to the verdict first, then what else was found, each a sentence.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The figure on the document's own inputs, in the claim's unit; null where there is no formula.</summary>
    public double? OwnValue { get; init; }

    /// <summary>The figure on correct inputs, in the claim's unit; null where there is no formula.</summary>
    public double? CorrectValue { get; init; }

    /// <summary>The unit factor that separates <see cref="OwnValue"/> from the figure; null where none does or none is needed.</summary>
    public UnitFactor? Factor { get; init; }

    /// <summary>The inputs that are not what their sources say.</summary>
    public IReadOnlyList<WrongInput> WrongInputs { get; init; } = [];

    /// <summary>The claims that it contradicts.</summary>
    public IReadOnlyList<ClaimContradiction> Contradictions { get; init; } = [];

    /// <summary>The derivation on the document's own inputs; empty where there is no formula.</summary>
    public IReadOnlyList<DerivationLine> OwnDerivation { get; init; } = [];

    /// <summary>The derivation on correct inputs; empty where there is no formula.</summary>
    public IReadOnlyList<DerivationLine> CorrectDerivation { get; init; } = [];

    /// <summary>The own value over the claimed one.</summary>
    public double? OwnRatio => OwnValue is double value ? Claim.RatioOf(value) : null;

    /// <summary>The correct value over the claimed one.</summary>
    public double? CorrectRatio => CorrectValue is double value ? Claim.RatioOf(value) : null;
}
