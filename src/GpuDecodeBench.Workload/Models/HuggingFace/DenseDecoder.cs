using System.Collections.Immutable;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// Reads what the dense decoders of Llama's kind have in common. <c>hidden_size</c>, <c>intermediate_size</c>,
/// <c>num_hidden_layers</c>, <c>num_attention_heads</c>, <c>vocab_size</c>, <c>max_position_embeddings</c> and
/// <c>rms_norm_eps</c> must be given: transformers has defaults for them, but a file without them is more likely damaged than meant.
/// For all other keys transformers' defaults hold. Keys that transformers does not read for an architecture are not read here.
/// </summary>
internal static class DenseDecoder
{
    /// <summary>The number of layers; read before anything whose size depends on it.</summary>
    public static int Layers(ConfigObject config) => config.Int("num_hidden_layers", 1, ConfigLimits.MaxLayers);

    /// <summary>The shape.</summary>
    public static ModelShape Read(ConfigObject config, ConfigOrigin origin, DenseTraits traits)
    {
        RequireSilu(config);
        int hiddenSize = config.Int("hidden_size", 1, ConfigLimits.MaxHiddenSize);
        var shape = new ModelShape
        {
            Name = origin.Name,
            Source = origin.Source,
            PublishedParameters = origin.PublishedParameters,
            Architecture = traits.Architecture,
            Layers = BuildLayers(config, hiddenSize, traits),
            HiddenSize = hiddenSize,
            VocabularySize = config.Int("vocab_size", 1, ConfigLimits.MaxVocabularySize),
            TieEmbeddings = config.Bool("tie_word_embeddings", absent: false),
            RmsNormEpsilon = config.Number(
                "rms_norm_eps",
                ConfigLimits.MinRmsNormEpsilon,
                ConfigLimits.MaxRmsNormEpsilon
            ),
            MaxContextTokens = config.Int("max_position_embeddings", 1, ConfigLimits.MaxContextTokens),
        };
        long parameters = ModelParameters.Count(shape);
        return parameters <= ConfigLimits.MaxParameters
            ? shape
            : throw config.Error(
                $"the model has {parameters} parameters; at most {ConfigLimits.MaxParameters} are accepted."
            );
    }

    private static ImmutableArray<LayerShape> BuildLayers(ConfigObject config, int hiddenSize, DenseTraits traits)
    {
        int layers = Layers(config);
        int heads = config.Int("num_attention_heads", 1, ConfigLimits.MaxHeads);
        var attention = new GroupedQueryAttention
        {
            Heads = heads,
            KvHeads = KvHeads(config, heads, traits),
            HeadDimension = HeadDimension(config, hiddenSize, heads, traits),
            Rope = RopeConfig.Read(config),
            QkvBias = traits.QkvBias,
            OutputBias = traits.OutputBias,
            QueryKeyNorm = traits.QueryKeyNorm,
        };
        var feedForward = new GatedFeedForward
        {
            IntermediateSize = config.Int("intermediate_size", 1, ConfigLimits.MaxIntermediateSize),
            Bias = traits.FeedForwardBias,
        };
        var shared = new Dictionary<int, LayerShape>();
        var built = ImmutableArray.CreateBuilder<LayerShape>(layers);
        for (int layer = 0; layer < layers; layer++)
        {
            int? window = traits.Window(layer);
            if (!shared.TryGetValue(window ?? 0, out LayerShape? shape))
            {
                shape = new LayerShape(attention with { Window = window }, feedForward);
                shared.Add(window ?? 0, shape);
            }

            built.Add(shape);
        }

        return built.MoveToImmutable();
    }

    private static int KvHeads(ConfigObject config, int heads, DenseTraits traits)
    {
        const string Key = "num_key_value_heads";
        int? given = config.IntOrNull(Key, 1, ConfigLimits.MaxHeads);
        // A null means as many as heads for every architecture; only a key that is not there has a default of its own.
        int kvHeads = given ?? (config.Has(Key) ? null : traits.KvHeadsWhenAbsent) ?? heads;
        string origin = given is null ? " (the default where the key is absent)" : "";
        return heads % kvHeads == 0
            ? kvHeads
            : throw config.Refused(Key, $"{kvHeads}{origin}", $"a divisor of num_attention_heads, which is {heads}");
    }

    private static int HeadDimension(ConfigObject config, int hiddenSize, int heads, DenseTraits traits)
    {
        const string Accepted = "an even number, because RoPE rotates pairs of elements";
        int? given = config.IntOrNull("head_dim", 1, ConfigLimits.MaxHeadDimension) ?? traits.HeadDimensionWhenAbsent;
        if (given is int dimension)
        {
            return dimension % 2 == 0 ? dimension : throw config.Refused("head_dim", $"{dimension}", Accepted);
        }

        if (hiddenSize % heads != 0)
        {
            throw config.Refused(
                "hidden_size",
                $"{hiddenSize}",
                $"a multiple of num_attention_heads, which is {heads}, where head_dim is absent"
            );
        }

        int derived = hiddenSize / heads;
        return derived % 2 == 0 && derived <= ConfigLimits.MaxHeadDimension
            ? derived
            : throw config.Refused(
                "head_dim",
                $"{derived} (hidden_size / num_attention_heads)",
                $"{Accepted}, of at most {ConfigLimits.MaxHeadDimension}"
            );
    }

    private static void RequireSilu(ConfigObject config)
    {
        const string Accepted = "\"silu\"";
        string activation = config.StringOrNull("hidden_act", Accepted) ?? "silu";
        if (activation != "silu")
        {
            throw config.Refused("hidden_act", $"\"{activation}\"", Accepted);
        }
    }
}
