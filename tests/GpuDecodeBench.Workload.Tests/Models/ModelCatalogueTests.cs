using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

public class ModelCatalogueTests
{
    public static TheoryData<string> Names => [.. ModelCatalogue.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryPublishedParameterCountIsMetExactly(string name)
    {
        CatalogueEntry entry = Entry(name);
        if (entry.IsSynthetic)
        {
            Assert.Null(entry.Shape.PublishedParameters);
            Assert.Null(entry.ParametersSource);
            return;
        }

        Assert.NotNull(entry.Shape.PublishedParameters);
        Assert.False(string.IsNullOrWhiteSpace(entry.ParametersSource));
        Assert.Equal(entry.Shape.PublishedParameters, ModelParameters.Count(entry.Shape));
    }

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
        Assert.InRange(model.VocabularySize, 2048, 200_000);
        Assert.All(model.Layers, layer => Assert.Same(model.Layers[0], layer));
        var attention = Assert.IsType<GroupedQueryAttention>(model.Layers[0].Attention);
        Assert.Equal(0, attention.Heads % attention.KvHeads);
        Assert.Contains(attention.HeadDimension, (int[])[32, 64, 128]);
        Assert.Equal(model.Architecture == ModelArchitecture.Qwen2, attention.QkvBias);
        Assert.False(attention.OutputBias);
        Assert.Equal(model.Architecture == ModelArchitecture.Qwen3, attention.QueryKeyNorm);
        Assert.True(Assert.IsType<GatedFeedForward>(model.Layers[0].FeedForward).IntermediateSize > model.HiddenSize);
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
    [InlineData("tiny")]
    public void ModelsThatPeopleAskForAreThere(string name) => Assert.Equal(name, ModelCatalogue.Find(name).Name);

    [Fact]
    public void OnlyMistral7bV01HasAWindow()
    {
        ModelShape[] windowed =
        [
            .. ModelCatalogue.All.Where(model =>
                model.Layers[0].Attention is GroupedQueryAttention { Window: not null }
            ),
        ];
        Assert.Equal("mistral-7b-v0.1", Assert.Single(windowed).Name);
        Assert.Equal(4096, ((GroupedQueryAttention)windowed[0].Layers[0].Attention).Window);
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
