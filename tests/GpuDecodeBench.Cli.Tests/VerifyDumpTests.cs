using System.Text.Json;
using GpuDecodeBench.Tests.Shared;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Cli.Tests;

public sealed class VerifyDumpTests
{
    private static readonly string[] s_files = ["config.json", "model.safetensors", "steps.safetensors"];

    /// <summary>
    /// Small models of every architecture: grouped heads, biases, norms, scaled and partial RoPE, windows shorter than the run,
    /// experts, latents, caps and sinks.
    /// </summary>
    public static TheoryData<string> Configs =>
        [
            .. Directory
                .GetFiles(Path.Combine(AppContext.BaseDirectory, "Configs"))
                .Select(path => Path.GetFileName(path)),
        ];

    [Theory]
    [MemberData(nameof(Configs))]
    public void ADumpIsACheckpointOfTheModelWithAGreedyRun(string config)
    {
        using var folder = new TemporaryFolder();
        string model = Path.Combine(AppContext.BaseDirectory, "Configs", config);
        using var run = new CommandRunner([
            .. Arguments(folder, model),
            "--layers",
            "auto",
            "--batch",
            "2",
            "--dump-steps",
            "7",
            "-o",
            "json",
        ]);
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error + run.Output);
        Assert.Equal(s_files, Files(folder));

        ModelShape expected = HuggingFaceConfigReader.ReadFile(model);
        ModelShape written = ModelCatalogue.Resolve(folder.File("dump"));
        Assert.Equal(expected.Layers.AsEnumerable(), written.Layers);
        Assert.Equal("dump", written.Name);

