using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>
/// The tensors of a model that one device of a tensor-parallel group holds, by the splits of Megatron-LM (arXiv 1909.08053), in
/// the formats of a step.
/// </summary>
/// <remarks>
/// Query, key, value, gate and up rows are split over the devices, output and down projections by columns, the LM head by
/// vocabulary rows; every expert is split like a dense feed-forward part. Norms, routers, the latent down-projection and the
/// embedding are on every device; a tied LM head reads its shard of the embedding. KV heads are repeated where there are fewer
/// of them than devices.
/// </remarks>
internal sealed class ModelTensors(ModelShape model, StepFormats formats, int devices)
{
    /// <summary>The format of norms, biases and routers, as published checkpoints have them.</summary>
    public const WeightFormat SixteenBits = WeightFormat.Bf16;

    /// <summary>Rows of the LM head that one device holds; the last device may hold fewer.</summary>
    public int VocabularyRows => (model.VocabularySize + devices - 1) / devices;

    /// <summary>The format of the projections that are not experts.</summary>
    private WeightFormat Projections =>
        model.QuantizedParts == QuantizedParts.Experts ? StepFormats.DefaultLmHead(formats.Weights) : formats.Weights;

    public WeightTensor Embedding() => new(TensorRole.Embedding, null, Layout(formats.LmHead, model.VocabularySize));

    /// <summary>The LM head, or the shard of the embedding that serves as one.</summary>
    public WeightTensor LmHead() =>
        new(
            model.TieEmbeddings ? TensorRole.Embedding : TensorRole.LmHead,
            null,
            Layout(formats.LmHead, VocabularyRows)
        );

    /// <summary>A norm or bias of <paramref name="length"/> elements, or one for each of <paramref name="count"/> matrices.</summary>
    public static WeightTensor Vector(TensorRole role, int? layer, long length, int count = 1) =>
        new(role, layer, new WeightLayout(SixteenBits, 1, length), count);

    public WeightTensor QueryKeyValue(GroupedQueryAttention attention, int layer) =>
        new(
            TensorRole.QueryKeyValue,
            layer,
            Layout(Projections, ((long)QueryHeads(attention) + (2L * KvHeads(attention))) * attention.HeadDimension)
        );

    public WeightTensor AttentionOutput(AttentionShape attention, int layer) =>
        new(
            TensorRole.AttentionOutput,
            layer,
            Layout(Projections, model.HiddenSize, (long)QueryHeads(attention) * attention.ValueDimension)
        );

    public WeightTensor LatentDown(MultiHeadLatentAttention attention, int layer) =>
        new(
            TensorRole.LatentDown,
            layer,
            Layout(Projections, (long)(attention.QueryLatentDimension ?? 0) + attention.CachedDimension)
        );

    public WeightTensor QueryUp(MultiHeadLatentAttention attention, int layer) =>
        new(
            TensorRole.QueryUp,
            layer,
            Layout(
                Projections,
                (long)QueryHeads(attention) * attention.QueryDimension,
                attention.QueryLatentDimension ?? model.HiddenSize
            )
        );

    public WeightTensor KeyUp(MultiHeadLatentAttention attention, int layer) =>
        new(
            TensorRole.KeyUp,
            layer,
            Layout(Projections, attention.LatentDimension, attention.PlainDimension),
            QueryHeads(attention)
        );

    public WeightTensor ValueUp(MultiHeadLatentAttention attention, int layer) =>
        new(
            TensorRole.ValueUp,
            layer,
            Layout(Projections, attention.HeadValueDimension, attention.LatentDimension),
            QueryHeads(attention)
        );

    public WeightTensor GateUp(TensorRole role, int intermediateSize, int layer) =>
        new(role, layer, Layout(Projections, 2L * intermediateSize / devices));

    public WeightTensor Down(TensorRole role, int intermediateSize, int layer) =>
        new(role, layer, Layout(Projections, model.HiddenSize, intermediateSize / devices));

    public WeightTensor Router(MixtureOfExperts experts, int layer) =>
        new(TensorRole.Router, layer, Layout(SixteenBits, experts.Experts));

    public WeightTensor ExpertGateUp(MixtureOfExperts experts, int layer) =>
        new(
            TensorRole.ExpertGateUp,
            layer,
            Layout(formats.Weights, 2L * experts.ExpertIntermediateSize / devices),
            experts.Experts
        );

    public WeightTensor ExpertDown(MixtureOfExperts experts, int layer) =>
        new(
            TensorRole.ExpertDown,
            layer,
            Layout(formats.Weights, model.HiddenSize, experts.ExpertIntermediateSize / devices),
            experts.Experts
        );

    /// <summary>Query heads that one device holds.</summary>
    public int QueryHeads(AttentionShape attention) => attention.Heads / devices;

    /// <summary>KV heads that one device holds.</summary>
    public int KvHeads(AttentionShape attention) => attention.KvLayout(formats.Kv, devices).KvHeads;

    private WeightLayout Layout(WeightFormat format, long rows, long? columns = null) =>
        new(format, rows, columns ?? model.HiddenSize);
}
