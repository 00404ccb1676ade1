namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>gemma3</c>: a language model, <c>text_config</c>, that also takes images. Only the language model is read; the vision tower has no
/// part in a decode step (transformers, <c>configuration_gemma3.py</c>).
/// </summary>
internal sealed class Gemma3Config : IArchitectureConfig
{
    private readonly Gemma3TextConfig _text = new();

    /// <inheritdoc/>
    public string ModelType => "gemma3";

    /// <inheritdoc/>
    public bool NestsText => true;

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        const string TieKey = "tie_word_embeddings";
        ConfigObject text = config.Object("text_config");
        text.RequireText("model_type", _text.ModelType);
        bool outside = config.Bool(TieKey, absent: true);
        bool inside = text.Bool(TieKey, absent: outside);
        return inside == outside || !config.Has(TieKey)
            ? _text.Read(text, origin) with
            {
                TieEmbeddings = inside,
            }
            : throw config.Error($"{TieKey} is given twice, as {Json(outside)} and as {Json(inside)}; give it once.");
    }

    private static string Json(bool value) => value ? "true" : "false";
}
