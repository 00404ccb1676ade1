namespace GpuDecodeBench.Workload.Models;

/// <summary>One decoder layer: attention and feed-forward, each behind a pre-norm and a residual.</summary>
/// <param name="Attention">The layer's attention.</param>
/// <param name="FeedForward">The layer's feed-forward part.</param>
public sealed record LayerShape(AttentionShape Attention, FeedForwardShape FeedForward);
