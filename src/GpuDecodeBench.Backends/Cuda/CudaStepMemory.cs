using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>What a step needs on the GPU besides the weights: buffers between operations, the paged cache, tables.</summary>
internal sealed class CudaStepMemory(CudaDevice device, DecodeStepPlan plan) : IDisposable
{
    /// <summary>The scratch memory that attention's splits meet in.</summary>
    public const string AttentionPartials = "attention partials";

    /// <summary>The scratch memory that splits of matrix products meet in.</summary>
    public const string LinearPartials = "linear partials";

    /// <summary>Counters of those splits, zero before and after each kernel.</summary>
    public const string LinearArrivals = "linear arrivals";

    private const string GroupsPrefix = "expert groups of layer ";

    private readonly Dictionary<StepBuffer, CudaRows> _rows = [];
    private readonly Dictionary<StepBuffer, CudaRows> _copies = [];
    private readonly Dictionary<(RopeShape Rope, int Dimension), CudaBuffer> _rotations = [];
    private readonly List<CudaKvCache> _caches = [];
    private readonly Dictionary<string, CudaBuffer> _others = [];
    private readonly Dictionary<CudaBuffer, int> _headColumns = [];

    public DecodeStepPlan Plan => plan;

    public KvSlots Slots { get; private set; } = null!;

    /// <summary>Blocks that the longest sequence has in its table.</summary>
    public int TableBlocks { get; private set; }

    public long AllocatedBytes =>
        _rows.Values.Concat(_copies.Values).Sum(rows => rows.Bytes)
        + _rotations.Values.Sum(table => table.Bytes)
        + _caches.Sum(cache => cache.Bytes)
        + _others.Values.Sum(buffer => buffer.Bytes);

    /// <summary>Token ids, int32 [batch].</summary>
    public ulong Tokens => _others["tokens"].Address;

    /// <summary>The chosen tokens, int32 [batch].</summary>
    public ulong NextTokens => _others["next tokens"].Address;

    /// <summary>Tokens of each context, int32 [batch].</summary>
    public ulong Contexts => _others["contexts"].Address;

    /// <summary>Block tables, int32 [batch][<see cref="TableBlocks"/>].</summary>
    public ulong BlockTables => _others["block tables"].Address;

    /// <summary>Where each new token goes: page × 16 + place, int32 [batch].</summary>
    public ulong NewSlots => _others["new slots"].Address;

    /// <summary>The chosen experts' numbers, int32 [batch][k].</summary>
    public ulong RoutedExperts => _others["routed experts"].Address;

    /// <summary>The chosen experts' weights, bfloat16 [batch][k].</summary>
    public ulong RoutedWeights => _others["routed weights"].Address;

    /// <summary>Rows of the experts' buffers by expert, int32 [batch × k].</summary>
    public ulong Entries => _others["entries"].Address;

    /// <summary>Where each sequence's tokens lie, as the generator is told it.</summary>
    private KvTables Tables =>
        new()
        {
            Blocks = BlockTables,
            Contexts = Contexts,
            BlockStride = TableBlocks,
            PagesPerBlock = Slots.PagesPerBlock,
            Sequences = plan.Conditions.Batch,
        };

    public CudaRows Rows(StepBuffer buffer) => _rows[buffer];

    /// <summary>Rows like a buffer's, for what a traced launch is to show of it.</summary>
    public CudaRows Copy(StepBuffer buffer)
    {
        if (!_copies.TryGetValue(buffer, out CudaRows? copy))
        {
            CudaRows rows = Rows(buffer);
            copy = new CudaRows(device.Context, buffer, rows.Rows, rows.Width);
            _copies.Add(buffer, copy);
        }

        return copy;
    }

    public CudaKvCache Cache(int layer) => _caches[layer];

    /// <summary>What group_by_expert makes of a layer's routing.</summary>
    public ulong Groups(int layer) => _others[GroupsName(layer)].Address;

    /// <summary>FP32 [batch][dims] cosines and sines.</summary>
    public ulong Rotations(AttentionShape attention) => _rotations[RotaryRow.KeyOf(attention)].Address;

    /// <summary>Room that operations share, at least so large; its content is undefined unless it is made now, and then zero.</summary>
    public ulong Scratch(string name, long bytes, CudaMemoryKind kind = CudaMemoryKind.Scratch)
    {
        if (_others.TryGetValue(name, out CudaBuffer? buffer) && buffer.Bytes >= bytes)
        {
            return buffer.Address;
        }

        // A smaller one stays: work that was built before uses it.
        if (buffer is not null)
        {
            _others.Add($"{name} of {buffer.Bytes} bytes", buffer);
        }

        _others[name] = Zeros($"The scratch memory {name}", bytes, kind);
        return _others[name].Address;
    }

