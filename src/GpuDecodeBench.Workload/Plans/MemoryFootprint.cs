namespace GpuDecodeBench.Workload.Plans;

/// <summary>Memory that a device must hold for a step, in bytes.</summary>
/// <param name="WeightBytes">All tensors of the layers that are run, the embedding and the LM head.</param>
/// <param name="KvBytes">The paged cache of those layers, whole blocks; see <see cref="DecodeStepPlan.Memory"/> for layers with a window.</param>
/// <param name="ActivationBytes">One copy of each buffer between operations.</param>
/// <param name="IndexBytes">Token ids, positions and block tables.</param>
public sealed record MemoryFootprint(long WeightBytes, long KvBytes, long ActivationBytes, long IndexBytes)
{
    /// <summary>Everything.</summary>
    public long TotalBytes => WeightBytes + KvBytes + ActivationBytes + IndexBytes;
}
