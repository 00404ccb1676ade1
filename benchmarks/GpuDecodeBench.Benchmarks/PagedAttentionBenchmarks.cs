using BenchmarkDotNet.Attributes;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Benchmarks;

/// <summary>
/// The CPU's attention of one layer of an 8B Llama (32 query heads on 8 KV heads of 128) over a paged cache whose blocks are
/// scattered, cold. Each call takes the next of as many distinct caches as make a cold set.
/// </summary>
public unsafe class PagedAttentionBenchmarks : IDisposable
{
    private const string Model = "llama-3.1-8b";
    private const ulong Seed = 1;

    private readonly List<PagedKvCache> _caches = [];
    private readonly List<AttentionOperation> _attentions = [];
    private CpuTeam _team = null!;
    private MemoryReader _reader = null!;
    private AttentionSplit _split = null!;
    private AttentionCombineOperation? _combine;
    private CpuBuffer _qkv = null!;
    private CpuBuffer _output = null!;
    private int _next;

    [ParamsAllValues]
    public KvFormat Format { get; set; }

    [Params(1024, 4096, 16384)]
    public int Context { get; set; }

    [Params(1, 8, 32)]
    public int Batch { get; set; }

    /// <summary>Bytes of the keys and values of all tokens in one layer.</summary>
    public static long ReadBytes(KvFormat format, int context, int batch) =>
        Plan(format, context, batch).KvLayoutOf(0).BytesPerToken * context * batch;

    [GlobalSetup]
    public void Setup()
    {
        DecodeStepPlan plan = Plan(Format, Context, Batch);
        var attention = (GroupedQueryAttention)plan.Model.Layers[0].Attention;
        PlanOperation operation = plan.Operations.First(candidate => candidate.Kind == OperationKind.Attention);
        _team = new CpuTeam(Environment.ProcessorCount);
        _reader = new MemoryReader(_team);
        _qkv = Buffer(plan, StepBuffer.Qkv);
        _output = Buffer(plan, StepBuffer.AttentionOutput);
        var random = new Random(1);
        for (int sequence = 0; sequence < Batch; sequence++)
        {
            for (int element = 0; element < _qkv.Length; element++)
            {
                _qkv.Row(sequence)[element] = (random.NextSingle() * 2) - 1;
            }
        }

        int caches = ColdSet.Pieces(ReadBytes(Format, Context, Batch));
        for (int i = 0; i < caches; i++)
        {
            // A cache is a layer's; beyond the model's layers come those of another seed.
            ulong seed = Seed + (ulong)(i / plan.Model.Layers.Length);
            var slots = new KvSlots(plan, seed);
            int layer = i % plan.Model.Layers.Length;
            _caches.Add(
                KvCacheLoader.Load(
                    _team,
                    seed,
                    plan,
                    layer,
                    slots,
                    StepInputs.Synthetic(plan, seed).Kv,
                    CancellationToken.None
                )
            );
            _split ??= new AttentionSplit(plan, attention, _caches[0], _team.Size);
            _attentions.Add(new AttentionOperation(operation, _split, _caches[i], slots, _qkv, _output));
        }

        _combine =
            _split.PiecesPerHead > 1 ? new AttentionCombineOperation(operation, attention, _split, _output) : null;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _caches.ForEach(cache => cache.Dispose());
        _split.Dispose();
        _qkv.Dispose();
        _output.Dispose();
        _team.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The same bytes only read, from first to last: what attention could reach at most.</summary>
    [Benchmark(Baseline = true)]
    public long ReadCeiling()
    {
        PagedKvCache cache = _caches[Next()];
        return _reader.Read(cache.Keys(0, 0), cache.AllocatedBytes);
    }

    [Benchmark]
    public void PagedAttention()
    {
        AttentionOperation attention = _attentions[Next()];
        attention.Reset();
        _combine?.Reset();
        _team.Run(worker =>
        {
            attention.Run(worker);
            if (_combine is not null)
            {
                _team.Barrier();
                _combine.Run(worker);
            }
        });
    }

    private static CpuBuffer Buffer(DecodeStepPlan plan, StepBuffer buffer) =>
        new(buffer, plan.Conditions.Batch, plan.BufferElements(buffer) / plan.Conditions.Batch);

    private static DecodeStepPlan Plan(KvFormat format, int context, int batch) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Find(Model),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = WeightFormat.Bf16,
                    LmHead = WeightFormat.Bf16,
                    Kv = format,
                    Activations = ActivationFormat.Fp32,
                },
                batch,
                context
            ),
            layers: 1
        );

    private int Next() => _next = (_next + 1) % _caches.Count;
}
