namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>llama</c>: <c>attention_bias</c> puts biases on all four attention projections and <c>mlp_bias</c> on all three of the
/// feed-forward part; absent KV heads are as many as heads (transformers, <c>configuration_llama.py</c>, <c>modeling_llama.py</c>).
/// </summary>
internal sealed class LlamaConfig : IArchitectureConfig
{
    /// <inheritdoc/>
    public string ModelType => "llama";

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        bool attentionBias = config.Bool("attention_bias", absent: false);
        SlidingWindow.RequireNone(config, DenseDecoder.Layers(config));
        return DenseDecoder.Read(
            config,
            origin,
            new DenseTraits
            {
                Architecture = ModelArchitecture.Llama,
                QkvBias = attentionBias,
                OutputBias = attentionBias,
                FeedForwardBias = config.Bool("mlp_bias", absent: false),
            }
        );
    }
}
