namespace GpuDecodeBench.Workload.Plans;

/// <summary>
/// One operation of a decode step with the bytes that it must read and write, each distinct byte once, and its
/// floating-point operations. What counts as what is written down in docs/method.md.
/// </summary>
public sealed record PlanOperation
{
    /// <summary>The operation's place in the step, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Its name, the same in every layer, for example <c>qkv_proj</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it computes.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>Its layer, from 0; null before the first and after the last layer.</summary>
    public int? Layer { get; init; }

    /// <summary>The buffer that it reads besides its weights.</summary>
    public required StepBuffer Input { get; init; }

    /// <summary>The buffer that it writes; where it equals <see cref="Input"/> the operation works in place.</summary>
    public required StepBuffer Output { get; init; }

    /// <summary>
    /// Elements of a sequence in <see cref="Output"/> that it writes; 0 where it writes the cache.
    /// </summary>
    public required int OutputWidth { get; init; }

    /// <summary>Vectors of a sequence that it treats alike: chosen experts, or heads with a matrix each; else 1.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>What it rotates; null where it is not a <see cref="OperationKind.Rope"/>.</summary>
    public RotarySpan? Rotary { get; init; }

    /// <summary>
    /// Matrices of <see cref="Weight"/> that are read: for experts as many as the batch is expected to touch, or touched where the
    /// plan knows (<see cref="DecodeStepPlan.WithDistinctExperts"/>); null where all of the weight is.
    /// </summary>
    public double? DistinctMatrices { get; init; }

    /// <summary>Its weight matrix or norm vector; null where it has none.</summary>
    public WeightTensor? Weight { get; init; }

    /// <summary>Its second tensor: a bias, or the key norm beside the query norm; null where it has none.</summary>
    public WeightTensor? SecondWeight { get; init; }

    /// <summary>Bytes of weights, scales, norms and biases read.</summary>
    public long WeightReadBytes { get; init; }

    /// <summary>Bytes of the KV cache read, scales included.</summary>
    public long KvReadBytes { get; init; }

    /// <summary>Bytes of activations, token ids, positions and block tables read.</summary>
    public long ActivationReadBytes { get; init; }

    /// <summary>Bytes of the KV cache written.</summary>
    public long KvWriteBytes { get; init; }

    /// <summary>Bytes of activations and token ids written.</summary>
    public long ActivationWriteBytes { get; init; }

    /// <summary>Bytes that this device sends to others of its tensor-parallel group.</summary>
    public long LinkBytes { get; init; }

    /// <summary>Floating-point operations; a multiply-add is two.</summary>
    public long Flops { get; init; }

    /// <summary>Whether it changes its output's values rather than writing new ones.</summary>
    public bool IsInPlace => Input == Output || Kind == OperationKind.Residual;

    /// <summary>All bytes read.</summary>
    public long ReadBytes => WeightReadBytes + KvReadBytes + ActivationReadBytes;

    /// <summary>All bytes written.</summary>
    public long WriteBytes => KvWriteBytes + ActivationWriteBytes;

    /// <summary>
    /// Bytes that a cold step cannot find in any cache: weights and KV read. The roofline and the bandwidth figures rest on
    /// these, so that activations which stay in a cache flatter nobody.
    /// </summary>
    public long CompulsoryReadBytes => WeightReadBytes + KvReadBytes;
}