    /// <summary>
    /// Room that operations share for copies of heads, bfloat16: each head's columns, filled up with zeros as <see cref="CudaRows"/> are,
    /// since products read beyond them with weights of zero.
    /// </summary>
    public ulong HeadCopies(int columns, int heads)
    {
        string name = $"heads of {columns}";
        long bytes = (long)plan.Conditions.Batch * heads * CudaRows.StrideOf(columns) * sizeof(ushort);
        ulong address = Scratch(name, bytes);
        _headColumns[_others[name]] = columns;
        return address;
    }

    /// <summary>Frees scratch memory and its smaller predecessors; work that uses it must be built again.</summary>
    public void DropScratch(string name)
    {
        foreach (string each in _others.Keys.Where(each => each.StartsWith(name, StringComparison.Ordinal)).ToArray())
        {
            _others.Remove(each, out CudaBuffer? buffer);
            buffer!.Dispose();
        }
    }

    public void Allocate(ulong seed, StepInputs inputs, CancellationToken cancellation)
    {
        Slots = new KvSlots(plan, seed);
        int batch = plan.Conditions.Batch;
        TableBlocks = Slots.BlockTables.Max(table => table.Length);
        var tables = new int[batch * TableBlocks];
        for (int sequence = 0; sequence < batch; sequence++)
        {
            Slots.BlockTables[sequence].CopyTo(tables, sequence * TableBlocks);
        }

        Add("tokens", [.. inputs.Tokens]);
        Add("next tokens", new int[batch]);
        Add("contexts", [.. plan.Conditions.ContextTokens]);
        Add("block tables", tables);
        Add("new slots", [.. Enumerable.Range(0, batch).Select(NewSlot)]);
        AllocateRows();
        for (int layer = 0; layer < plan.Layers; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            AllocateLayer(seed, layer, inputs.Kv, cancellation);
        }
    }

    /// <summary>Distinct experts of each layer in the last step; null where no layer has experts.</summary>
    public IReadOnlyList<int>? ReadDistinctExperts()
    {
        if (!plan.Operations.Any(operation => operation.Kind == OperationKind.Route))
        {
            return null;
        }

        var counts = new int[plan.Layers];
        for (int layer = 0; layer < plan.Layers; layer++)
        {
            if (_others.TryGetValue(GroupsName(layer), out CudaBuffer? groups))
            {
                groups.CopyTo(MemoryMarshal.AsBytes(counts.AsSpan(layer, 1)));
            }
        }

        return counts;
    }

    public void PoisonNextTokens() => Fill("next tokens", 0xFF);

    public int[] ReadNextTokens()
    {
        var tokens = new int[plan.Conditions.Batch];
        _others["next tokens"].CopyTo(MemoryMarshal.AsBytes(tokens.AsSpan()));
        return tokens;
    }

    public void PoisonRouting()
    {
        Fill("routed experts", 0xFF);
        Fill("routed weights", 0xFF);
    }

    /// <summary>For each sequence the experts' numbers and then their weights.</summary>
    public float[] ReadRouting(int slots)
    {
        int batch = plan.Conditions.Batch;
        var experts = new int[batch * slots];
        var weights = new ushort[batch * slots];
        _others["routed experts"].CopyTo(MemoryMarshal.AsBytes(experts.AsSpan()));
        _others["routed weights"].CopyTo(MemoryMarshal.AsBytes(weights.AsSpan()));
        var values = new float[2 * experts.Length];
        for (int i = 0; i < experts.Length; i++)
        {
            int row = i / slots * 2 * slots;
            values[row + (i % slots)] = experts[i];
            values[row + slots + (i % slots)] = (float)Bf16.Decode(weights[i]);
        }

        return values;
    }

    /// <summary>
    /// Overwrites all that steps write but the caches. What steps find their way by gets values that lead nowhere rather than out
    /// of memory: a kernel that reads them too early is to give wrong results, not to end the run.
    /// </summary>
    public void Poison()
    {
        foreach (CudaRows rows in _rows.Values.Concat(_copies.Values))
        {
            rows.Poison();
        }

        foreach ((CudaBuffer copies, int columns) in _headColumns)
        {
            CudaRows.Poison(copies, columns);
        }

        PoisonNextTokens();
        foreach (string name in _others.Keys)
        {
            if (
                name.StartsWith(AttentionPartials, StringComparison.Ordinal)
                || name is LinearPartials or "routed weights"
            )
            {
                Fill(name, 0xFF);
            }
            else if (name is "routed experts" or "entries" || name.StartsWith(GroupsPrefix, StringComparison.Ordinal))
            {
                Fill(name, 0);
            }
        }
    }

