namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// What every configuration says of its model as a whole. These keys must be given: transformers has defaults for them, but a file
/// without them is more likely damaged than meant. Gemma 3 is the exception that <see cref="CoreDefaults"/> is for.
/// </summary>
/// <param name="Layers"><c>num_hidden_layers</c>.</param>
/// <param name="HiddenSize"><c>hidden_size</c>.</param>
/// <param name="Heads"><c>num_attention_heads</c>.</param>
/// <param name="IntermediateSize"><c>intermediate_size</c>: of the dense layers, or of each expert where there are no dense ones.</param>
/// <param name="VocabularySize"><c>vocab_size</c>.</param>
/// <param name="MaxContextTokens"><c>max_position_embeddings</c>.</param>
/// <param name="RmsNormEpsilon"><c>rms_norm_eps</c>.</param>
internal sealed record CoreKeys(
    int Layers,
    int HiddenSize,
    int Heads,
    int IntermediateSize,
    int VocabularySize,
    int MaxContextTokens,
    double RmsNormEpsilon
)
{
    /// <summary>Reads them.</summary>
    /// <param name="config">The configuration of the language model.</param>
    /// <param name="defaults">What some keys are where they are absent; null where all must be given.</param>
    public static CoreKeys Read(ConfigObject config, CoreDefaults? defaults = null) =>
        new(
            ReadLayers(config),
            config.Int("hidden_size", 1, ConfigLimits.MaxHiddenSize),
            Int(config, "num_attention_heads", ConfigLimits.MaxHeads, defaults?.Heads),
            config.Int("intermediate_size", 1, ConfigLimits.MaxIntermediateSize),
            Int(config, "vocab_size", ConfigLimits.MaxVocabularySize, defaults?.VocabularySize),
            Int(config, "max_position_embeddings", ConfigLimits.MaxContextTokens, defaults?.MaxContextTokens),
            ReadEpsilon(config, defaults?.RmsNormEpsilon)
        );

    /// <summary>The number of layers; read before anything whose size depends on it.</summary>
    public static int ReadLayers(ConfigObject config) => config.Int("num_hidden_layers", 1, ConfigLimits.MaxLayers);

    private static int Int(ConfigObject config, string key, int max, int? absent) =>
        absent is int known ? config.IntOrNull(key, 1, max) ?? known : config.Int(key, 1, max);

    private static double ReadEpsilon(ConfigObject config, double? absent)
    {
        const string Key = "rms_norm_eps";
        const double Min = ConfigLimits.MinRmsNormEpsilon;
        const double Max = ConfigLimits.MaxRmsNormEpsilon;
        return absent is double known ? config.NumberOrNull(Key, Min, Max) ?? known : config.Number(Key, Min, Max);
    }
}
