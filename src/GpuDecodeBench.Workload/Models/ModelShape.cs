using System.Collections.Immutable;

namespace GpuDecodeBench.Workload.Models;

/// <summary>Everything about a model that decides what its decode step computes and reads. No weights.</summary>
public sealed record ModelShape
{
    /// <summary>The name in the catalogue, or the file's own for a <c>config.json</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The architecture.</summary>
    public required ModelArchitecture Architecture { get; init; }

    /// <summary>The layers, first to last. Layers of one shape share one instance.</summary>
    public required ImmutableArray<LayerShape> Layers { get; init; }

    /// <summary>Elements of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Rows of the embedding and of the LM head.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Whether the LM head is the embedding matrix.</summary>
    public required bool TieEmbeddings { get; init; }

    /// <summary>Epsilon of every RMS norm.</summary>
    /// <remarks>Gemma's norms multiply by <c>1 + weight</c>; here a norm weight is that sum.</remarks>
    public required double RmsNormEpsilon { get; init; }

    /// <summary>A factor on the embedding row (Gemma: √hidden).</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>The LM head's logits pass <c>cap × tanh(logit / cap)</c> (Gemma 2); null where they do not.</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>Which matrices take the weight format where it has fewer than sixteen bits.</summary>
    public QuantizedParts QuantizedParts { get; init; }

    /// <summary>The longest context, in tokens, that the model is made for.</summary>
    public required int MaxContextTokens { get; init; }

    /// <summary>The parameter count that the publisher gives; null where none is known.</summary>
    public long? PublishedParameters { get; init; }

    /// <summary>Where the shape comes from: a page, or the path of a <c>config.json</c>.</summary>
    public required string Source { get; init; }
}
