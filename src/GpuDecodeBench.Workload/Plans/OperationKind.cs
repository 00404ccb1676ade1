namespace GpuDecodeBench.Workload.Plans;

/// <summary>What an operation of a decode step computes.</summary>
public enum OperationKind
{
    /// <summary>Gathers one embedding row per sequence.</summary>
    Embedding,

    /// <summary>
    /// RMS norm, <c>x / sqrt(mean(x²) + ε) × weight</c>, of the input row's first <see cref="PlanOperation.OutputWidth"/> elements.
    /// </summary>
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

    /// <summary>
    /// Joins gate and up halves by the layer's <see cref="Models.GatedActivationKind"/>, for each of
    /// <see cref="PlanOperation.Slots"/> vectors of a sequence.
    /// </summary>
    GatedActivation,

    /// <summary>The index of the largest logit of each sequence.</summary>
    Argmax,

    /// <summary>Sums partial results over the devices of a tensor-parallel group.</summary>
    AllReduce,

    /// <summary>
    /// Multi-head latent attention: RMS norm of the compressed keys and values, in place inside the latent row: the elements
    /// before the last <c>rotated</c> ones.
    /// </summary>
    LatentNorm,

    /// <summary>
    /// A matrix product for each head, <c>y_h = W_h x_h</c>, where <c>x_h</c> are the first elements of the input's head; elements
    /// of the input's head that the matrix does not take are copied behind the product.
    /// </summary>
    HeadLinear,

    /// <summary>
    /// Chooses experts: writes the chosen experts' numbers, best first, and then their weights in the same order. Of equal scores
    /// the lower number wins.
    /// </summary>
    Route,

    /// <summary>
    /// A matrix product with each chosen expert's matrix: a row of hidden size for all of them, or one vector a slot, in; one
    /// vector a slot out, in the order of the routing.
    /// </summary>
    ExpertLinear,

    /// <summary>The sum of the chosen experts' outputs by the routing's weights, and of the shared expert's where there is one.</summary>
    ExpertCombine,

    /// <summary><c>cap × tanh(x / cap)</c>, in place.</summary>
    SoftCap,
}
