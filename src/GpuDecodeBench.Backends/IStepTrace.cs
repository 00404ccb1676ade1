using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends;

/// <summary>Sees what each operation of a step produced.</summary>
public interface IStepTrace
{
    /// <summary>An operation that writes a buffer is done.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="values">Its output, sequence by sequence without padding; token ids as numbers.</param>
    void OnOutput(PlanOperation operation, ReadOnlySpan<float> values);

    /// <summary>One head of a new token's key or value was stored in the cache.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sequence">The sequence in the batch.</param>
    /// <param name="head">The KV head.</param>
    /// <param name="isValue">Whether it is the value, not the key.</param>
    /// <param name="codes">The stored codes in canonical order, as docs/formats.md gives them.</param>
    /// <param name="scaleBits">The bits of its FP16 scale for int8, else 0.</param>
    void OnKvAppended(
        PlanOperation operation,
        int sequence,
        int head,
        bool isValue,
        ReadOnlySpan<byte> codes,
        ushort scaleBits
    );
}
