using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>What a step needs besides the weights: buffers between operations, the paged cache, tables.</summary>
internal sealed class CpuStepMemory(DecodeStepPlan plan, int threads) : IDisposable
{
    private readonly Dictionary<StepBuffer, CpuBuffer> _buffers = [];
    private readonly Dictionary<(RopeShape Rope, int Dimension), RotaryTable> _rotaryTables = [];
    private readonly Dictionary<AttentionShape, AttentionSplit> _splits = [];
    private readonly List<PagedKvCache> _caches = [];
    private readonly Dictionary<long, CpuBuffer[]> _headRows = [];
    private CpuBuffer? _gathered;

    public DecodeStepPlan Plan => plan;

    public KvSlots Slots { get; private set; } = null!;

    public int[] Tokens { get; private set; } = [];

    public int[] NextTokens { get; } = new int[plan.Conditions.Batch];

    public long AllocatedBytes =>
        _buffers.Values.Sum(buffer => buffer.AllocatedBytes)
        + _rotaryTables.Values.Sum(table => table.AllocatedBytes)
        + _splits.Values.Sum(split => split.AllocatedBytes)
        + _caches.Sum(cache => cache.AllocatedBytes)
        + _headRows.Values.SelectMany(rows => rows).Sum(buffer => buffer.AllocatedBytes)
        + (_gathered?.AllocatedBytes ?? 0);

    public CpuBuffer Buffer(StepBuffer buffer) => _buffers[buffer];

    public PagedKvCache Cache(int layer) => _caches[layer];

    public RotaryTable Rotary(AttentionShape attention) => _rotaryTables[RotaryRow.KeyOf(attention)];

    public AttentionSplit Split(AttentionShape attention) => _splits[attention];

    /// <summary>Which token went to which expert; null where the model has no experts.</summary>
    public ExpertAssignment? Experts { get; private set; }

    /// <summary>Room for each token's input to an expert, in the order of the assignment.</summary>
    public CpuBuffer Gathered => _gathered!;

    /// <summary>For each worker a head's input of so many columns for the whole batch.</summary>
    public CpuBuffer[] HeadRows(long columns) => _headRows[columns];

    public void Allocate(CpuTeam team, ulong seed, StepInputs inputs, CancellationToken cancellation)
    {
        Slots = new KvSlots(plan, seed);
        Tokens = [.. inputs.Tokens];
        AllocateBuffers();
        for (int layer = 0; layer < plan.Layers; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            AttentionShape attention = plan.Model.Layers[layer].Attention;
            _caches.Add(KvCacheLoader.Load(team, seed, plan, layer, Slots, inputs.Kv, cancellation));
            (RopeShape Rope, int Dimension) key = RotaryRow.KeyOf(attention);
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

    private void AllocateBuffers()
    {
        int batch = plan.Conditions.Batch;
        foreach (PlanOperation operation in plan.Operations)
        {
            StepBuffer output = operation.Output;
            if (plan.BufferElements(output) > 0 && !_buffers.ContainsKey(output))
            {
                int slots = CpuBuffer.IsKeptByExpert(output) ? operation.Slots : 1;
                _buffers.Add(output, new CpuBuffer(output, batch * slots, operation.OutputWidth / slots));
            }

            if (operation.Kind == OperationKind.HeadLinear)
            {
                long columns = operation.Weight!.Layout.Columns;
                _headRows.TryAdd(
                    columns,
                    [.. Enumerable.Range(0, threads).Select(_ => new CpuBuffer(operation.Input, batch, columns))]
                );
            }

            if (operation.Kind == OperationKind.Route)
            {
                Experts ??= new ExpertAssignment(plan);
                _gathered ??= new CpuBuffer(StepBuffer.Normed, batch * operation.Slots, plan.Model.HiddenSize);
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
                .Concat(_headRows.Values.SelectMany(rows => rows))
                .Concat(_gathered is null ? [] : [_gathered])
        )
        {
            part.Dispose();
        }
    }
}