    public void Dispose()
    {
        foreach (
            IDisposable part in _rows
                .Values.Cast<IDisposable>()
                .Concat(_copies.Values)
                .Concat(_rotations.Values)
                .Concat(_caches)
                .Concat(_others.Values)
        )
        {
            part.Dispose();
        }
    }

    private static string GroupsName(int layer) => $"{GroupsPrefix}{layer}";

    private static bool IsKeptByExpert(StepBuffer role) =>
        role is StepBuffer.ExpertGateUp or StepBuffer.ExpertGated or StepBuffer.ExpertOutput;

    private int NewSlot(int sequence)
    {
        (int page, int slot) = Slots.NewToken(sequence);
        return (page * CudaKvCache.PageTokens) + slot;
    }

    private void AllocateRows()
    {
        int batch = plan.Conditions.Batch;
        foreach (PlanOperation operation in plan.Operations)
        {
            StepBuffer output = operation.Output;
            if (operation.Kind == OperationKind.Route)
            {
                AllocateRouting(operation);
            }
            else if (plan.BufferElements(output) > 0 && !_rows.ContainsKey(output))
            {
                int slots = IsKeptByExpert(output) ? operation.Slots : 1;
                _rows.Add(output, new CudaRows(device.Context, output, batch * slots, operation.OutputWidth / slots));
            }
        }
    }

    private void AllocateRouting(PlanOperation operation)
    {
        int entries = plan.Conditions.Batch * operation.Slots;
        var experts = (MixtureOfExperts)plan.Model.Layers[operation.Layer!.Value].FeedForward;
        int capacity = Math.Min(entries, experts.Experts);
        Add(GroupsName(operation.Layer.Value), new int[(2 * capacity) + 2], CudaMemoryKind.Scratch);
        _ = Scratch("routed experts", entries * sizeof(int), CudaMemoryKind.Activations);
        _ = Scratch("routed weights", entries * sizeof(ushort), CudaMemoryKind.Activations);
        _ = Scratch("entries", entries * sizeof(int), CudaMemoryKind.Activations);
    }

    private void AllocateLayer(ulong seed, int layer, IKvSource source, CancellationToken cancellation)
    {
        var synthetic = new SyntheticKv(seed, layer, plan.KvLayoutOf(layer));
        var cache = new CudaKvCache(device.Context, layer, synthetic.Layout, plan.KvPages, synthetic);
        _caches.Add(cache);
        if (device.GeneratesOnDevice && source is SyntheticKvSource made && made.Of(layer).Layout == cache.Layout)
        {
            device.Generator.Generate(cache, made.Of(layer), Tables);
        }
        else
        {
            cache.Fill(source, layer, Slots, plan.Conditions.ContextTokens, cancellation);
        }

        AttentionShape attention = plan.Model.Layers[layer].Attention;
        (RopeShape rope, int dimension) = RotaryRow.KeyOf(attention);
        if (_rotations.ContainsKey((rope, dimension)))
        {
            return;
        }

        int width = rope.RotatedOf(dimension);
        var rows = new float[plan.Conditions.Batch * width];
        for (int sequence = 0; sequence < plan.Conditions.Batch; sequence++)
        {
            RotaryRow.Fill(
                rope,
                dimension,
                plan.Conditions.ContextTokens[sequence],
                rows.AsSpan(sequence * width, width)
            );
        }

        CudaBuffer table = device.Context.Allocate(
            rows.Length * sizeof(float),
            "The rotations",
            CudaMemoryKind.Activations
        );
        _rotations.Add((rope, dimension), table);
        table.CopyFrom(MemoryMarshal.AsBytes(rows.AsSpan()));
    }

    private void Add(string name, int[] values, CudaMemoryKind kind = CudaMemoryKind.Activations)
    {
        CudaBuffer buffer = device.Context.Allocate(values.Length * sizeof(int), $"The list of {name}", kind);
        _others.Add(name, buffer);
        buffer.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private CudaBuffer Zeros(string what, long bytes, CudaMemoryKind kind)
    {
        CudaBuffer buffer = device.Context.Allocate(bytes, what, kind);
        buffer.CopyFrom(new byte[bytes]);
        return buffer;
    }

    private void Fill(string name, byte value)
    {
        CudaBuffer buffer = _others[name];
        var content = new byte[buffer.Bytes];
        content.AsSpan().Fill(value);
        buffer.CopyFrom(content);
    }
}
