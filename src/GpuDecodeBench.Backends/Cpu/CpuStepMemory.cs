using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>What a step needs besides the weights: buffers between operations, the paged cache, tables.</summary>
internal sealed class CpuStepMemory(DecodeStepPlan plan, int threads) : IDisposable
{
    private readonly Dictionary<StepBuffer, CpuBuffer> _buffers = [];
    private readonly Dictionary<(RopeShape Rope, int Dimension), RotaryTable> _rotaryTables = [];
    private readonly Dictionary<GroupedQueryAttention, AttentionSplit> _splits = [];
    private readonly List<PagedKvCache> _caches = [];

    public DecodeStepPlan Plan => plan;

    public KvSlots Slots { get; private set; } = null!;

    public int[] Tokens { get; private set; } = [];

    public int[] NextTokens { get; } = new int[plan.Conditions.Batch];

    public long AllocatedBytes =>
        _buffers.Values.Sum(buffer => buffer.AllocatedBytes)
        + _rotaryTables.Values.Sum(table => table.AllocatedBytes)
        + _splits.Values.Sum(split => split.AllocatedBytes)
        + _caches.Sum(cache => cache.AllocatedBytes);

    public CpuBuffer Buffer(StepBuffer buffer) => _buffers[buffer];

    public PagedKvCache Cache(int layer) => _caches[layer];

    public RotaryTable Rotary(AttentionShape attention) => _rotaryTables[RotaryKey(attention)];

    public AttentionSplit Split(GroupedQueryAttention attention) => _splits[attention];

    public void Allocate(CpuTeam team, ulong seed, CancellationToken cancellation)
    {
        Slots = new KvSlots(plan, seed);
        Tokens = SyntheticInputs.Tokens(seed, plan);
        foreach (StepBuffer buffer in Enum.GetValues<StepBuffer>())
        {
            long elements = plan.BufferElements(buffer);
            if (elements > 0)
            {
                _buffers.Add(buffer, new CpuBuffer(buffer, plan.Conditions.Batch, elements / plan.Conditions.Batch));
            }
        }

        for (int layer = 0; layer < plan.Layers; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            var attention = (GroupedQueryAttention)plan.Model.Layers[layer].Attention;
            _caches.Add(KvCacheLoader.Load(team, seed, plan, layer, Slots, cancellation));
            (RopeShape Rope, int Dimension) key = RotaryKey(attention);
            if (!_rotaryTables.ContainsKey(key))
            {
                _rotaryTables.Add(key, new RotaryTable(key.Rope, key.Dimension, plan.Conditions.ContextTokens));
            }

            if (!_splits.ContainsKey(attention))
            {
                _splits.Add(attention, new AttentionSplit(plan, attention, _caches[layer], threads));
            }
        }
    }

    /// <summary>Heads whose rotated parts are alike in size and frequencies share a table.</summary>
    private static (RopeShape Rope, int Dimension) RotaryKey(AttentionShape attention) =>
        attention switch
        {
            GroupedQueryAttention grouped => (grouped.Rope, grouped.HeadDimension),
            MultiHeadLatentAttention latent => (latent.Rope, latent.RotatedDimension),
            _ => throw new NotSupportedException($"The CPU backend cannot rotate {attention.GetType().Name}."),
        };

    public void Dispose()
    {
        foreach (
            IDisposable part in _buffers
                .Values.Cast<IDisposable>()
                .Concat(_rotaryTables.Values)
                .Concat(_splits.Values)
                .Concat(_caches)
        )
        {
            part.Dispose();
        }
    }
}
