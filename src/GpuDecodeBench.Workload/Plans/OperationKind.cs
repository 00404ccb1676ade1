namespace GpuDecodeBench.Workload.Plans;

/// <summary>What an operation of a decode step computes.</summary>
public enum OperationKind
{
    /// <summary>Gathers one embedding row per sequence.</summary>
    Embedding,

    /// <summary>RMS norm over the hidden size: <c>x / sqrt(mean(x²) + ε) × weight</c>.</summary>
    RmsNorm,

    /// <summary>A matrix product with a weight matrix, <c>y = W x (+ bias)</c>, for every sequence.</summary>
    Linear,

    /// <summary>RMS norm over each head of the queries and keys, in place.</summary>
    HeadNorm,

    /// <summary>Rotary position embedding of queries and keys, in place.</summary>
    Rope,

    /// <summary>Stores the new token's keys and values in the paged cache.</summary>
    KvAppend,

    /// <summary>Attention of the new token over the paged cache.</summary>
    Attention,

    /// <summary>Adds a layer part's output to the residual stream, in place.</summary>
    Residual,

    /// <summary><c>silu(gate) × up</c>.</summary>
    GatedActivation,

    /// <summary>The index of the largest logit of each sequence.</summary>
    Argmax,

    /// <summary>Sums partial results over the devices of a tensor-parallel group.</summary>
    AllReduce,
}
