using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Tests;

/// <summary>Small models with the parts of each architecture, in sizes that are no multiple of anything.</summary>
internal static class TestArchitectures
{
    private static readonly RopeShape s_plain = new() { Theta = 10_000 };

    private static readonly RopeShape s_yarn = new()
    {
        Theta = 10_000,
        Scaling = RopeScalingKind.Yarn,
        Factor = 4,
        Magnitude = 1.1,
        OriginalMaxContextTokens = 32,
    };

    /// <summary>Softmax router, weights normalised, grouped heads.</summary>
    public static ModelShape Mixtral { get; } =
        Create(
            "mixtral-like",
            ModelArchitecture.Mixtral,
            new LayerShape(Grouped(4, 2, 24), Experts(5, 2, 90, RouterScoring.Softmax, normalize: true))
        );

    /// <summary>Softmax router whose weights are left as they are, many experts, head norms; one dense layer among them.</summary>
    public static ModelShape Qwen3Moe { get; } =
        Create(
            "qwen3-moe-like",
            ModelArchitecture.Qwen3Moe,
            new LayerShape(
                Grouped(4, 2, 24) with
                {
                    QueryKeyNorm = true,
                },
                Experts(17, 4, 50, RouterScoring.Softmax, normalize: false)
            ),
            new LayerShape(Grouped(4, 2, 24) with { QueryKeyNorm = true }, Dense(203))
        );

    /// <summary>Sinks, a sliding layer, biases everywhere, clamped activation, YaRN.</summary>
    public static ModelShape GptOss { get; } =
        Create("gpt-oss-like", ModelArchitecture.GptOss, GptOssLayer(window: 21), GptOssLayer(window: null)) with
        {
            QuantizedParts = QuantizedParts.Experts,
        };

    /// <summary>Latent attention, a dense layer, then experts in groups with a bias for the choice and a shared one.</summary>
    public static ModelShape DeepSeek { get; } =
        Create(
            "deepseek-like",
            ModelArchitecture.DeepSeekV3,
            new LayerShape(Latent(queryLatent: 45), Dense(203)),
            new LayerShape(
                Latent(queryLatent: 45),
                Experts(12, 3, 50, RouterScoring.Sigmoid, normalize: true, shared: 70) with
                {
                    Router = new RouterShape
                    {
                        Scoring = RouterScoring.Sigmoid,
                        NormalizeWeights = true,
                        WeightFactor = 2.5,
                        ChoiceBias = true,
                        Groups = 4,
                        GroupsPerToken = 2,
                    },
                }
            )
        );

    /// <summary>Latent attention whose queries are projected directly, and whose scale is its own.</summary>
    public static ModelShape DeepSeekLite { get; } =
        Create(
            "deepseek-lite-like",
            ModelArchitecture.DeepSeekV3,
            new LayerShape(Latent(queryLatent: null) with { Scale = 0.2 }, Dense(203))
        );

    /// <summary>GeGLU, soft caps on scores and logits, norms after each part, a scaled embedding, a scale of its own.</summary>
    public static ModelShape Gemma2 { get; } =
        Create(
            "gemma2-like",
            ModelArchitecture.Gemma2,
            GemmaLayer(Grouped(4, 2, 24) with { LogitSoftCap = 1.5, Scale = 0.3, Window = 21 }),
            GemmaLayer(Grouped(4, 2, 24) with { LogitSoftCap = 1.5, Scale = 0.3 })
        ) with
        {
            LogitSoftCap = 1.25,
            EmbeddingScale = Math.Sqrt(150),
            TieEmbeddings = true,
        };

    /// <summary>Sliding and full layers with a rotary embedding each, head norms.</summary>
    public static ModelShape Gemma3 { get; } =
        Create(
            "gemma3-like",
            ModelArchitecture.Gemma3,
            GemmaLayer(Grouped(4, 2, 24) with { QueryKeyNorm = true, Window = 21 }),
            GemmaLayer(
                Grouped(4, 2, 24) with
                {
                    QueryKeyNorm = true,
                    Rope = new RopeShape
                    {
                        Theta = 1_000_000,
                        Scaling = RopeScalingKind.Linear,
                        Factor = 8,
                    },
                }
            )
        ) with
        {
            EmbeddingScale = Math.Sqrt(150),
            TieEmbeddings = true,
        };

