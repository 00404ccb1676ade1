namespace GpuDecodeBench.Backends.Reference;

/// <summary>What makes attention weights of the products of a query with keys.</summary>
/// <param name="Scale">The factor on a product.</param>
/// <param name="SoftCap">Scores pass <c>cap × tanh(score / cap)</c>; null where they do not.</param>
/// <param name="Sink">One more score in the softmax's denominator, with no value; null where there is none.</param>
public readonly record struct AttentionScoring(double Scale, double? SoftCap = null, double? Sink = null);
