namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>gemma3_text</c>: Gemma 2 with norms on each head's queries and keys, no soft caps where none are given, and windows in all
/// layers but every <c>sliding_window_pattern</c>-th (6 where absent), unless <c>layer_types</c> says otherwise. Layers with a window rotate
/// by <c>rope_local_base_freq</c> (10,000 where absent) without scaling, the others by <c>rope_theta</c> (a million where absent) with
/// <c>rope_scaling</c>; transformers 5 has a block for each in <c>rope_parameters</c> (transformers, <c>configuration_gemma3.py</c>,
/// <c>modeling_gemma3.py</c>).
/// </summary>
/// <remarks>
/// Google's files leave out much of what other files give, so that here alone the number of heads, the vocabulary, the longest
/// context and the norms' epsilon have transformers' defaults: 8, 262,208, 131,072 and 1e-6.
/// </remarks>
internal sealed class Gemma3TextConfig : IArchitectureConfig
{
    private static readonly CoreDefaults s_defaults = new(8, 262_208, 131_072, 1e-6);
    private static readonly RopeRules s_full = new() { DefaultTheta = 1_000_000 };
    private static readonly RopeRules s_local = new() { DefaultTheta = 10_000 };

    /// <inheritdoc/>
    public string ModelType => "gemma3_text";

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        var core = CoreKeys.Read(config, s_defaults);
        (ConfigObject? full, ConfigObject? local) = RopeBlocks(config);
        double fullTheta = RopeConfig.Theta(config, full, "rope_theta", s_full.DefaultTheta);
        double localTheta = RopeConfig.Theta(config, local, "rope_local_base_freq", s_local.DefaultTheta);
        int pattern = config.IntOrNull("sliding_window_pattern", 1, ConfigLimits.MaxLayers) ?? 6;
        return DecoderConfig.Read(
            config,
            origin,
            GemmaConfig.Traits(config, core, scoreCapWhenAbsent: null, logitCapWhenAbsent: null) with
            {
                Architecture = ModelArchitecture.Gemma3,
                QueryKeyNorm = true,
                Rope = headDimension => RopeConfig.Read(config, full, fullTheta, core, headDimension, s_full),
                LocalRope = headDimension => RopeConfig.Read(config, local, localTheta, core, headDimension, s_local),
                Window = SlidingWindow.OfPattern(config, core.Layers, tokensWhenAbsent: 4096, fullEvery: pattern),
            }
        );
    }

    /// <summary>The blocks of layers without and with a window; a block without layer types is that of layers without.</summary>
    private static (ConfigObject? Full, ConfigObject? Local) RopeBlocks(ConfigObject config)
    {
        ConfigObject? block = RopeConfig.EitherSpelling(config);
        return block is not null && (block.Has("full_attention") || block.Has("sliding_attention"))
            ? (block.ObjectOrNull("full_attention"), block.ObjectOrNull("sliding_attention"))
            : (block, null);
    }
}
