using System.Collections.Immutable;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>
/// One decode step of a model on one device: its operations in order, each with exact bytes and floating-point operations,
/// the tensors that they need and the memory that they take.
/// </summary>
/// <remarks>
/// A plan is a statement about the computation, not about an implementation: every distinct byte that an operation needs
/// counts once, whether or not a cache serves it. Backends execute plans; the roofline prices them.
/// </remarks>
public sealed class DecodeStepPlan
{
    private readonly int[] _widths;

    internal DecodeStepPlan(
        ModelShape model,
        StepConditions conditions,
        int layers,
        ImmutableArray<PlanOperation> operations
    )
    {
        Model = model;
        Conditions = conditions;
        Layers = layers;
        Operations = operations;
        _widths = CollectWidths();
        Tensors = [.. CollectTensors()];
        Totals = StepTotals.Of(operations);
        Memory = ComputeMemory(KvBlocksHeld);
        BenchmarkMemory = ComputeMemory(_ => KvBlocks);
    }

    /// <summary>The model.</summary>
    public ModelShape Model { get; }

    /// <summary>Formats, contexts and parallelism.</summary>
    public StepConditions Conditions { get; }

    /// <summary>Layers that this plan runs: the model's first ones, at most all of them.</summary>
    public int Layers { get; }

    /// <summary>The operations in order.</summary>
    public ImmutableArray<PlanOperation> Operations { get; }

    /// <summary>The distinct tensors that the operations read, in the order of their first use.</summary>
    public ImmutableArray<WeightTensor> Tensors { get; }

    /// <summary>Sums over all operations.</summary>
    public StepTotals Totals { get; }

    /// <summary>
    /// Memory that the step takes in a serving engine that gives back the blocks that slid out of a window: what predictions, costs and
    /// choices count.
    /// </summary>
    public MemoryFootprint Memory { get; }

    /// <summary>
    /// Memory that the step takes in this benchmark's own backends: they lay out one table of blocks for all layers, so layers with a
    /// sliding window hold the whole context too. What runs plan and check before they allocate.
    /// </summary>
    public MemoryFootprint BenchmarkMemory { get; }

    /// <summary>Whether the plan runs every layer of the model.</summary>
    public bool IsFullDepth => Layers == Model.Layers.Length;

    /// <summary>Whether a layer's sliding window is shorter than the longest of the contexts.</summary>
    public bool ForgetsTokens =>
        Model.Layers.Take(Layers).Any(layer => layer.Attention.Forgets(Conditions.ContextTokens.Max()));

    /// <summary>
    /// Plans a decode step.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="conditions">Formats, contexts and parallelism.</param>
    /// <param name="layers">Layers to run, from the first; null for all of them.</param>
    /// <exception cref="InputException">The conditions do not fit the model; the sentence says which and what is accepted.</exception>
    public static DecodeStepPlan Create(ModelShape model, StepConditions conditions, int? layers = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(conditions);
        PlanValidation.Check(model, conditions, layers);
        return new PlanBuilder(model, conditions, layers ?? model.Layers.Length).Build();
    }

    /// <summary>The same step with another number of layers; null for all of them.</summary>
    public DecodeStepPlan WithLayers(int? layers) => Create(Model, Conditions, layers);

    /// <summary>
    /// The same step with the experts that each layer touched instead of those expected; layers without experts are passed over.
    /// </summary>
    /// <param name="distinctExperts">Distinct experts for each of the plan's layers.</param>
    public DecodeStepPlan WithDistinctExperts(IEnumerable<int> distinctExperts)
    {
        ImmutableArray<int> counts = [.. distinctExperts];
        if (counts.Length != Layers)
        {
            throw new ArgumentException($"{counts.Length} counts for {Layers} layers.", nameof(distinctExperts));
        }

        return new PlanBuilder(Model, Conditions, Layers, counts).Build();
    }

    /// <summary>The paged cache's layout in a layer, as this device holds it.</summary>
    public KvLayout KvLayoutOf(int layer) =>
        Model.Layers[layer].Attention.KvLayout(Conditions.Formats.Kv, Conditions.TensorParallel);

