using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>What the checkpoints of mixtures of experts have in common: the counterpart of <see cref="ExpertConfig"/>.</summary>
internal static class ExpertCheckpoint
{
    /// <summary>
    /// The mixture that all layers with experts share. A model whose first layers are dense, cut off before the others, has none:
    /// then one whose keys decide nothing.
    /// </summary>
    public static MixtureOfExperts Of(ModelShape model) =>
        model.Layers.Select(layer => layer.FeedForward).OfType<MixtureOfExperts>().FirstOrDefault()
        ?? new MixtureOfExperts
        {
            Experts = 2,
            ExpertsPerToken = 1,
            ExpertIntermediateSize = DecoderCheckpoint.FeedForwardOf(model).IntermediateSize,
            Router = new RouterShape { Scoring = RouterScoring.Softmax, NormalizeWeights = true },
        };

    /// <summary>Rows of the dense layers' gate projection, or of an expert's where there are no dense layers.</summary>
    public static int IntermediateSize(ModelShape model) =>
        model.Layers.Select(layer => layer.FeedForward).OfType<GatedFeedForward>().FirstOrDefault()?.IntermediateSize
        ?? Of(model).ExpertIntermediateSize;

    /// <summary>The router and the experts where each expert is named as a dense part would be (Qwen3, DeepSeek-V3).</summary>
    /// <param name="tensor">The plan's tensor.</param>
    /// <param name="model">The model.</param>
    public static IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model)
    {
        string mlp = DecoderCheckpoint.Layer(tensor) + "mlp.";
        string Expert(int number, string projection) => $"{mlp}experts.{number}.{projection}.weight";
        return tensor.Role switch
        {
            TensorRole.Router => [CheckpointTensor.Whole(mlp + "gate.weight", tensor)],
            TensorRole.ExpertGateUp => CheckpointTensor.ExpertHalves(
                tensor,
                expert => Expert(expert, "gate_proj"),
                expert => Expert(expert, "up_proj")
            ),
            TensorRole.ExpertDown => CheckpointTensor.Experts(tensor, expert => Expert(expert, "down_proj")),
            _ => DecoderCheckpoint.Divide(tensor, model),
        };
    }
}
