using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>GptOssForCausalLM</c> without quantisation (transformers, <c>configuration_gpt_oss.py</c>, <c>modeling_gpt_oss.py</c>): the experts
/// are one tensor with a row for each input, and in the first of them the columns of gate and up take turns.
/// </summary>
internal sealed class GptOssCheckpoint : IArchitectureCheckpoint
{
    private const int DefaultWindow = 128;

    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.GptOss;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        MixtureOfExperts experts = ExpertCheckpoint.Of(model);
        GroupedQueryAttention attention = DecoderCheckpoint.AttentionOf(model);
        DecoderCheckpoint.WriteCore(config, model, "GptOssForCausalLM", experts.ExpertIntermediateSize);
        config.Text("hidden_act", "silu");
        config.Int("num_key_value_heads", attention.KvHeads);
        config.Int("head_dim", attention.HeadDimension);
        if (attention.Rope.Scaling == RopeScalingKind.None)
        {
            // Without a block transformers scales.
            config.Float("rope_theta", attention.Rope.Theta);
            config.Object("rope_scaling", () => config.Text("rope_type", "default"));
        }
        else
        {
            RopeKeys.Write(config, attention.Rope);
        }

        config.Bool("attention_bias", attention.QkvBias);
        config.Int("num_local_experts", experts.Experts);
        config.Int("num_experts_per_tok", experts.ExpertsPerToken);
        DecoderCheckpoint.WriteLayerTypes(config, model, DefaultWindow);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model)
    {
        string layer = DecoderCheckpoint.Layer(tensor);
        string mlp = layer + "mlp.";
        CheckpointTensor Whole(string name) => CheckpointTensor.Whole(name, tensor);
        CheckpointTensor Experts(string name, bool transposed, bool interleaved) =>
            CheckpointTensor.AllExperts(
                $"{mlp}experts.{name}",
                tensor,
                slice => slice with { Transposed = transposed, Interleaved = interleaved }
            );
        return tensor.Role switch
        {
            TensorRole.Sinks => [Whole(layer + "self_attn.sinks")],
            TensorRole.Router => [Whole(mlp + "router.weight")],
            TensorRole.RouterBias => [Whole(mlp + "router.bias")],
            TensorRole.ExpertGateUp => [Experts("gate_up_proj", transposed: true, interleaved: true)],
            TensorRole.ExpertGateUpBias => [Experts("gate_up_proj_bias", transposed: false, interleaved: true)],
            TensorRole.ExpertDown => [Experts("down_proj", transposed: true, interleaved: false)],
            TensorRole.ExpertDownBias => [Experts("down_proj_bias", transposed: false, interleaved: false)],
            _ => DecoderCheckpoint.Divide(tensor, model),
        };
    }
}
