namespace GpuDecodeBench.Workload.Models;

/// <summary>One decoder layer: attention and feed-forward, each behind a pre-norm and a residual.</summary>
/// <param name="Attention">The layer's attention.</param>
/// <param name="FeedForward">The layer's feed-forward part.</param>
public sealed record LayerShape(AttentionShape Attention, FeedForwardShape FeedForward)
{
    /// <summary>Whether each part's output passes an RMS norm before it is added to the residual stream (Gemma 2 and 3).</summary>
    public bool PostNorms { get; init; }
}