    /// <summary>Elements of a buffer between operations, all sequences together; 0 for the cache and the token ids.</summary>
    public long BufferElements(StepBuffer buffer) => (long)_widths[(int)buffer] * Conditions.Batch;

    /// <summary>Blocks of the paged cache that one layer has in this benchmark's backends: whole blocks for every sequence.</summary>
    public long KvBlocks => Conditions.ContextTokens.Sum(tokens => KvBlocksOf(tokens));

    /// <summary>The pages of <see cref="KvLayout.PageTokens"/> tokens in <see cref="KvBlocks"/>.</summary>
    public long KvPages => KvBlocks * (Conditions.KvBlockTokens / KvLayout.PageTokens);

    /// <summary>Blocks that a context of so many tokens takes.</summary>
    public int KvBlocksOf(int contextTokens) =>
        (int)(((long)contextTokens + Conditions.KvBlockTokens - 1) / Conditions.KvBlockTokens);

    /// <summary>
    /// Blocks that a layer must hold: those of the context, or those that a sliding window touches wherever its first token lies in
    /// a block, ⌈(W − 1) / P⌉ + 1 blocks of P tokens for a window of W. vLLM counts alike (<c>SlidingWindowSpec</c> in
    /// vllm/v1/kv_cache_interface.py), and the tokens of a piece of prompt beside it, which no step of decoding has.
    /// </summary>
    private long KvBlocksHeld(AttentionShape attention) =>
        attention.Window is int window
            ? Conditions.ContextTokens.Sum(tokens => (long)Math.Min(KvBlocksOf(tokens), KvBlocksOf(window - 1) + 1))
            : KvBlocks;

    /// <summary>
    /// The width of each buffer. A backend pads a row once, behind its width, so all operations that write a buffer must agree.
    /// </summary>
    private int[] CollectWidths()
    {
        var widths = new int[Enum.GetValues<StepBuffer>().Length];
        foreach (PlanOperation operation in Operations)
        {
            if (operation.Output is StepBuffer.KvCache or StepBuffer.NextTokens)
            {
                continue;
            }

            ref int width = ref widths[(int)operation.Output];
            if (width != 0 && width != operation.OutputWidth)
            {
                throw new InputException(
                    $"{Model.Name} has layers of different widths ({operation.Name}: {width} and {operation.OutputWidth}), which is not supported."
                );
            }

            width = operation.OutputWidth;
        }

        return widths;
    }

    private IEnumerable<WeightTensor> CollectTensors()
    {
        var seen = new HashSet<(TensorRole Role, int? Layer)>();
        foreach (PlanOperation operation in Operations)
        {
            // A tied LM head names the embedding, which the step's first operation has already listed in full.
            if (operation.Weight is { } first && seen.Add((first.Role, first.Layer)))
            {
                yield return first;
            }

            if (operation.SecondWeight is { } second && seen.Add((second.Role, second.Layer)))
            {
                yield return second;
            }
        }
    }

    private MemoryFootprint ComputeMemory(Func<AttentionShape, long> blocksOf)
    {
        long weights = Tensors.Sum(tensor => tensor.Bytes);
        long kv = 0;
        foreach (
            IGrouping<AttentionShape, LayerShape> alike in Model.Layers.Take(Layers).GroupBy(layer => layer.Attention)
        )
        {
            KvLayout layout = alike.Key.KvLayout(Conditions.Formats.Kv, Conditions.TensorParallel);
            long bytes = blocksOf(alike.Key) * Conditions.KvBlockTokens * layout.BytesPerToken;
            kv += alike.Count() * (bytes + layout.LayerScaleBytes);
        }

        long activations = 0;
        foreach (StepBuffer buffer in Enum.GetValues<StepBuffer>())
        {
            activations += BufferElements(buffer) * Conditions.Formats.ActivationBytes;
        }

        long indices = sizeof(int) * (KvBlocks + (3L * Conditions.Batch));
        return new MemoryFootprint(weights, kv, activations, indices);
    }
}
