using System.Collections.Immutable;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests;

/// <summary>Small models with the shapes that kernels stumble over.</summary>
internal static class TestModels
{
    /// <summary>Grouped heads, no size a multiple of a line, a panel or a group.</summary>
    public static ModelShape Awkward { get; } =
        Create("awkward", hidden: 150, heads: 6, kvHeads: 2, dimension: 24, intermediate: 203, vocabulary: 301);

    /// <summary>Sizes as real models have them, scaled down.</summary>
    public static ModelShape Regular { get; } =
        Create("regular", hidden: 256, heads: 8, kvHeads: 2, dimension: 64, intermediate: 640, vocabulary: 512);

    /// <summary>One KV head for all query heads.</summary>
    public static ModelShape MultiQuery { get; } =
        Create("multi-query", hidden: 128, heads: 7, kvHeads: 1, dimension: 32, intermediate: 256, vocabulary: 200);

    /// <summary>A KV head for every query head.</summary>
    public static ModelShape MultiHead { get; } =
        Create("multi-head", hidden: 128, heads: 4, kvHeads: 4, dimension: 32, intermediate: 256, vocabulary: 200);

    /// <summary>A feed-forward part whose input is too long for a first-level cache; an odd number of row panels.</summary>
    public static ModelShape LongInput { get; } =
        Create("long-input", hidden: 140, heads: 2, kvHeads: 1, dimension: 16, intermediate: 8300, vocabulary: 50);

    /// <summary>Every optional part: biases, head norms, a window, tied embeddings, scaled RoPE.</summary>
    public static ModelShape Everything { get; } =
        Create(
            "everything",
            hidden: 128,
            heads: 4,
            kvHeads: 2,
            dimension: 32,
            intermediate: 256,
            vocabulary: 200,
            options: true
        );

    public static IEnumerable<ModelShape> All =>
        [
            Awkward,
            Regular,
            MultiQuery,
            MultiHead,
            Everything,
            .. TestArchitectures.All,
            .. TestArchitectures.InWholeTiles,
        ];

    public static ModelShape ByName(string name) => All.Single(model => model.Name == name);

    /// <summary>Latents of DeepSeek's size, which kernels of their own are for; all else of attention small.</summary>
    public static MultiHeadLatentAttention Latents(int heads) =>
        new()
        {
            Heads = heads,
            QueryLatentDimension = null,
            LatentDimension = 512,
            PlainDimension = 16,
            RotatedDimension = 64,
            HeadValueDimension = 16,
            Rope = new RopeShape { Theta = 10_000 },
        };

    public static DecodeStepPlan Plan(
        ModelShape model,
        WeightFormat weights = WeightFormat.Bf16,
        KvFormat kv = KvFormat.Bf16,
        WeightFormat lmHead = WeightFormat.Bf16,
        params int[] contexts
    ) =>
        DecodeStepPlan.Create(
            model,
            new StepConditions
            {
                Formats = new StepFormats
                {
                    Weights = weights,
                    LmHead = lmHead,
                    Kv = kv,
                    Activations = ActivationFormat.Fp32,
                },
                ContextTokens = [.. contexts],
            }
        );

    /// <summary>The same step with the activations that a device has.</summary>
    public static DecodeStepPlan On(this DecodeStepPlan plan, IDecodeDevice device) =>
        DecodeStepPlan.Create(
            plan.Model,
            plan.Conditions with
            {
                Formats = plan.Conditions.Formats with { Activations = device.Activations },
            },
            plan.Layers
        );

    private static ModelShape Create(
        string name,
        int hidden,
        int heads,
        int kvHeads,
        int dimension,
        int intermediate,
        int vocabulary,
        bool options = false
    ) =>
        new()
        {
            Name = name,
            Architecture = ModelArchitecture.Llama,
            Layers =
            [
                .. Enumerable.Repeat(
                    new LayerShape(
                        new GroupedQueryAttention
                        {
                            Rope = options
                                ? new RopeShape
                                {
                                    Theta = 500_000,
                                    Scaling = RopeScalingKind.Llama3,
                                    Factor = 8,
                                    OriginalMaxContextTokens = 64,
                                }
                                : new RopeShape { Theta = 10_000 },

                            Heads = heads,
                            KvHeads = kvHeads,
                            HeadDimension = dimension,
                            QkvBias = options,
                            OutputBias = options,
                            QueryKeyNorm = options,
                            Window = options ? 37 : null,
                        },
                        new GatedFeedForward { IntermediateSize = intermediate, Bias = options }
                    ),
                    2
                ),
            ],
            HiddenSize = hidden,
            VocabularySize = vocabulary,
            TieEmbeddings = options,
            RmsNormEpsilon = 1e-5,
            MaxContextTokens = 4096,
            Source = "tests",
        };
}
