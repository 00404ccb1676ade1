using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// What the checkpoints of dense decoders of Llama's kind have in common: the counterpart of <see cref="DecoderConfig"/>. Names
/// as in transformers' <c>modeling_llama.py</c> and its relatives; keys as in their <c>configuration_*.py</c>, with RoPE in the
/// spelling that 4.x writes and 5.x still reads (<c>rope_theta</c>, <c>rope_scaling</c>).
/// </summary>
internal static class DenseCheckpoint
{
    /// <summary>The keys that all dense decoders have.</summary>
    /// <param name="config">Receives the keys.</param>
    /// <param name="model">The model.</param>
    /// <param name="className">transformers' class with the LM head.</param>
    /// <param name="modelType">The <c>model_type</c>.</param>
    public static void WriteConfig(ConfigWriter config, ModelShape model, string className, string modelType)
    {
        GroupedQueryAttention attention = AttentionOf(model);
        config.Texts("architectures", [className]);
        config.Text("model_type", modelType);
        config.Text("hidden_act", "silu");
        config.Int("num_hidden_layers", model.Layers.Length);
        config.Int("hidden_size", model.HiddenSize);
        config.Int("num_attention_heads", attention.Heads);
        config.Int("num_key_value_heads", attention.KvHeads);
        config.Int("head_dim", attention.HeadDimension);
        config.Int("intermediate_size", FeedForwardOf(model).IntermediateSize);
        config.Int("vocab_size", model.VocabularySize);
        config.Int("max_position_embeddings", model.MaxContextTokens);
        config.Float("rms_norm_eps", model.RmsNormEpsilon);
        config.Bool("tie_word_embeddings", model.TieEmbeddings);
        WriteRope(config, attention.Rope);

        // What decides nothing here, but has a default elsewhere that would: no token begins or ends a synthetic text.
        config.Null("bos_token_id");
        config.Null("eos_token_id");
        config.Float("attention_dropout", 0);
        config.Float("initializer_range", 0.02);
        config.Bool("use_cache", true);
    }

    /// <summary>The attention that all layers share, up to the window.</summary>
    public static GroupedQueryAttention AttentionOf(ModelShape model) =>
        model.Layers[0].Attention as GroupedQueryAttention ?? throw Unwritable(model, model.Layers[0].Attention);

    /// <summary>The feed-forward part that all layers share.</summary>
    public static GatedFeedForward FeedForwardOf(ModelShape model) =>
        model.Layers[0].FeedForward as GatedFeedForward ?? throw Unwritable(model, model.Layers[0].FeedForward);

    /// <summary>Each layer's window, null where it has none.</summary>
    public static int?[] Windows(ModelShape model) =>
        [.. model.Layers.Select(layer => (layer.Attention as GroupedQueryAttention)?.Window)];

    /// <summary>The tensors on the Hub that one tensor of a plan holds.</summary>
    public static IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model)
    {
        GroupedQueryAttention attention = AttentionOf(model);
        long queries = (long)attention.Heads * attention.HeadDimension;
        long keys = (long)attention.KvHeads * attention.HeadDimension;
        long intermediate = FeedForwardOf(model).IntermediateSize;
        string layer = $"model.layers.{tensor.Layer}.";
        string self = layer + "self_attn.";
        string mlp = layer + "mlp.";
        CheckpointTensor Whole(string name) => CheckpointTensor.Whole(name, tensor);
        IEnumerable<CheckpointTensor> Qkv(string end) =>
            CheckpointTensor.Stacked(
                tensor,
                ($"{self}q_proj.{end}", queries),
                ($"{self}k_proj.{end}", keys),
                ($"{self}v_proj.{end}", keys)
            );
        IEnumerable<CheckpointTensor> GateUp(string end) =>
            CheckpointTensor.Stacked(
                tensor,
                ($"{mlp}gate_proj.{end}", intermediate),
                ($"{mlp}up_proj.{end}", intermediate)
            );
        return tensor.Role switch
        {
            TensorRole.Embedding => [Whole("model.embed_tokens.weight")],
            TensorRole.AttentionNorm => [Whole(layer + "input_layernorm.weight")],
            TensorRole.QueryKeyValue => Qkv("weight"),
            TensorRole.QueryKeyValueBias => Qkv("bias"),
            TensorRole.QueryNorm => [Whole(self + "q_norm.weight")],
            TensorRole.KeyNorm => [Whole(self + "k_norm.weight")],
            TensorRole.AttentionOutput => [Whole(self + "o_proj.weight")],
            TensorRole.AttentionOutputBias => [Whole(self + "o_proj.bias")],
            TensorRole.FeedForwardNorm => [Whole(layer + "post_attention_layernorm.weight")],
            TensorRole.GateUp => GateUp("weight"),
            TensorRole.GateUpBias => GateUp("bias"),
            TensorRole.Down => [Whole(mlp + "down_proj.weight")],
            TensorRole.DownBias => [Whole(mlp + "down_proj.bias")],
            TensorRole.FinalNorm => [Whole("model.norm.weight")],
            TensorRole.LmHead => [Whole("lm_head.weight")],
            _ => throw new NotSupportedException($"Dense checkpoints have no tensor {tensor.Role}."),
        };
    }

    private static void WriteRope(ConfigWriter config, RopeShape rope)
    {
        config.Float("rope_theta", rope.Theta);
        switch (rope.Scaling)
        {
            case RopeScalingKind.None:
                config.Null("rope_scaling");
                break;
            case RopeScalingKind.Linear:
                config.Object(
                    "rope_scaling",
                    () =>
                    {
                        config.Text("rope_type", "linear");
                        config.Float("factor", rope.Factor);
                    }
                );
                break;
            case RopeScalingKind.Llama3:
                config.Object(
                    "rope_scaling",
                    () =>
                    {
                        config.Text("rope_type", "llama3");
                        config.Float("factor", rope.Factor);
                        config.Float("low_freq_factor", rope.LowFrequencyFactor);
                        config.Float("high_freq_factor", rope.HighFrequencyFactor);
                        config.Int("original_max_position_embeddings", rope.OriginalMaxContextTokens);
                    }
                );
                break;
            default:
                throw new NotSupportedException($"Dense checkpoints have no RoPE scaling {rope.Scaling}.");
        }
    }

    private static InputException Unwritable(ModelShape model, object part) =>
        new(
            $"{model.Name} cannot be written as a dense checkpoint: a layer has {part.GetType().Name}, and accepted are"
                + $" {nameof(GroupedQueryAttention)} and {nameof(GatedFeedForward)}."
        );
}
