using System.Text.Json;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Which layers attend to a sliding window of the context, and how long it is.</summary>
internal static class SlidingWindow
{
    private const int DefaultTokens = 4096;
    private const int DefaultMaxWindowLayers = 28;
    private const string Full = "full_attention";
    private const string Sliding = "sliding_attention";

    /// <summary>Llama has no window; a file that asks for one in <c>layer_types</c> is refused.</summary>
    public static void RequireNone(ConfigObject config, int layers) =>
        LayerTypes(config, layers, slidingAllowed: false);

    /// <summary>
    /// Mistral: every layer, <c>sliding_window</c> tokens, 4096 where the key is absent and none where it is null
    /// (transformers, <c>MistralConfig</c>). <c>layer_types</c> restricts it to the layers that it names; transformers only
    /// warns about that key here, but a file that has it means it.
    /// </summary>
    public static Func<int, int?> OfMistral(ConfigObject config, int layers)
    {
        int? window = Tokens(config, DefaultTokens);
        bool[]? sliding = LayerTypes(config, layers, slidingAllowed: true);
        return layer => sliding is null || sliding[layer] ? window : null;
    }

    /// <summary>
    /// Qwen2 and Qwen3: only where <c>use_sliding_window</c> is true, in the layers that <c>layer_types</c> names or, without
    /// it, from layer <c>max_window_layers</c> on (transformers, <c>Qwen2Config</c> and <c>Qwen3Config</c>).
    /// </summary>
    public static Func<int, int?> OfQwen(ConfigObject config, int layers)
    {
        bool used = config.Bool("use_sliding_window", absent: false);
        bool[]? sliding = LayerTypes(config, layers, slidingAllowed: true);
        if (!used || Tokens(config, DefaultTokens) is not int window)
        {
            return static _ => null;
        }

        // Files exist that give more window-free layers than there are layers.
        int first = config.IntOrNull("max_window_layers", 0, ConfigLimits.MaxContextTokens) ?? DefaultMaxWindowLayers;
        return layer => (sliding is null ? layer >= first : sliding[layer]) ? window : null;
    }

    /// <summary>
    /// Mixtral and Phi-3: every layer, <c>sliding_window</c> tokens, none where the key is absent or null (transformers,
    /// <c>MixtralConfig</c> and <c>Phi3Config</c>).
    /// </summary>
    public static Func<int, int?> OfAllLayers(ConfigObject config)
    {
        int? window = Tokens(config, absent: null);
        return _ => window;
    }

    /// <summary>
    /// Qwen3 with experts: every layer, only where <c>use_sliding_window</c> is true; unlike Qwen3, transformers looks neither at
    /// <c>layer_types</c> nor at <c>max_window_layers</c> (<c>modeling_qwen3_moe.py</c>).
    /// </summary>
    public static Func<int, int?> OfQwen3Moe(ConfigObject config)
    {
        int? window = Tokens(config, DefaultTokens);
        bool used = config.Bool("use_sliding_window", absent: false);
        return _ => used ? window : null;
    }

    /// <summary>
    /// gpt-oss, Gemma 2 and Gemma 3: the layers that <c>layer_types</c> names or, without it, all but every
    /// <paramref name="fullEvery"/>-th (transformers, <c>GptOssConfig</c>, <c>Gemma2Config</c> and <c>Gemma3TextConfig</c>).
    /// </summary>
    public static Func<int, int?> OfPattern(ConfigObject config, int layers, int tokensWhenAbsent, int fullEvery)
    {
        // A null would leave the layers with a window without one, which transformers cannot run either.
        int window = config.Has("sliding_window")
            ? config.Int("sliding_window", 1, ConfigLimits.MaxContextTokens)
            : tokensWhenAbsent;
        bool[]? sliding = LayerTypes(config, layers, slidingAllowed: true);
        return layer => (sliding is null ? (layer + 1) % fullEvery != 0 : sliding[layer]) ? window : null;
    }

    private static int? Tokens(ConfigObject config, int? absent) =>
        config.Has("sliding_window") ? config.IntOrNull("sliding_window", 1, ConfigLimits.MaxContextTokens) : absent;

    private static bool[]? LayerTypes(ConfigObject config, int layers, bool slidingAllowed)
    {
        string names = slidingAllowed ? $"\"{Full}\" or \"{Sliding}\"" : $"\"{Full}\"";
        string accepted = $"an array of {layers} times {names}, one for each layer";
        if (config.ArrayOrNull("layer_types", layers, accepted) is not JsonElement types)
        {
            return null;
        }

        bool[] sliding = new bool[layers];
        int layer = 0;
        foreach (JsonElement type in types.EnumerateArray())
        {
            sliding[layer] = type.ValueKind == JsonValueKind.String && type.ValueEquals(Sliding);
            bool full = type.ValueKind == JsonValueKind.String && type.ValueEquals(Full);
            if (!full && !(sliding[layer] && slidingAllowed))
            {
                throw config.Refused($"layer_types[{layer}]", type, names);
            }

            layer++;
        }

        return sliding;
    }
}
