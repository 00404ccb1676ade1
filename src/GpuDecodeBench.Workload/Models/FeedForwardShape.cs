namespace GpuDecodeBench.Workload.Models;

/// <summary>The feed-forward part of one layer. Each kind is a type of its own.</summary>
public abstract record FeedForwardShape
{
    /// <summary>What joins the gate and the up half.</summary>
    public GatedActivationKind Activation { get; init; }
}
