using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>What a step needs besides the weights: buffers between operations, the paged cache, tables.</summary>
internal sealed class CpuStepMemory(DecodeStepPlan plan, int threads) : IDisposable
{
    private readonly Dictionary<StepBuffer, CpuBuffer> _buffers = [];
    private readonly Dictionary<int, RotaryTable> _rotaryTables = [];
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

    public RotaryTable Rotary(GroupedQueryAttention attention) => _rotaryTables[attention.HeadDimension];

    public AttentionSplit Split(GroupedQueryAttention attention) => _splits[attention];

    public void Allocate(CpuTeam team, ulong seed, StepInputs inputs, CancellationToken cancellation)
    {
        Slots = new KvSlots(plan, seed);
        Tokens = [.. inputs.Tokens];
        foreach (StepBuffer buffer in Enum.GetValues<StepBuffer>())
        {
            long elements = plan.BufferElements(buffer);
            if (elements > 0)
            {
                _buffers.Add(buffer, new CpuBuffer(buffer, plan.Conditions.Batch, elements / plan.Conditions.Batch));
            }
        }

        int[] positions = [.. plan.Conditions.ContextTokens.Select(context => context - 1)];
        for (int layer = 0; layer < plan.Layers; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            var attention = (GroupedQueryAttention)plan.Model.Layers[layer].Attention;
            _caches.Add(KvCacheLoader.Load(team, seed, plan, layer, Slots, inputs.Kv, cancellation));
            if (!_rotaryTables.ContainsKey(attention.HeadDimension))
            {
                _rotaryTables.Add(
                    attention.HeadDimension,
                    new RotaryTable(plan.Model.Rope, attention.HeadDimension, positions)
                );
            }

            if (!_splits.ContainsKey(attention))
            {
                _splits.Add(attention, new AttentionSplit(plan, attention, _caches[layer], threads));
            }
        }
    }

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