    /// <summary>RoPE over a part of each head, with LongRoPE's divisors.</summary>
    public static ModelShape Phi3 { get; } =
        Create(
            "phi3-like",
            ModelArchitecture.Phi3,
            new LayerShape(
                Grouped(4, 2, 24) with
                {
                    Rope = new RopeShape
                    {
                        Theta = 10_000,
                        RotatedDimensions = 18,
                        Scaling = RopeScalingKind.LongRope,
                        Magnitude = 1.19,
                        OriginalMaxContextTokens = 48,
                        ShortFactors = [1, 1.05, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7],
                        LongFactors = [1.1, 2, 3, 4, 5, 6, 7, 8, 9],
                    },
                },
                Dense(203)
            )
        );

    /// <summary>The same with feed-forward parts in whole tiles of rows, so that gates and ups can be joined.</summary>
    public static IReadOnlyList<ModelShape> InWholeTiles { get; } =
    [WholeTiles(Mixtral), WholeTiles(GptOss), WholeTiles(DeepSeek), WholeTiles(Gemma2)];

    public static IReadOnlyList<ModelShape> All { get; } =
    [Mixtral, Qwen3Moe, GptOss, DeepSeek, DeepSeekLite, Gemma2, Gemma3, Phi3];

    private static ModelShape Create(string name, ModelArchitecture architecture, params LayerShape[] layers) =>
        new()
        {
            Name = name,
            Architecture = architecture,
            Layers = [.. layers],
            HiddenSize = 150,
            VocabularySize = 301,
            TieEmbeddings = false,
            RmsNormEpsilon = 1e-6,
            MaxContextTokens = 4096,
            Source = "tests",
        };

    private static GroupedQueryAttention Grouped(int heads, int kvHeads, int dimension) =>
        new()
        {
            Heads = heads,
            KvHeads = kvHeads,
            HeadDimension = dimension,
            Rope = s_plain,
        };

    private static MultiHeadLatentAttention Latent(int? queryLatent) =>
        new()
        {
            Heads = 5,
            QueryLatentDimension = queryLatent,
            LatentDimension = 44,
            PlainDimension = 20,
            RotatedDimension = 10,
            HeadValueDimension = 14,
            Rope = s_yarn,
        };

    private static ModelShape WholeTiles(ModelShape model) =>
        model with
        {
            Name = $"{model.Name} in whole tiles",
            Layers = [.. model.Layers.Select(layer => layer with { FeedForward = WholeTiles(layer.FeedForward) })],
        };

    private static FeedForwardShape WholeTiles(FeedForwardShape shape) =>
        shape switch
        {
            GatedFeedForward dense => dense with { IntermediateSize = 208 },
            MixtureOfExperts experts => experts with
            {
                ExpertIntermediateSize = 48,
                SharedIntermediateSize = experts.SharedIntermediateSize > 0 ? 80 : 0,
            },
            _ => shape,
        };

    private static GatedFeedForward Dense(int intermediate) => new() { IntermediateSize = intermediate };

    private static MixtureOfExperts Experts(
        int experts,
        int chosen,
        int intermediate,
        RouterScoring scoring,
        bool normalize,
        int shared = 0
    ) =>
        new()
        {
            Experts = experts,
            ExpertsPerToken = chosen,
            ExpertIntermediateSize = intermediate,
            SharedIntermediateSize = shared,
            Router = new RouterShape { Scoring = scoring, NormalizeWeights = normalize },
        };

    private static LayerShape GptOssLayer(int? window) =>
        new(
            Grouped(4, 2, 24) with
            {
                Window = window,
                Sinks = true,
                QkvBias = true,
                OutputBias = true,
                Rope = s_yarn with { WholeRampEnds = false },
            },
            Experts(6, 2, 51, RouterScoring.Softmax, normalize: true) with
            {
                Bias = true,
                Activation = GatedActivationKind.ClampedSwiGlu,
                Router = new RouterShape
                {
                    Scoring = RouterScoring.Softmax,
                    NormalizeWeights = true,
                    Bias = true,
                },
            }
        );

    private static LayerShape GemmaLayer(GroupedQueryAttention attention) =>
        new(attention, new GatedFeedForward { IntermediateSize = 203, Activation = GatedActivationKind.GeluTanh })
        {
            PostNorms = true,
        };
}
