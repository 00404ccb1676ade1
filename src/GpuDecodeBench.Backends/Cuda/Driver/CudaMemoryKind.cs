namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>The part that device memory has in a step, by which traffic is told apart.</summary>
internal enum CudaMemoryKind
{
    /// <summary>Codes of weight matrices.</summary>
    WeightCodes,

    /// <summary>What belongs to the codes: scales and zero points.</summary>
    WeightScales,

    /// <summary>Norms, biases and sinks.</summary>
    Vector,

    /// <summary>The paged cache.</summary>
    KvCache,

    /// <summary>What a plan counts as activations: buffers between operations, token ids, lengths, tables.</summary>
    Activations,

    /// <summary>What an implementation alone needs, and no plan counts.</summary>
    Scratch,

    /// <summary>Tables of the kernels themselves.</summary>
    Kernel,
}
