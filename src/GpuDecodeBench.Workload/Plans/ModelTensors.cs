using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>The tensors that one device of a tensor-parallel group holds, by the splits of Megatron-LM (arXiv 1909.08053).</summary>
/// <remarks>
/// Query, key, value, gate and up rows are split over the devices, output and down projections by columns, the LM head by
/// vocabulary rows. Norms are on every device, and so is the embedding; a tied LM head reads its shard of it. KV heads are
/// repeated where there are fewer of them than devices.
/// </remarks>
public static class ModelTensors
{
    /// <summary>The format of norms and biases, as published checkpoints have them.</summary>
    public const WeightFormat VectorFormat = WeightFormat.Bf16;

    /// <summary>KV heads that one device holds.</summary>
    public static int KvHeadsPerDevice(GroupedQueryAttention attention, int tensorParallel) =>
        Math.Max(1, attention.KvHeads / tensorParallel);

    /// <summary>Rows of the LM head that one device holds; the last device may hold fewer.</summary>
    public static int VocabularyPerDevice(ModelShape model, int tensorParallel) =>
        (model.VocabularySize + tensorParallel - 1) / tensorParallel;

    /// <summary>The embedding matrix.</summary>
    public static WeightTensor Embedding(ModelShape model, StepFormats formats) =>
        new(TensorRole.Embedding, null, new WeightLayout(formats.LmHead, model.VocabularySize, model.HiddenSize));

    /// <summary>The LM head, or the shard of the embedding that serves as one.</summary>
    public static WeightTensor LmHead(ModelShape model, StepFormats formats, int tensorParallel) =>
        new(
            model.TieEmbeddings ? TensorRole.Embedding : TensorRole.LmHead,
            null,
            new WeightLayout(formats.LmHead, VocabularyPerDevice(model, tensorParallel), model.HiddenSize)
        );

    /// <summary>A norm or bias of <paramref name="length"/> elements.</summary>
    public static WeightTensor Vector(TensorRole role, int? layer, long length) =>
        new(role, layer, new WeightLayout(VectorFormat, 1, length));

    /// <summary>The query, key and value projections of a layer as one matrix.</summary>
    public static WeightTensor QueryKeyValue(
        ModelShape model,
        GroupedQueryAttention attention,
        int layer,
        StepFormats formats,
        int tensorParallel
    ) =>
        new(
            TensorRole.QueryKeyValue,
            layer,
            new WeightLayout(formats.Weights, QkvRows(attention, tensorParallel), model.HiddenSize)
        );

    /// <summary>Rows of the query, key and value projections that one device holds.</summary>
    public static long QkvRows(GroupedQueryAttention attention, int tensorParallel) =>
        ((attention.Heads / tensorParallel) + (2L * KvHeadsPerDevice(attention, tensorParallel)))
        * attention.HeadDimension;

    /// <summary>The output projection of a layer.</summary>
    public static WeightTensor AttentionOutput(
        ModelShape model,
        GroupedQueryAttention attention,
        int layer,
        StepFormats formats,
        int tensorParallel
    ) =>
        new(
            TensorRole.AttentionOutput,
            layer,
            new WeightLayout(
                formats.Weights,
                model.HiddenSize,
                (long)attention.Heads / tensorParallel * attention.HeadDimension
            )
        );

    /// <summary>The gate and up projections of a layer as one matrix.</summary>
    public static WeightTensor GateUp(
        ModelShape model,
        GatedFeedForward feedForward,
        int layer,
        StepFormats formats,
        int tensorParallel
    ) =>
        new(
            TensorRole.GateUp,
            layer,
            new WeightLayout(formats.Weights, 2L * feedForward.IntermediateSize / tensorParallel, model.HiddenSize)
        );

    /// <summary>The down projection of a layer.</summary>
    public static WeightTensor Down(
        ModelShape model,
        GatedFeedForward feedForward,
        int layer,
        StepFormats formats,
        int tensorParallel
    ) =>
        new(
            TensorRole.Down,
            layer,
            new WeightLayout(formats.Weights, model.HiddenSize, feedForward.IntermediateSize / tensorParallel)
        );
}
