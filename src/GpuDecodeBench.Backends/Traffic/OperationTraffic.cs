using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Traffic;

/// <summary>
/// What the kernels of one operation read and wrote, counted byte by byte: a byte that several threads or several of the
/// operation's kernels touch is one distinct byte.
/// </summary>
public sealed record OperationTraffic
{
    /// <summary>The largest share of the plan's bytes by which weights and KV read may differ, beside what the layout adds and saves.</summary>
    public const double Tolerance = 0.005;

    /// <summary>The operation, with the weights that the step's own tokens and experts need.</summary>
    public required PlanOperation Operation { get; init; }

    /// <summary>Distinct bytes of weights, scales, norms and biases read.</summary>
    public long WeightReadBytes { get; init; }

    /// <summary>Distinct bytes of the KV cache read. Scales that a layer has once reach kernels as arguments and count here.</summary>
    public long KvReadBytes { get; init; }

    /// <summary>Other distinct bytes read that plans count: activations, token ids, tables and lists.</summary>
    public long OtherReadBytes { get; init; }

    /// <summary>Distinct bytes read of what an implementation alone needs: parts of sums, copies, kernels' own tables.</summary>
    public long ScratchReadBytes { get; init; }

    /// <summary>Distinct bytes of the KV cache written.</summary>
    public long KvWriteBytes { get; init; }

    /// <summary>Distinct bytes of activations, token ids and lists written.</summary>
    public long ActivationWriteBytes { get; init; }

    /// <summary>Distinct bytes written of what an implementation alone needs.</summary>
    public long ScratchWriteBytes { get; init; }

    /// <summary>Distinct bytes of weights written, which must not be any.</summary>
    public long WeightWriteBytes { get; init; }

    /// <summary>
    /// Bytes beyond the plan's that the layout has where loads of 16 bytes meet the end of a row of weights or keys, the rest of a
    /// tile of rows, or the end of a span of tokens; of weights and KV together.
    /// </summary>
    public long PaddingBytes { get; init; }

    /// <summary>
    /// Bytes of the plan's that the layout does without: two rows of int4 share a byte of zero points where a row has an odd number of them.
    /// </summary>
    public long SavedBytes { get; init; }

    /// <summary>Loads of codes of weights.</summary>
    public LoadTraffic CodeLoads { get; init; }

    /// <summary>Loads of codes, scales and zero points of weights.</summary>
    public LoadTraffic WeightLoads { get; init; }

    /// <summary>Loads from the KV cache.</summary>
    public LoadTraffic KvLoads { get; init; }

    /// <summary>Accesses of single threads to local memory: registers that did not suffice.</summary>
    public long LocalAccesses { get; init; }

    /// <summary>Passes over shared memory that conflicts of banks cost.</summary>
    public long SharedBankConflicts { get; init; }

    /// <summary>Instructions of all threads.</summary>
    public long ThreadInstructions { get; init; }

    /// <summary>Kernels launched.</summary>
    public int Launches { get; init; }

    /// <summary>Weights and KV read, which the roofline rests on.</summary>
    public long CompulsoryReadBytes => WeightReadBytes + KvReadBytes;

    /// <summary>What was read of weights and KV beyond the plan's, as a share of it; null where the plan has none.</summary>
    public double? Difference =>
        Operation.CompulsoryReadBytes == 0
            ? null
            : (double)(CompulsoryReadBytes - Operation.CompulsoryReadBytes) / Operation.CompulsoryReadBytes;

    /// <summary>
    /// Whether weights and KV read are the plan's, within <see cref="Tolerance"/>, <see cref="PaddingBytes"/> and <see cref="SavedBytes"/>.
    /// </summary>
    public bool AgreesWithPlan
    {
        get
        {
            double planned = Operation.CompulsoryReadBytes;
            double slack = Tolerance * planned;
            return CompulsoryReadBytes >= planned - slack - SavedBytes
                && CompulsoryReadBytes <= planned + slack + PaddingBytes;
        }
    }
}
