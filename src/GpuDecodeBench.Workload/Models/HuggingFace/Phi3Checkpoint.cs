using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>Phi3ForCausalLM</c> (transformers, <c>configuration_phi3.py</c>, <c>modeling_phi3.py</c>): the projections are fused as in the plan. A
/// head has the hidden size's share of elements, and LongRoPE's block three keys and no others.
/// </summary>
internal sealed class Phi3Checkpoint : IArchitectureCheckpoint
{
    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.Phi3;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        GroupedQueryAttention attention = DecoderCheckpoint.AttentionOf(model);
        RopeShape rope = attention.Rope;
        int size = DecoderCheckpoint.FeedForwardOf(model).IntermediateSize;
        DecoderCheckpoint.WriteCore(config, model, "Phi3ForCausalLM", size);
        config.Text("hidden_act", "silu");
        config.Int("num_key_value_heads", attention.KvHeads);
        config.Int("sliding_window", attention.Window);
        config.Float(
            "partial_rotary_factor",
            (double)rope.RotatedOf(attention.HeadDimension) / attention.HeadDimension
        );
        config.Float("rope_theta", rope.Theta);
        if (rope.Scaling != RopeScalingKind.LongRope)
        {
            config.Int("original_max_position_embeddings", model.MaxContextTokens);
            config.Null("rope_scaling");
            return;
        }

        config.Int("original_max_position_embeddings", rope.OriginalMaxContextTokens);
        config.Object(
            "rope_scaling",
            () =>
            {
                config.Text("type", "longrope");
                config.Floats("short_factor", rope.ShortFactors);
                config.Floats("long_factor", rope.LongFactors);
            }
        );
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model)
    {
        string layer = DecoderCheckpoint.Layer(tensor);
        return tensor.Role switch
        {
            TensorRole.QueryKeyValue => [CheckpointTensor.Whole(layer + "self_attn.qkv_proj.weight", tensor)],
            TensorRole.GateUp => [CheckpointTensor.Whole(layer + "mlp.gate_up_proj.weight", tensor)],
            _ => DecoderCheckpoint.Divide(tensor, model),
        };
    }
}
