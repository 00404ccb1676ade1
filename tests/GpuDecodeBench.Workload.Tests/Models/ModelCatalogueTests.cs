using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

public class ModelCatalogueTests
{
    private static readonly string[] s_publishedInexactly =
    [
        "deepseek-v3",
        "gpt-oss-20b",
        "gpt-oss-120b",
        "gemma-3-4b",
        "gemma-3-12b",
        "gemma-3-27b",
    ];

    private static readonly ModelArchitecture[] s_queryKeyNorm =
    [
        ModelArchitecture.Qwen3,
        ModelArchitecture.Qwen3Moe,
        ModelArchitecture.Gemma3,
    ];

    public static TheoryData<string> Names => [.. ModelCatalogue.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryPublishedParameterCountIsMet(string name)
    {
        CatalogueEntry entry = Entry(name);
        if (entry.IsSynthetic)
        {
            Assert.Null(entry.Shape.PublishedParameters);
            Assert.Null(entry.ParametersSource);
            return;
        }

        Assert.False(string.IsNullOrWhiteSpace(entry.ParametersSource));
        long published = Assert.NotNull(entry.Shape.PublishedParameters);
        long counted = ModelParameters.Count(entry.Shape);
        if (s_publishedInexactly.Contains(name))
        {
            Assert.InRange((double)counted / published, 0.995, 1.005);
        }
        else
        {
            Assert.Equal(published, counted);
        }
    }

    [Fact]
    public void WhatIsNotPublishedExactlySaysWhy()
    {
        foreach (string name in s_publishedInexactly)
        {
            CatalogueEntry entry = Entry(name);
            Assert.NotEqual(entry.Shape.PublishedParameters, ModelParameters.Count(entry.Shape));
            Assert.Matches("^rounded: |vocabulary rows", entry.ParametersSource);
        }
    }

    [Fact]
    public void DeepSeekV3IsCountedByHand()
    {
        const long Attention =
            ((7168L + (128 * 192)) * 1536)
            + 1536 // queries, compressed, normed and projected to 128 heads of 128 + 64
            + (576L * 7168)
            + 512 // keys and values, compressed to 512 + 64 and normed
            + (128L * (128 + 128) * 512)
            + (7168L * 128 * 128);
        const long Dense = 3L * 18_432 * 7168;
        const long Mixture = (257L * 3 * 2048 * 7168) + (256 * 7168) + 256; // a shared expert, the router, the bias for the choice
        Assert.Equal(
            (61 * (Attention + (2 * 7168))) + (3 * Dense) + (58 * Mixture) + (2L * 129_280 * 7168) + 7168,
            ModelParameters.Count(ModelCatalogue.Find("deepseek-v3"))
        );
    }

    /// <summary>The publisher's count of the language model, with the 64 rows by which the configuration's vocabulary is larger.</summary>
    [Theory]
    [InlineData("gemma-3-4b", 3_880_099_328 + (64L * 2560))]
    [InlineData("gemma-3-12b", 11_765_788_416 + (64L * 3840))]
    [InlineData("gemma-3-27b", 27_009_002_240 + (64L * 5376))]
    public void Gemma3DiffersFromItsPublishedCountByTheVocabularyAlone(string name, long parameters) =>
        Assert.Equal(parameters, ModelParameters.Count(ModelCatalogue.Find(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryModelSaysWhereItComesFrom(string name)
    {
        CatalogueEntry entry = Entry(name);
        Assert.Equal(entry.Source, entry.Shape.Source);
        if (entry.IsSynthetic)
        {
            Assert.Contains("made for tests", entry.Source, StringComparison.Ordinal);
            return;
        }

        Assert.Equal($"https://huggingface.co/{entry.HuggingFaceId}/blob/main/config.json", entry.Source);
        Assert.False(string.IsNullOrWhiteSpace(entry.CheckedAgainst));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryShapeIsSane(string name)
    {
        ModelShape model = ModelCatalogue.Find(name);
        Assert.Equal(name.ToLowerInvariant(), name);
        Assert.NotEmpty(model.Layers);
        Assert.InRange(model.MaxContextTokens, 2048, 1 << 20);
        Assert.InRange(model.VocabularySize, 2048, 270_000);
        Assert.InRange(model.Layers.Distinct(ReferenceEqualityComparer.Instance).Count(), 1, 2);
        foreach (LayerShape layer in model.Layers.Distinct())
        {
            bool gemma = model.Architecture is ModelArchitecture.Gemma2 or ModelArchitecture.Gemma3;
            Assert.Equal(gemma, layer.PostNorms);
            Assert.InRange(layer.Attention.ScoreScale, 0.05, 0.2);
            Assert.All(
                layer.Attention.Rope.InverseFrequencies(layer.Attention.QueryDimension, 100_000),
                frequency => Assert.InRange(frequency, 1e-8, 1)
            );
            if (layer.Attention is GroupedQueryAttention attention)
            {
                Assert.Equal(0, attention.Heads % attention.KvHeads);
                Assert.Contains(attention.HeadDimension, (int[])[32, 64, 96, 128, 256]);
                bool gptOss = model.Architecture == ModelArchitecture.GptOss;
                Assert.Equal(gptOss || model.Architecture == ModelArchitecture.Qwen2, attention.QkvBias);
                Assert.Equal(gptOss, attention.OutputBias);
                Assert.Equal(gptOss, attention.Sinks);
                Assert.Equal(s_queryKeyNorm.Contains(model.Architecture), attention.QueryKeyNorm);
            }

            if (layer.FeedForward is GatedFeedForward feedForward)
            {
                Assert.True(feedForward.IntermediateSize > model.HiddenSize);
            }
        }
    }

    [Theory]
    [InlineData("mixtral-8x7b", 8, 2, 14_336)]
    [InlineData("qwen3-30b-a3b", 128, 8, 768)]
    [InlineData("qwen3-235b-a22b", 128, 8, 1536)]
    [InlineData("gpt-oss-20b", 32, 4, 2880)]
    [InlineData("gpt-oss-120b", 128, 4, 2880)]
    [InlineData("deepseek-v3", 256, 8, 2048)]
    public void ExpertsAreThoseOfTheModelCards(string name, int experts, int perToken, int size)
    {
        var mixture = (MixtureOfExperts)ModelCatalogue.Find(name).Layers[^1].FeedForward;
        Assert.Equal(experts, mixture.Experts);
        Assert.Equal(perToken, mixture.ExpertsPerToken);
        Assert.Equal(size, mixture.ExpertIntermediateSize);
        Assert.True(mixture.Router.NormalizeWeights);
    }

    [Theory]
    [InlineData("gemma-2-9b", 42, 21, 4096)]
    [InlineData("gemma-2-27b", 46, 23, 4096)]
    [InlineData("gemma-3-1b", 26, 22, 512)]
    [InlineData("gemma-3-12b", 48, 40, 1024)]
    [InlineData("gemma-3-27b", 62, 52, 1024)]
    [InlineData("gpt-oss-20b", 24, 12, 128)]
    [InlineData("gpt-oss-120b", 36, 18, 128)]
    [InlineData("phi-3-mini-4k", 32, 32, 2047)]
    public void WindowsAreThoseOfThePapers(string name, int layers, int windowed, int tokens)
    {
        ModelShape model = ModelCatalogue.Find(name);
        Assert.Equal(layers, model.Layers.Length);
        Assert.Equal(
            Enumerable.Repeat<int?>(tokens, windowed),
            model.Layers.Select(layer => layer.Attention.Window).Where(window => window is not null)
        );
    }

    [Fact]
    public void Gemma3_12bIsNotGemma2_2b()
    {
        // The catalogue of another tool repeats Gemma-2-2B's shape under this name.
        ModelShape model = ModelCatalogue.Find("gemma-3-12b");
        Assert.Equal(3840, model.HiddenSize);
        Assert.Equal(48, model.Layers.Length);
        Assert.Equal(16, model.Layers[0].Attention.Heads);
        Assert.Equal(15_360, ((GatedFeedForward)model.Layers[0].FeedForward).IntermediateSize);
    }

    [Fact]
    public void NamesAreUniqueWhateverTheirCase()
    {
        string[] names = [.. ModelCatalogue.All.Select(model => model.Name)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(names.Length, ModelCatalogue.Entries.Count);
    }

    [Theory]
    [InlineData("llama-2-7b")]
    [InlineData("llama-2-13b")]
    [InlineData("llama-2-70b")]
    [InlineData("llama-3.1-8b")]
    [InlineData("llama-3.1-70b")]
    [InlineData("llama-3.1-405b")]
    [InlineData("llama-3.2-1b")]
    [InlineData("llama-3.2-3b")]
    [InlineData("llama-3.3-70b")]
    [InlineData("mistral-7b-v0.1")]
    [InlineData("mistral-7b-v0.3")]
    [InlineData("mistral-nemo-12b")]
    [InlineData("qwen2.5-72b")]
    [InlineData("qwen3-32b")]
    [InlineData("tinyllama-1.1b")]
    [InlineData("qwen2.5-7b")]
    [InlineData("mixtral-8x7b")]
    [InlineData("qwen3-30b-a3b")]
    [InlineData("qwen3-235b-a22b")]
    [InlineData("deepseek-v3")]
    [InlineData("gpt-oss-20b")]
    [InlineData("gpt-oss-120b")]
    [InlineData("gemma-2-9b")]
    [InlineData("gemma-3-12b")]
    [InlineData("phi-3-mini-4k")]
    [InlineData("phi-4-mini")]
    [InlineData("tiny")]
    public void ModelsThatPeopleAskForAreThere(string name) => Assert.Equal(name, ModelCatalogue.Find(name).Name);

    [Fact]
    public void OfTheMistralsOnlyTheFirstHasAWindow()
    {
        ModelShape[] windowed =
        [
            .. ModelCatalogue.All.Where(model =>
                model.Architecture == ModelArchitecture.Mistral && model.Layers[0].Attention.Window is not null
            ),
        ];
        Assert.Equal("mistral-7b-v0.1", Assert.Single(windowed).Name);
        Assert.Equal(4096, windowed[0].Layers[0].Attention.Window);
    }

    [Fact]
    public void HeadsOfMistralNemoAreNarrowerThanItsHiddenSizeSuggests()
    {
        ModelShape model = ModelCatalogue.Find("mistral-nemo-12b");
        var attention = (GroupedQueryAttention)model.Layers[0].Attention;
        Assert.Equal(128, attention.HeadDimension);
        Assert.Equal(160, model.HiddenSize / attention.Heads);
    }

    [Fact]
    public void NamesAreFoundWhateverTheirCase() =>
        Assert.Same(ModelCatalogue.Find("llama-3.1-8b"), ModelCatalogue.Find("LLaMA-3.1-8B"));

    [Theory]
    [InlineData("llama-3.1-7b", "llama-3.1-70b")]
    [InlineData("llama3.1-8b", "llama-3.1-8b")]
    [InlineData("qwen3-8", "qwen3-8b")]
    [InlineData("meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b")]
    [InlineData("", "qwen3-4b")]
    public void AnUnknownNameIsRefusedWithTheNearestNamesAndWhatElseIsAccepted(string name, string suggested)
    {
        foreach (
            Func<string, ModelShape> find in (Func<string, ModelShape>[])[ModelCatalogue.Find, ModelCatalogue.Resolve]
        )
        {
            string message = Assert.Throws<InputException>(() => find(name)).Message;
            TestConfigs.AssertSentence(message);
            Assert.Contains($"\"{name}\"", message, StringComparison.Ordinal);
            Assert.Contains(suggested, message, StringComparison.Ordinal);
            Assert.Contains("command models lists all", message, StringComparison.Ordinal);
            Assert.Contains("path of a config.json", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AVeryLongNameIsCutInTheMessage()
    {
        string message = Assert
            .Throws<InputException>(() => ModelCatalogue.Resolve(new string('x', 1_000_000)))
            .Message;
        TestConfigs.AssertSentence(message);
    }

    [Fact]
    public void ResolveTakesNamesFilesAndDirectories()
    {
        Assert.Same(ModelCatalogue.Find("tiny"), ModelCatalogue.Resolve("Tiny"));
        Assert.Equal("qwen2.5-7b", ModelCatalogue.Resolve(TestConfigs.Path("qwen2.5-7b")).Name);

        string directory = Directory.CreateTempSubdirectory("my-model").FullName;
        try
        {
            string file = Path.Combine(directory, "config.json");
            File.Copy(TestConfigs.Path("llama-3.1-8b"), file);
            foreach (string path in (string[])[directory, file])
            {
                ModelShape model = ModelCatalogue.Resolve(path);
                Assert.Equal(Path.GetFileName(directory), model.Name);
                Assert.Equal(file, model.Source);
                Assert.Equal(8_030_261_248, ModelParameters.Count(model));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("no-such/config.json")]
    [InlineData("./no-such-directory")]
    [InlineData("/no/such/place")]
    public void AMissingPathIsRefusedAsAFile(string path)
    {
        string message = Assert.Throws<InputException>(() => ModelCatalogue.Resolve(path)).Message;
        TestConfigs.AssertSentence(message);
        Assert.Contains($"{path}: no such file", message, StringComparison.Ordinal);
    }

    private static CatalogueEntry Entry(string name) => ModelCatalogue.Entries.Single(entry => entry.Name == name);
}
