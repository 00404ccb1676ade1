namespace GpuDecodeBench.Economics.Claims;

/// <summary>An input of a claim as its document has it.</summary>
public sealed record ClaimInput
{
    /// <summary>Its symbol in the claim's formula.</summary>
    public required string Symbol { get; init; }

    /// <summary>What it is.</summary>
    public required string Name { get; init; }

    /// <summary>The document's value.</summary>
    public required double Value { get; init; }

    /// <summary>The unit of <see cref="Value"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>From what the value was inferred, where the document does not state it; null where it does.</summary>
    public string? Inferred { get; init; }

    /// <summary>What it should be; null where no source is known or the document is free to assume.</summary>
    public ClaimCorrection? Correct { get; init; }
}
