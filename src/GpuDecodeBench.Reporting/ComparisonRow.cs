namespace GpuDecodeBench.Reporting;

/// <summary>A point beside its counterpart in the baseline. Ratios are of times, this side over the baseline: above 1 is slower.</summary>
public sealed record ComparisonRow
{
    /// <summary>What this side is called.</summary>
    public required string Against { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The weight format.</summary>
    public required string Weights { get; init; }

    /// <summary>The LM head's format.</summary>
    public required string LmHead { get; init; }

    /// <summary>The KV format.</summary>
    public required string Kv { get; init; }

    /// <summary>Tokens in a block of the KV cache.</summary>
    public required int KvBlockTokens { get; init; }

    /// <summary>Sequences decoded together.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of context of each sequence.</summary>
    public required int Context { get; init; }

    /// <summary>Devices that each layer is split over.</summary>
    public required int TensorParallel { get; init; }

    /// <summary>The formats of the baseline where they are other ones, in words; null where they are the same.</summary>
    public string? BaselineFormats { get; init; }

    /// <summary>Layers measured on both sides; null where they differ.</summary>
    public int? LayersMeasured { get; init; }

    /// <summary>Layers of the whole model.</summary>
    public required int LayersTotal { get; init; }

    /// <summary>The median step over the measured layers in the baseline, in seconds.</summary>
    public required double BaselineStepSeconds { get; init; }

    /// <summary>The same of this side.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>Tokens per second of the whole model in the baseline.</summary>
    public required double BaselineTokensPerSecond { get; init; }

    /// <summary>The same of this side.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Runs of the baseline.</summary>
    public required int BaselineRuns { get; init; }

    /// <summary>Runs of this side.</summary>
    public required int Runs { get; init; }

    /// <summary>Codes of what the baseline's points warn of.</summary>
    public IReadOnlyList<string> BaselineWarnings { get; init; } = [];

    /// <summary>The same of this side.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Independent samples that the baseline's are worth; null where runs were compared.</summary>
    public int? BaselineEffectiveSamples { get; init; }

    /// <summary>Independent samples that this side's are worth; null where runs were compared.</summary>
    public int? EffectiveSamples { get; init; }

    /// <summary>The ratio of the step's times with its 95 % interval; null where there is none.</summary>
    public RatioText? Step { get; init; }

    /// <summary>The ratio of the mean steps of the whole model, of which the rates' ratio is the inverse; null where there is none.</summary>
    public RatioText? MeanStep { get; init; }

    /// <summary>The ratio of the read ceilings; null where one is not known.</summary>
    public double? CeilingRatio { get; init; }

    /// <summary>The ratio of times multiplied by ceilings; null where there is none.</summary>
    public RatioText? AtEqualCeiling { get; init; }

    /// <summary><c>faster</c>, <c>slower</c>, <c>noDifferenceShown</c> or <c>notComparable</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>Codes of why it is no other verdict.</summary>
    public required IReadOnlyList<string> ReasonCodes { get; init; }

    /// <summary>The same in words.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}
