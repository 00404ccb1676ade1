using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cuda.Attention;

/// <summary>What one launch of attention has to do.</summary>
/// <param name="Kv">The cache.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="ValueDimension">Elements of a head's result.</param>
/// <param name="Tokens">New tokens, one of each sequence.</param>
/// <param name="LongestSpan">Cached tokens that count for the sequence that has most of them.</param>
internal readonly record struct AttentionProblem(
    KvLayout Kv,
    int Heads,
    int ValueDimension,
    int Tokens,
    int LongestSpan
);
