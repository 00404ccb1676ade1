namespace GpuDecodeBench.Workload.Models;

/// <summary>The attention of one layer. Each kind of attention is a type of its own.</summary>
public abstract record AttentionShape;
