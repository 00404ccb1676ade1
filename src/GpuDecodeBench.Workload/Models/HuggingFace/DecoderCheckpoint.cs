using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// What the checkpoints of decoders have in common: the counterpart of <see cref="DecoderConfig"/>. Names as in transformers'
/// <c>modeling_llama.py</c> and its relatives; keys as in their <c>configuration_*.py</c>.
/// </summary>
internal static class DecoderCheckpoint
{
    /// <summary>The keys of dense decoders of Llama's kind.</summary>
    /// <param name="config">Receives the keys.</param>
    /// <param name="model">The model.</param>
    /// <param name="className">transformers' class with the LM head.</param>
    public static void WriteConfig(ConfigWriter config, ModelShape model, string className) =>
        WriteConfig(config, model, className, FeedForwardOf(model).IntermediateSize);

    /// <summary>The keys of decoders with grouped-query attention and SwiGLU, whatever their feed-forward parts are.</summary>
    /// <param name="config">Receives the keys.</param>
    /// <param name="model">The model.</param>
    /// <param name="className">transformers' class with the LM head.</param>
    /// <param name="intermediateSize"><c>intermediate_size</c>.</param>
    public static void WriteConfig(ConfigWriter config, ModelShape model, string className, int intermediateSize)
    {
        GroupedQueryAttention attention = AttentionOf(model);
        WriteCore(config, model, className, intermediateSize);
        config.Text("hidden_act", "silu");
        config.Int("num_key_value_heads", attention.KvHeads);
        config.Int("head_dim", attention.HeadDimension);
        RopeKeys.Write(config, attention.Rope);
    }

    /// <summary>The keys that all decoders have.</summary>
    /// <param name="config">Receives the keys.</param>
    /// <param name="model">The model.</param>
    /// <param name="className">transformers' class with the LM head.</param>
    /// <param name="intermediateSize"><c>intermediate_size</c>.</param>
    public static void WriteCore(ConfigWriter config, ModelShape model, string className, int intermediateSize)
    {
        config.Texts("architectures", [className]);
        config.Text("model_type", model.Architecture.ModelType());
        config.Int("num_hidden_layers", model.Layers.Length);
        config.Int("hidden_size", model.HiddenSize);
        config.Int("num_attention_heads", model.Layers[0].Attention.Heads);
        config.Int("intermediate_size", intermediateSize);
        config.Int("vocab_size", model.VocabularySize);
        config.Int("max_position_embeddings", model.MaxContextTokens);
        config.Float("rms_norm_eps", model.RmsNormEpsilon);
        config.Bool("tie_word_embeddings", model.TieEmbeddings);

        // What decides nothing here, but has a default elsewhere that would: no token begins or ends a synthetic text, or is
        // outside the vocabulary.
        config.Null("bos_token_id");
        config.Null("eos_token_id");
        config.Null("pad_token_id");
        config.Float("attention_dropout", 0);
        config.Float("initializer_range", 0.02);
        config.Bool("use_cache", true);
    }

    /// <summary>
    /// <c>sliding_window</c> and <c>layer_types</c>, for architectures that read both: the counterpart of
    /// <see cref="SlidingWindow.OfPattern"/>.
    /// </summary>
    public static void WriteLayerTypes(ConfigWriter config, ModelShape model, int windowWhenNone)
    {
        int?[] windows = Windows(model);
        config.Int("sliding_window", windows.FirstOrDefault(tokens => tokens is not null) ?? windowWhenNone);
        config.Texts("layer_types", LayerTypes(windows));
    }

    /// <summary>Each layer's entry of <c>layer_types</c>.</summary>
    public static IEnumerable<string> LayerTypes(int?[] windows) =>
        windows.Select(tokens => tokens is null ? "full_attention" : "sliding_attention");

    /// <summary>The attention that all layers share, up to the window.</summary>
    public static GroupedQueryAttention AttentionOf(ModelShape model) =>
        model.Layers[0].Attention as GroupedQueryAttention ?? throw Unwritable(model, model.Layers[0].Attention);

    /// <summary>The feed-forward part that all layers share.</summary>
    public static GatedFeedForward FeedForwardOf(ModelShape model) =>
        model.Layers[0].FeedForward as GatedFeedForward ?? throw Unwritable(model, model.Layers[0].FeedForward);

    /// <summary>Each layer's window, null where it has none.</summary>
    public static int?[] Windows(ModelShape model) => [.. model.Layers.Select(layer => layer.Attention.Window)];

    /// <summary>The tensors on the Hub that one tensor of a plan holds.</summary>
    public static IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model)
    {
        string layer = Layer(tensor);
        string self = layer + "self_attn.";
        string mlp = layer + "mlp.";
        CheckpointTensor Whole(string name) => CheckpointTensor.Whole(name, tensor);
        return tensor.Role switch
        {
            TensorRole.Embedding => [Whole("model.embed_tokens.weight")],
            TensorRole.AttentionNorm => [Whole(layer + "input_layernorm.weight")],
            TensorRole.QueryKeyValue => Qkv(tensor, model, self, "weight"),
            TensorRole.QueryKeyValueBias => Qkv(tensor, model, self, "bias"),
            TensorRole.QueryNorm => [Whole(self + "q_norm.weight")],
            TensorRole.KeyNorm => [Whole(self + "k_norm.weight")],
            TensorRole.AttentionOutput => [Whole(self + "o_proj.weight")],
            TensorRole.AttentionOutputBias => [Whole(self + "o_proj.bias")],
            TensorRole.FeedForwardNorm => [Whole(layer + "post_attention_layernorm.weight")],
            TensorRole.GateUp => CheckpointTensor.Halves(tensor, mlp + "gate_proj.weight", mlp + "up_proj.weight"),
            TensorRole.GateUpBias => CheckpointTensor.Halves(tensor, mlp + "gate_proj.bias", mlp + "up_proj.bias"),
            TensorRole.Down => [Whole(mlp + "down_proj.weight")],
            TensorRole.DownBias => [Whole(mlp + "down_proj.bias")],
            TensorRole.FinalNorm => [Whole("model.norm.weight")],
            TensorRole.LmHead => [Whole("lm_head.weight")],
            _ => throw new NotSupportedException($"The architecture's checkpoints have no tensor {tensor.Role}."),
        };
    }

    /// <summary>What the names of a layer's tensors begin with.</summary>
    public static string Layer(WeightTensor tensor) => $"model.layers.{tensor.Layer}.";

    private static IEnumerable<CheckpointTensor> Qkv(WeightTensor tensor, ModelShape model, string self, string end)
    {
        GroupedQueryAttention attention = AttentionOf(model);
        long queries = (long)attention.Heads * attention.HeadDimension;
        long keys = (long)attention.KvHeads * attention.HeadDimension;
        return CheckpointTensor.Stacked(
            tensor,
            ($"{self}q_proj.{end}", queries),
            ($"{self}k_proj.{end}", keys),
            ($"{self}v_proj.{end}", keys)
        );
    }

    private static InputException Unwritable(ModelShape model, object part) =>
        new(
            $"{model.Name} cannot be written as a checkpoint of {model.Architecture.ModelType()}: a layer has"
                + $" {part.GetType().Name}, and accepted are {nameof(GroupedQueryAttention)} and {nameof(GatedFeedForward)}."
        );
}
