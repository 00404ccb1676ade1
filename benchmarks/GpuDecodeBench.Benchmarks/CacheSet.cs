using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Benchmarks;

/// <summary>
/// As many distinct paged caches of one layer of an 8B Llama (32 query heads on 8 KV heads of 128) as make a cold set, and the
/// attention over each.
/// </summary>
internal sealed class CacheSet : IDisposable
{
    private const string Model = "llama-3.1-8b";
    private const ulong Seed = 1;

    private readonly AttentionSplit _split;
    private readonly CpuBuffer _qkv;
    private readonly CpuBuffer _output;

    public CacheSet(CpuTeam team, KvFormat format, int context, int batch, long coldBytes)
    {
        DecodeStepPlan plan = Plan(format, context, batch);
        var attention = (GroupedQueryAttention)plan.Model.Layers[0].Attention;
        PlanOperation operation = plan.Operations.First(candidate => candidate.Kind == OperationKind.Attention);
        _qkv = Buffer(plan, StepBuffer.Qkv);
        _output = Buffer(plan, StepBuffer.AttentionOutput);
        MatrixSet.Randomise(_qkv);
        Caches = new PagedKvCache[ColdSet.Pieces(ReadBytes(format, context, batch), coldBytes)];
        Attentions = new CpuOperation[Caches.Length][];
        AttentionSplit? split = null;
        for (int i = 0; i < Caches.Length; i++)
        {
            // A cache is a layer's; beyond the model's layers come those of another seed.
            ulong seed = Seed + (ulong)(i / plan.Model.Layers.Length);
            var slots = new KvSlots(plan, seed);
            int layer = i % plan.Model.Layers.Length;
            Caches[i] = KvCacheLoader.Load(
                team,
                seed,
                plan,
                layer,
                slots,
                StepInputs.Synthetic(plan, seed).Kv,
                CancellationToken.None
            );
            split ??= new AttentionSplit(plan, attention, Caches[0], team.Size);
            var pieces = new AttentionOperation(
                operation,
                ChosenKernels.Kernels,
                attention,
                null,
                split,
                Caches[i],
                slots,
                _qkv,
                _output
            );
            Attentions[i] =
                split.PiecesPerHead > 1
                    ?
                    [
                        pieces,
                        new AttentionCombineOperation(
                            operation,
                            ChosenKernels.Kernels,
                            attention,
                            split,
                            null,
                            _output
                        ),
                    ]
                    : [pieces];
        }

        _split = split!;
    }

    public PagedKvCache[] Caches { get; }

    /// <summary>What computes the attention over each cache, in order.</summary>
    public CpuOperation[][] Attentions { get; }

    /// <summary>Bytes of the keys and values of all tokens in one layer.</summary>
    public static long ReadBytes(KvFormat format, int context, int batch) =>
        Plan(format, context, batch).KvLayoutOf(0).BytesPerToken * context * batch;

    /// <summary>Multiply-adds of scores and weighted values, times two.</summary>
    public static double Flops(int context, int batch)
    {
        var attention = (GroupedQueryAttention)ModelCatalogue.Find(Model).Layers[0].Attention;
        return 4.0 * context * batch * attention.Heads * attention.HeadDimension;
    }

    public void Dispose()
    {
        Array.ForEach(Caches, cache => cache.Dispose());
        _split.Dispose();
        _qkv.Dispose();
        _output.Dispose();
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
            )
        );
}
