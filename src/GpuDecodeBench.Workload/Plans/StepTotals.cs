namespace GpuDecodeBench.Workload.Plans;

/// <summary>Sums over operations of a step.</summary>
/// <param name="WeightReadBytes">Weights, scales, norms and biases read.</param>
/// <param name="KvReadBytes">KV cache read.</param>
/// <param name="ActivationReadBytes">Activations, token ids, positions and block tables read.</param>
/// <param name="WriteBytes">KV cache and activations written.</param>
/// <param name="LinkBytes">Bytes sent to other devices.</param>
/// <param name="Flops">Floating-point operations.</param>
public sealed record StepTotals(
    long WeightReadBytes,
    long KvReadBytes,
    long ActivationReadBytes,
    long WriteBytes,
    long LinkBytes,
    long Flops
)
{
    /// <summary>All bytes read.</summary>
    public long ReadBytes => WeightReadBytes + KvReadBytes + ActivationReadBytes;

    /// <summary>Bytes that a cold step cannot find in a cache: weights and KV read.</summary>
    public long CompulsoryReadBytes => WeightReadBytes + KvReadBytes;

    /// <summary>The totals of some operations.</summary>
    public static StepTotals Of(IEnumerable<PlanOperation> operations)
    {
        long weights = 0,
            kv = 0,
            activations = 0,
            writes = 0,
            link = 0,
            flops = 0;
        foreach (PlanOperation operation in operations)
        {
            checked
            {
                weights += operation.WeightReadBytes;
                kv += operation.KvReadBytes;
                activations += operation.ActivationReadBytes;
                writes += operation.WriteBytes;
                link += operation.LinkBytes;
                flops += operation.Flops;
            }
        }

        return new StepTotals(weights, kv, activations, writes, link, flops);
    }
}
