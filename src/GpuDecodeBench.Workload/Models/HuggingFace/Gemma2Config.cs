namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>gemma2</c>: GeGLU, norms before and after each part, an embedding multiplied by the root of the hidden size and tied to the LM
/// head, scores scaled by <c>query_pre_attn_scalar</c>, and a window in every other layer, the first one included, unless
/// <c>layer_types</c> says otherwise. 4 KV heads, heads of 256, a scalar of 256, soft caps of 50 on scores and 30 on logits and a
/// window of 4096 where those keys are absent; a null means none (transformers, <c>configuration_gemma2.py</c>,
/// <c>modeling_gemma2.py</c>).
/// </summary>
internal sealed class Gemma2Config : IArchitectureConfig
{
    /// <inheritdoc/>
    public string ModelType => "gemma2";

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        var core = CoreKeys.Read(config);
        return DecoderConfig.Read(
            config,
            origin,
            GemmaConfig.Traits(config, core, scoreCapWhenAbsent: 50, logitCapWhenAbsent: 30) with
            {
                Architecture = ModelArchitecture.Gemma2,
                Window = SlidingWindow.OfPattern(config, core.Layers, tokensWhenAbsent: 4096, fullEvery: 2),
            }
        );
    }
}
