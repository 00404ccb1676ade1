namespace GpuDecodeBench.Reporting;

/// <summary>One execution of an operation beside the baseline's.</summary>
public sealed record OperationComparisonRow
{
    /// <summary>What this side is called.</summary>
    public required string Against { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>The format of the weights or the cache that it reads; null where it reads neither.</summary>
    public string? Format { get; init; }

    /// <summary>Sequences decoded together.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of context; null where the operation does not depend on it.</summary>
    public int? Context { get; init; }

    /// <summary>Codes of what the baseline's points warn of.</summary>
    public IReadOnlyList<string> BaselineWarnings { get; init; } = [];

    /// <summary>The same of this side.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The baseline's time, in seconds.</summary>
    public required double BaselineSeconds { get; init; }

    /// <summary>This side's time, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Bytes of weights and KV that the baseline reads.</summary>
    public required double BaselineCompulsoryBytes { get; init; }

    /// <summary>Bytes of weights and KV that this side reads.</summary>
    public required double CompulsoryBytes { get; init; }
}
