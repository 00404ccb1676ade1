namespace GpuDecodeBench.Workload.Models;

/// <summary>The feed-forward part of one layer. Each kind is a type of its own.</summary>
public abstract record FeedForwardShape;
