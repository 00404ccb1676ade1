using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// What the checkpoints of Gemma 2 and Gemma 3 have in common: the counterpart of <see cref="GemmaConfig"/>. Their norms multiply by
/// one more than the stored weight.
/// </summary>
internal static class GemmaCheckpoint
{
    private const int DefaultWindow = 4096;

    /// <summary>The keys, but for the rotary embedding.</summary>
    /// <param name="config">Receives the keys.</param>
    /// <param name="model">The model.</param>
    /// <param name="className">transformers' class with the LM head.</param>
    public static void WriteConfig(ConfigWriter config, ModelShape model, string className)
    {
        GroupedQueryAttention attention = DecoderCheckpoint.AttentionOf(model);
        DecoderCheckpoint.WriteCore(config, model, className, DecoderCheckpoint.FeedForwardOf(model).IntermediateSize);
        config.Text("hidden_activation", "gelu_pytorch_tanh");
        config.Int("num_key_value_heads", attention.KvHeads);
        config.Int("head_dim", attention.HeadDimension);
        config.Bool("attention_bias", attention.QkvBias);
        WriteScoreScalar(config, attention.ScoreScale);
        config.FloatOrNull("attn_logit_softcapping", attention.LogitSoftCap);
        config.FloatOrNull("final_logit_softcapping", model.LogitSoftCap);
        DecoderCheckpoint.WriteLayerTypes(config, model, DefaultWindow);
    }

    /// <summary>The tensors on the Hub that one tensor of a plan holds.</summary>
    public static IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model)
    {
        string layer = DecoderCheckpoint.Layer(tensor);
        string? norm = tensor.Role switch
        {
            TensorRole.AttentionNorm => layer + "input_layernorm.weight",
            TensorRole.AttentionPostNorm => layer + "post_attention_layernorm.weight",
            TensorRole.FeedForwardNorm => layer + "pre_feedforward_layernorm.weight",
            TensorRole.FeedForwardPostNorm => layer + "post_feedforward_layernorm.weight",
            TensorRole.QueryNorm => layer + "self_attn.q_norm.weight",
            TensorRole.KeyNorm => layer + "self_attn.k_norm.weight",
            TensorRole.FinalNorm => "model.norm.weight",
            _ => null,
        };
        return norm is null
            ? DecoderCheckpoint.Divide(tensor, model)
            : [CheckpointTensor.Whole(norm, tensor, offset: -1)];
    }

    /// <summary><c>query_pre_attn_scalar</c>, a whole number where one gives this very factor on the scores.</summary>
    private static void WriteScoreScalar(ConfigWriter config, double scale)
    {
        const string Key = "query_pre_attn_scalar";
        double scalar = 1 / (scale * scale);
        double whole = Math.Round(scalar);
        if ((1 / Math.Sqrt(whole)).Equals(scale))
        {
            config.Int(Key, (int)whole);
        }
        else
        {
            config.Float(Key, RoundTrip.Nearest(scalar, value => (1 / Math.Sqrt(value)).Equals(scale)));
        }
    }
}
