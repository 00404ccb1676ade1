using System.Collections.Immutable;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// Builds shapes from what the architectures' configurations have in common. Where a key is absent transformers' default holds,
/// except for <see cref="CoreKeys"/>. Keys that transformers does not read for an architecture are not read here, unless another
/// program gives them a meaning that this one does not support.
/// </summary>
internal static class DecoderConfig
{
    /// <summary>The shape of a decoder with grouped-query attention.</summary>
    public static ModelShape Read(ConfigObject config, ConfigOrigin origin, DecoderTraits traits)
    {
        CoreKeys core = traits.Core;
        int headDimension = HeadDimension(config, core, traits);
        var attention = new GroupedQueryAttention
        {
            Heads = core.Heads,
            KvHeads = KvHeads(config, core.Heads, traits),
            HeadDimension = headDimension,
            Rope = traits.Rope is null ? RopeConfig.Read(config, core, headDimension) : traits.Rope(headDimension),
            QkvBias = traits.QkvBias,
            OutputBias = traits.OutputBias,
            QueryKeyNorm = traits.QueryKeyNorm,
            Sinks = traits.Sinks,
            Scale = traits.ScoreScale,
            LogitSoftCap = traits.ScoreSoftCap,
        };
        RopeShape localRope = traits.LocalRope?.Invoke(headDimension) ?? attention.Rope;
        return Build(config, origin, traits.Architecture, core, Layer, traits.TieWhenAbsent) with
        {
            EmbeddingScale = traits.ScaleEmbedding ? Math.Sqrt(core.HiddenSize) : 1,
            LogitSoftCap = traits.LogitSoftCap,
            QuantizedParts = traits.QuantizedParts,
        };

        LayerShape Layer(int layer)
        {
            int? window = traits.Window(layer);
            GroupedQueryAttention shape = window is null
                ? attention
                : attention with
                {
                    Window = window,
                    Rope = localRope,
                };
            return new LayerShape(shape, traits.FeedForward(layer)) { PostNorms = traits.PostNorms };
        }
    }

    /// <summary>A model of <see cref="CoreKeys.Layers"/> layers; equal ones share one instance.</summary>
    /// <param name="config">The configuration of the language model.</param>
    /// <param name="origin">What else is known of the model.</param>
    /// <param name="architecture">The architecture.</param>
    /// <param name="core">What is read of the model as a whole.</param>
    /// <param name="layer">The shape of a layer, by its index.</param>
    /// <param name="tieWhenAbsent">Whether embeddings are tied where the file does not say.</param>
    /// <exception cref="InputException">The model has more parameters than are accepted.</exception>
    public static ModelShape Build(
        ConfigObject config,
        ConfigOrigin origin,
        ModelArchitecture architecture,
        CoreKeys core,
        Func<int, LayerShape> layer,
        bool tieWhenAbsent
    )
    {
        var shape = new ModelShape
        {
            Name = origin.Name,
            Source = origin.Source,
            PublishedParameters = origin.PublishedParameters,
            Architecture = architecture,
            Layers = ShareEqual(core.Layers, layer),
            HiddenSize = core.HiddenSize,
            VocabularySize = core.VocabularySize,
            TieEmbeddings = config.Bool("tie_word_embeddings", tieWhenAbsent),
            RmsNormEpsilon = core.RmsNormEpsilon,
            MaxContextTokens = core.MaxContextTokens,
        };
        long parameters = ModelParameters.Count(shape);
        return parameters <= ConfigLimits.MaxParameters
            ? shape
            : throw config.Error(
                $"the model has {parameters} parameters; at most {ConfigLimits.MaxParameters} are accepted."
            );
    }

    /// <summary>A required activation, <c>"silu"</c> or <c>"gelu_pytorch_tanh"</c>; absent it is that.</summary>
    public static void RequireActivation(ConfigObject config, string key, string only)
    {
        string accepted = $"\"{only}\"";
        string activation = config.StringOrNull(key, accepted) ?? only;
        if (activation != only)
        {
            throw config.Refused(key, $"\"{activation}\"", accepted);
        }
    }

    /// <summary>Dense layers, all alike.</summary>
    public static Func<int, FeedForwardShape> Dense(
        CoreKeys core,
        GatedActivationKind activation = GatedActivationKind.Silu,
        bool bias = false
    )
    {
        var feedForward = new GatedFeedForward
        {
            IntermediateSize = core.IntermediateSize,
            Activation = activation,
            Bias = bias,
        };
        return _ => feedForward;
    }

    private static ImmutableArray<LayerShape> ShareEqual(int count, Func<int, LayerShape> layer)
    {
        var shared = new Dictionary<LayerShape, LayerShape>();
        var built = ImmutableArray.CreateBuilder<LayerShape>(count);
        for (int index = 0; index < count; index++)
        {
            LayerShape shape = layer(index);
            if (!shared.TryGetValue(shape, out LayerShape? known))
            {
                shared.Add(shape, shape);
                known = shape;
            }

            built.Add(known);
        }

        return built.MoveToImmutable();
    }

    private static int KvHeads(ConfigObject config, int heads, DecoderTraits traits)
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

    private static int HeadDimension(ConfigObject config, CoreKeys core, DecoderTraits traits)
    {
        const string Accepted = "an even number, because RoPE rotates pairs of elements";
        int? given = config.IntOrNull("head_dim", 1, ConfigLimits.MaxHeadDimension) ?? traits.HeadDimensionWhenAbsent;
        if (given is int dimension)
        {
            return dimension % 2 == 0 ? dimension : throw config.Refused("head_dim", $"{dimension}", Accepted);
        }

        if (core.HiddenSize % core.Heads != 0)
        {
            throw config.Refused(
                "hidden_size",
                $"{core.HiddenSize}",
                $"a multiple of num_attention_heads, which is {core.Heads}, where head_dim is absent"
            );
        }

        int derived = core.HiddenSize / core.Heads;
        return derived % 2 == 0 && derived <= ConfigLimits.MaxHeadDimension
            ? derived
            : throw config.Refused(
                "head_dim",
                $"{derived} (hidden_size / num_attention_heads)",
                $"{Accepted}, of at most {ConfigLimits.MaxHeadDimension}"
            );
    }
}
