namespace GpuDecodeBench.Workload.Models;

/// <summary>
/// A gated feed-forward network (arXiv 2002.05202): <c>down(activation(gate(x), up(x)))</c>.
/// </summary>
public sealed record GatedFeedForward : FeedForwardShape
{
    /// <summary>Rows of the gate and of the up projection.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Whether the three projections have biases (Llama with <c>mlp_bias</c>).</summary>
    public bool Bias { get; init; }
}
