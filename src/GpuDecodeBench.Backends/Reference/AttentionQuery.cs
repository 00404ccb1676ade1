namespace GpuDecodeBench.Backends.Reference;

/// <summary>A query head that attends to cached tokens.</summary>
/// <param name="Values">Its elements.</param>
/// <param name="Scoring">How it scores.</param>
internal sealed record AttentionQuery(ReadOnlyMemory<double> Values, AttentionScoring Scoring);
