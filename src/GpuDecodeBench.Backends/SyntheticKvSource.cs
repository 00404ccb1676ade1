using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends;

/// <summary>The synthetic cache of a seed as a source: what measured steps read.</summary>
/// <param name="plan">The step.</param>
/// <param name="seed">The seed.</param>
internal sealed class SyntheticKvSource(DecodeStepPlan plan, ulong seed) : IKvSource
{
    // A layer's tables (8 KB) are made once, by whichever thread asks first.
    private readonly Lazy<SyntheticKv>[] _layers =
    [
        .. Enumerable
            .Range(0, plan.Layers)
            .Select(layer => new Lazy<SyntheticKv>(() => new SyntheticKv(seed, layer, plan.KvLayoutOf(layer)))),
    ];

    /// <summary>What a layer's heads are made from.</summary>
    public SyntheticKv Of(int layer) => _layers[layer].Value;

    public ushort FillHead(int layer, int sequence, int token, int head, bool isValue, Span<byte> codes) =>
        Of(layer).FillHead(sequence, token, head, isValue, codes);
}
