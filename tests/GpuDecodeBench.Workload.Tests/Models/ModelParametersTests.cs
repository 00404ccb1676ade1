using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

public class ModelParametersTests
{
    [Theory]
    [InlineData("llama-2-7b", 524_288)]
    [InlineData("llama-2-13b", 819_200)]
    [InlineData("llama-3.1-8b", 131_072)]
    [InlineData("llama-3.1-70b", 327_680)]
    [InlineData("llama-3.1-405b", 516_096)]
    [InlineData("deepseek-v3", 70_272)]
    public void KvBytesPerTokenInBf16MatchThePublishedFigures(string name, long bytes) =>
        Assert.Equal(bytes, ModelParameters.KvBytesPerToken(ModelCatalogue.Find(name), KvFormat.Bf16));

    /// <summary>By hand: layers, keys and values, KV heads, head dimension, two bytes.</summary>
    [Theory]
    [InlineData("mixtral-8x7b", 32 * 2 * 8 * 128 * 2)]
    [InlineData("qwen3-30b-a3b", 48 * 2 * 4 * 128 * 2)]
    [InlineData("qwen3-235b-a22b", 94 * 2 * 4 * 128 * 2)]
    [InlineData("gpt-oss-20b", 24 * 2 * 8 * 64 * 2)]
    [InlineData("gpt-oss-120b", 36 * 2 * 8 * 64 * 2)]
    [InlineData("gemma-2-9b", 42 * 2 * 8 * 256 * 2)]
    [InlineData("gemma-3-12b", 48 * 2 * 8 * 256 * 2)]
    [InlineData("phi-3-mini-4k", 32 * 2 * 32 * 96 * 2)]
    public void KvBytesPerTokenInBf16AreThoseByHand(string name, long bytes) =>
        Assert.Equal(bytes, ModelParameters.KvBytesPerToken(ModelCatalogue.Find(name), KvFormat.Bf16));

    /// <summary>
    /// The published counts of activated parameters, in billions. Qwen and Mixtral count the embedding matrix, OpenAI does not, and
    /// DeepSeek does not say; here one row of it counts. So the published figure must lie between both counts, within 2 %.
    /// Sources: the model cards; arXiv 2401.04088, 2412.19437, 2508.10925.
    /// </summary>
    [Theory]
    [InlineData("mixtral-8x7b", 12.9)]
    [InlineData("qwen3-30b-a3b", 3.3)]
    [InlineData("qwen3-235b-a22b", 22)]
    [InlineData("deepseek-v3", 37)]
    [InlineData("gpt-oss-20b", 3.6)]
    [InlineData("gpt-oss-120b", 5.1)]
    public void ActivatedParametersMatchThePublishedFigures(string name, double billions)
    {
        ModelShape model = ModelCatalogue.Find(name);
        double active = ModelParameters.CountActive(model) / 1e9;
        double embedding = (double)model.VocabularySize * model.HiddenSize / 1e9;
        Assert.InRange(billions, active * 0.98, (active + embedding) * 1.02);
    }

    [Fact]
    public void ActivatedParametersOfADenseModelLeaveOutTheEmbeddingsOtherRows()
    {
        ModelShape tiny = ModelCatalogue.Find("tiny");
        Assert.Equal(ModelParameters.Count(tiny) - (2047 * 256), ModelParameters.CountActive(tiny));
    }

    [Theory]
    [InlineData(KvFormat.Fp16, 131_072)]
    [InlineData(KvFormat.Fp8, 65_536)]
    [InlineData(KvFormat.Int8, 65_536 + (32 * 2 * 8 * 2))]
    public void KvBytesPerTokenOfLlama31_8bCountCodesAndPerTokenScales(KvFormat format, long bytes) =>
        Assert.Equal(bytes, ModelParameters.KvBytesPerToken(ModelCatalogue.Find("llama-3.1-8b"), format));

    [Fact]
    public void TinyIsCountedByHand()
    {
        // Per layer: q and o 256 x 256, k and v 64 x 256, three of 704 x 256, two norms; then embedding, LM head, last norm.
        const long Layer = (2 * 256 * 256) + (2 * 64 * 256) + (3 * 704 * 256) + (2 * 256);
        ModelShape tiny = ModelCatalogue.Find("tiny");
        Assert.Equal(Layer, ModelParameters.CountLayer(tiny.Layers[0], tiny.HiddenSize));
        Assert.Equal((4 * Layer) + (2 * 2048 * 256) + 256, ModelParameters.Count(tiny));
    }

    [Fact]
    public void EveryBiasAndNormAddsItsOwnElements()
    {
        long plain = Count();
        Assert.Equal(4 * (256 + (2 * 64) + 256), Count(("attention_bias", "true")) - plain);
        Assert.Equal(4 * ((2 * 704) + 256), Count(("mlp_bias", "true")) - plain);
        Assert.Equal(-2048 * 256, Count(("tie_word_embeddings", "true")) - plain);
        Assert.Equal(4 * (256 + (2 * 64)), Count(("model_type", "\"qwen2\"")) - plain);
        Assert.Equal(4 * 2 * 32, Count(("model_type", "\"qwen3\""), ("head_dim", "32")) - plain);
    }

    [Fact]
    public void AnUnknownKindOfLayerIsNotCountedAsNothing()
    {
        var strange = new LayerShape(
            new StrangeAttention
            {
                Heads = 1,
                Rope = new RopeShape { Theta = 10_000 },
            },
            new GatedFeedForward { IntermediateSize = 8 }
        );
        ModelShape model = ModelCatalogue.Find("tiny") with { Layers = [strange] };
        Assert.Throws<NotSupportedException>(() => ModelParameters.Count(model));
    }

    private static long Count(params (string Key, string? Json)[] changes) =>
        ModelParameters.Count(TestConfigs.ReadWith(changes));

    private sealed record StrangeAttention : AttentionShape
    {
        public override int QueryDimension => 8;

        public override int ValueDimension => 8;

        public override KvLayout KvLayout(KvFormat format, int tensorParallel) => new(format, 1, 8);
    }
}
