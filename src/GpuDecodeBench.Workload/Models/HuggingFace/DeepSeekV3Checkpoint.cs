using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>DeepseekV3ForCausalLM</c> (transformers, <c>configuration_deepseek_v3.py</c>, <c>modeling_deepseek_v3.py</c>): the up-projection of
/// keys and values is one matrix, each head's key rows and then its value rows, and is not absorbed. Pairs to rotate are half a
/// vector apart, as in the plan (<c>rope_interleave</c> false).
/// </summary>
internal sealed class DeepSeekV3Checkpoint : IArchitectureCheckpoint
{
    /// <summary>The epsilon of the norms of query and latent, which no key gives.</summary>
    private const double LatentEpsilon = 1e-6;

    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.DeepSeekV3;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        if (!model.RmsNormEpsilon.Equals(LatentEpsilon))
        {
            throw new InputException(
                $"{model.Name} cannot be written as a checkpoint: its rms_norm_eps is {model.RmsNormEpsilon}, but transformers'"
                    + $" deepseek_v3 has norms whose epsilon is always {LatentEpsilon}."
            );
        }

        MultiHeadLatentAttention attention = AttentionOf(model);
        int size = ExpertCheckpoint.IntermediateSize(model);
        DecoderCheckpoint.WriteCore(config, model, "DeepseekV3ForCausalLM", size);
        config.Text("hidden_act", "silu");
        config.Int("num_key_value_heads", attention.Heads);
        config.Bool("attention_bias", false);
        config.Int("q_lora_rank", attention.QueryLatentDimension);
        config.Int("kv_lora_rank", attention.LatentDimension);
        config.Int("qk_nope_head_dim", attention.PlainDimension);
        config.Int("qk_rope_head_dim", attention.RotatedDimension);
        config.Int("v_head_dim", attention.HeadValueDimension);
        config.Bool("rope_interleave", false);
        RopeKeys.Write(config, attention.Rope, () => WriteScoreCorrection(config, attention));
        WriteExperts(config, model);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model)
    {
        string layer = DecoderCheckpoint.Layer(tensor);
        string self = layer + "self_attn.";
        string mlp = layer + "mlp.";
        string shared = mlp + "shared_experts.";
        CheckpointTensor Whole(string name) => CheckpointTensor.Whole(name, tensor);
        return tensor.Role switch
        {
            TensorRole.LatentDown => LatentDown(tensor, AttentionOf(model), self),
            TensorRole.QueryLatentNorm => [Whole(self + "q_a_layernorm.weight")],
            TensorRole.LatentNorm => [Whole(self + "kv_a_layernorm.weight")],
            TensorRole.QueryUp =>
            [
                Whole(self + (AttentionOf(model).QueryLatentDimension is null ? "q_proj.weight" : "q_b_proj.weight")),
            ],
            TensorRole.KeyUp => [KeyValueUp(tensor, AttentionOf(model), self + "kv_b_proj.weight")],
            TensorRole.ValueUp => [],
            TensorRole.RouterChoiceBias => [Whole(mlp + "gate.e_score_correction_bias")],
            TensorRole.SharedGateUp => CheckpointTensor.Halves(
                tensor,
                shared + "gate_proj.weight",
                shared + "up_proj.weight"
            ),
            TensorRole.SharedDown => [Whole(shared + "down_proj.weight")],
            _ => ExpertCheckpoint.Divide(tensor, model),
        };
    }

    private static MultiHeadLatentAttention AttentionOf(ModelShape model) =>
        model.Layers[0].Attention as MultiHeadLatentAttention
        ?? throw new InputException(
            $"{model.Name} cannot be written as a checkpoint of deepseek_v3: a layer has"
                + $" {model.Layers[0].Attention.GetType().Name}, and accepted is {nameof(MultiHeadLatentAttention)}."
        );

    private static IEnumerable<CheckpointTensor> LatentDown(
        WeightTensor tensor,
        MultiHeadLatentAttention attention,
        string self
    )
    {
        (string, long) latent = (self + "kv_a_proj_with_mqa.weight", attention.CachedDimension);
        return attention.QueryLatentDimension is int queryLatent
            ? CheckpointTensor.Stacked(tensor, (self + "q_a_proj.weight", queryLatent), latent)
            : CheckpointTensor.Stacked(tensor, latent);
    }

    /// <summary>
    /// Each head's up-projection of keys, [plain, latent], of which the absorbed matrix is the transpose, and its up-projection of
    /// values. The plan has the latter in a tensor of its own, in the same format and for as many heads.
    /// </summary>
    private static CheckpointTensor KeyValueUp(WeightTensor keyUp, MultiHeadLatentAttention attention, string name)
    {
        WeightTensor valueUp = keyUp with
        {
            Role = TensorRole.ValueUp,
            Layout = keyUp.Layout with { Rows = attention.HeadValueDimension, Columns = attention.LatentDimension },
        };
        return new CheckpointTensor(
            name,
            [
                (long)attention.Heads * (attention.PlainDimension + attention.HeadValueDimension),
                attention.LatentDimension,
            ],
            [
                .. Enumerable
                    .Range(0, keyUp.Count)
                    .SelectMany(head =>
                        (CheckpointSlice[])
                            [
                                CheckpointSlice.Whole(keyUp, head) with
                                {
                                    Transposed = true,
                                },
                                CheckpointSlice.Whole(valueUp, head),
                            ]
                    ),
            ]
        );
    }

    /// <summary><c>mscale_all_dim</c>, where the scores have YaRN's correction; <see cref="ScaledRope.YarnScoreCorrection"/> has it back.</summary>
    private static void WriteScoreCorrection(ConfigWriter config, MultiHeadLatentAttention attention)
    {
        if (attention.Scale is not double scale || attention.Rope.Scaling != RopeScalingKind.Yarn)
        {
            return;
        }

        double plain = (attention with { Scale = null }).ScoreScale;
        double slope = 0.1 * Math.Log(attention.Rope.Factor);
        config.Float(
            "mscale_all_dim",
            RoundTrip.Nearest(
                (Math.Sqrt(scale / plain) - 1) / slope,
                all => (plain * Math.Pow((all * 0.1 * Math.Log(attention.Rope.Factor)) + 1, 2)).Equals(scale)
            )
        );
    }

    private static void WriteExperts(ConfigWriter config, ModelShape model)
    {
        MixtureOfExperts experts = ExpertCheckpoint.Of(model);
        RouterShape router = experts.Router;
        config.Int(
            "first_k_dense_replace",
            model.Layers.TakeWhile(layer => layer.FeedForward is GatedFeedForward).Count()
        );
        config.Int("n_routed_experts", experts.Experts);
        config.Int("num_experts_per_tok", experts.ExpertsPerToken);
        config.Int("moe_intermediate_size", experts.ExpertIntermediateSize);
        config.Int("n_shared_experts", experts.SharedIntermediateSize / experts.ExpertIntermediateSize);
        config.Int("n_group", router.Groups);
        config.Int("topk_group", router.GroupsPerToken);
        config.Bool("norm_topk_prob", router.NormalizeWeights);
        config.Float("routed_scaling_factor", router.WeightFactor);
    }
}