        var steps = new SafetensorsFile(folder.File("dump/steps.safetensors"));
        Assert.Equal([7, 2, expected.VocabularySize], steps.Shape("logits"));
        Assert.Equal(steps.Ints("next_tokens")[..12], steps.Ints("tokens")[2..]);
        Assert.Equal(
            expected.Layers.SelectMany(StoredNames).Order(),
            steps.Names.Where(name => name.Contains('.')).Order()
        );
        Assert.Equal("5", steps.Metadata["seed"]);
        Assert.Equal("int8", steps.Metadata["weights_format"]);
        Assert.Equal("bf16", steps.Metadata["kv_format"]);
        Assert.Equal(
            steps.Metadata["tool_version"],
            new SafetensorsFile(folder.File("dump/model.safetensors")).Metadata["tool_version"]
        );

        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement[] rows =
        [
            .. document
                .RootElement[0]
                .GetProperty("rows")
                .EnumerateArray()
                .Where(row =>
                    row.GetProperty("operation").GetString()!.StartsWith("greedy step", StringComparison.Ordinal)
                ),
        ];
        Assert.Equal(Enumerable.Range(1, 7), rows.Select(row => row.GetProperty("contextTokens").GetInt32()));
        Assert.All(rows, row => Assert.True(row.GetProperty("passed").GetBoolean()));
    }

    [Fact]
    public void TheCheckpointHasTheLayersThatWereRunAndReplacesAnEarlierOne()
    {
        using var folder = new TemporaryFolder();
        foreach (string layers in (string[])["3", "1"])
        {
            using var run = new CommandRunner([.. Arguments(folder, "tiny"), "--layers", layers]);
            Assert.True(run.ExitCode == ExitCodes.Done, run.Error + run.Output);
            Assert.Equal(s_files, Files(folder));
            ModelShape written = ModelCatalogue.Resolve(folder.File("dump"));
            Assert.Equal(layers, $"{written.Layers.Length}");
        }

        // Eight steps where nothing else is said.
        Assert.Equal([8, 1], new SafetensorsFile(folder.File("dump/steps.safetensors")).Shape("tokens"));
    }

    [Fact]
    public void AGreedyStepThatFailsIsNamedAndLeavesNoDump()
    {
        using var folder = new TemporaryFolder();
        using (var good = new CommandRunner([.. Arguments(folder, "tiny")]))
        {
            Assert.Equal(ExitCodes.Done, good.ExitCode);
        }

        using var run = new CommandRunner(
            new FaultyBackend(onlyAtContext: 4),
            [.. Arguments(folder, "tiny"), "--device", "faulty"]
        );
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains(
            "greedy step 3: o_proj of layer 1",
            run.Output.ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
        Assert.Contains("no dump was written: step 3", run.Error, StringComparison.Ordinal);
        Assert.Empty(Files(folder));
    }

    [Fact]
    public void NothingIsDumpedWhereTheUsualCheckFails()
    {
        using var folder = new TemporaryFolder();
        using var run = new CommandRunner(
            new FaultyBackend(onlyAtContext: 10),
            [.. Arguments(folder, "tiny"), "--device", "faulty"]
        );
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("no dump was written: the step failed", run.Error, StringComparison.Ordinal);
        Assert.Empty(Files(folder));
    }

    [Theory]
    [InlineData("--weights bf16,int8", "--dump|2 points|--weights")]
    [InlineData("--batch 1,2", "--dump|2 points|--batch")]
    [InlineData("--dump-steps 0", "--dump-steps '0'|1 to 4096")]
    [InlineData("--dump-steps 4097", "--dump-steps '4097'|1 to 4096")]
    [InlineData("--dump-steps many", "--dump-steps 'many'")]
    [InlineData("--context 5000", "context 5000")]
    public void AWrongArgumentIsRefusedBeforeAFolderIsMade(string arguments, string facts)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(facts);
        using var folder = new TemporaryFolder();
        string[] changed = arguments.Split(' ');
        IEnumerable<string> kept = Arguments(folder, "tiny")
            .Skip(1)
            .Chunk(2)
            .Where(pair => pair[0] != changed[0])
            .SelectMany(pair => pair);
        using var run = new CommandRunner(["verify", .. kept, .. changed]);
        run.AssertRefused(ExitCodes.BadInput, facts.Split('|'));
        Assert.False(Directory.Exists(folder.File("dump")), "a folder was made for a dump that was refused");
    }

    [Fact]
    public void StepsWithoutADumpAreRefused()
    {
        using var run = new CommandRunner("verify", "--dump-steps", "3");
        run.AssertRefused(ExitCodes.BadInput, "--dump-steps 3", "--dump DIR");
    }

    [Fact]
    public void AModelThatNoCheckpointDescribesIsRefusedBeforeAFolderIsMade()
    {
        using var folder = new TemporaryFolder();
        string config = folder.Write(
            "two-windows.json",
            """
            {
              "model_type": "mistral", "num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 2,
              "num_key_value_heads": 1, "intermediate_size": 64, "vocab_size": 64, "max_position_embeddings": 64,
              "rms_norm_eps": 1e-5, "sliding_window": 4, "layer_types": ["sliding_attention", "full_attention"]
            }
            """
        );
        using var run = new CommandRunner(Arguments(folder, config));
        run.AssertRefused(ExitCodes.BadInput, "two-windows", "checkpoint", "mistral");
        Assert.False(Directory.Exists(folder.File("dump")), "a folder was made for a dump that was refused");
    }

    [Fact]
    public void AnEpsilonThatTransformersLatentNormsDoNotHaveIsRefused()
    {
        using var folder = new TemporaryFolder();
        string known = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Configs", "deepseek-groups.json"));
        string config = folder.Write(
            "deepseek.json",
            known.Replace("\"rms_norm_eps\": 1e-06", "\"rms_norm_eps\": 1e-05", StringComparison.Ordinal)
        );
        using var run = new CommandRunner(Arguments(folder, config));
        run.AssertRefused(ExitCodes.BadInput, "deepseek", "rms_norm_eps", "1E-05", "1E-06");
        Assert.False(Directory.Exists(folder.File("dump")), "a folder was made for a dump that was refused");
    }

    [Fact]
    public void AFolderWithAnythingElseIsLeftAlone()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("dump"));
        folder.Write("dump/config.json", "precious");
        folder.Write("dump/tokenizer.json", "precious too");
        using var run = new CommandRunner(Arguments(folder, "tiny"));
        run.AssertRefused(ExitCodes.BadInput, "--dump", "tokenizer.json", "new or empty folder");
        Assert.Equal("precious", File.ReadAllText(folder.File("dump/config.json")));
    }

    [Fact]
    public void AFileIsNoFolder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("dump", "precious");
        using var run = new CommandRunner(Arguments(folder, "tiny"));
        run.AssertRefused(ExitCodes.BadInput, "--dump", "is a file");
        Assert.Equal("precious", File.ReadAllText(folder.File("dump")));
    }

    private static IEnumerable<string> StoredNames(LayerShape layer, int index) =>
        layer.Attention is MultiHeadLatentAttention ? [$"latents.{index}"] : [$"keys.{index}", $"values.{index}"];

    private static string[] Arguments(TemporaryFolder folder, string model) =>
        [
            "verify",
            "--seed",
            "5",
            "--model",
            model,
            "--weights",
            "int8",
            "--context",
            "10",
            "--dump",
            folder.File("dump"),
        ];

    private static IEnumerable<string> Files(TemporaryFolder folder) =>
        Directory
            .GetFileSystemEntries(folder.File("dump"))
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal);
}
