using System.Text.Json.Nodes;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>Every wrong input gets one clear sentence and the right exit code, and destroys nothing.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string, string> WrongArguments =>
        new()
        {
            { "run --model lama-3.1-8b", "\"lama-3.1-8b\"|llama-3.1-8b|models" },
            { "run --model tiny --weights bf61", "--weights 'bf61'|fp16, bf16, fp8, int8, int4, mxfp4, nvfp4" },
            { "run --model tiny --weights bf16,bf16", "--weights names 'bf16' twice" },
            { "run --model tiny --weights bf16,,int4", "--weights 'bf16,,int4' has an empty entry" },
            { "run --model tiny --kv int4", "--kv 'int4'|fp16, bf16, fp8, int8" },
            { "run --model tiny --kv-block 48", "--kv-block '48'|16, 32, 64" },
            { "verify --model tiny --kv-block 16,32", "--kv-block '16,32'|16, 32, 64" },
            { "run --model tiny --device emulator:memory=8", "memory=8|memory=N{MB|GB}" },
            { "run --model tiny --device emulator --price-per-hour 2", "--price-per-hour|has no cost" },
            { "run --model tiny --device emulator:memory=0GB", "memory=0GB" },
            { "run --model tiny --lm-head fp61", "--lm-head 'fp61'|fp16" },
            { "run --model tiny --lm-head fp16,bf16", "--lm-head 'fp16,bf16'|one of" },
            { "run --model tiny --batch 0", "--batch '0'|whole numbers from 1" },
            { "run --model tiny --batch=-1", "--batch '-1'|whole numbers from 1" },
            { "run --model tiny --batch 1.5", "--batch '1.5'" },
            { "run --model tiny --batch 99999999999", "--batch '99999999999'" },
            { "run --model tiny --batch 100000", "batch 100000|65536" },
            { "run --model tiny --context 0", "--context '0'" },
            { "run --model tiny --context 4097", "context 4097|tiny|1 to 4096" },
            { "run --model tiny --layers 0", "--layers '0'|auto" },
            { "run --model tiny --layers 5", "layers 5|tiny|1 to 4" },
            { "run --model tiny --layers many", "--layers 'many'|auto" },
            { "run --model tiny --preset fast", "--preset 'fast'|quick, standard, thorough" },
            { "run --model tiny --price-per-hour 0", "--price-per-hour '0'|above 0" },
            { "run --model tiny --price-per-hour nan", "--price-per-hour 'nan'" },
            { "run --model tiny --utilization 1.2", "--utilization '1.2'|at most 1" },
            { "run --model tiny --max-seconds 0", "--max-seconds '0'" },
            { "run --model tiny --device cpu --tuning no-such-file.json", "no-such-file.json" },
            { "run --model tiny --seed=-3", "--seed '-3'" },
            { "run --model tiny -o xml", "-o 'xml'|table, json, jsonl, csv, md" },
            { "run --model tiny --columns mine", "--columns 'mine'|own, llama-bench" },
            { "run --model tiny --no-such-option", "--no-such-option|--help" },
            { "measure", "measure|--help" },
            { "models no-such-model", "no-such-model" },
            { "cost", "--from|--model" },
            { "cost --from a.json --model tiny --gpu h200", "--from cannot be given together" },
            { "cost --model tiny", "--gpu|h200" },
            { "cost --model tiny --weights int5", "--weights 'int5'|fp16, bf16" },
            { "cost fleet --model tiny --weights int5", "--weights 'int5'|fp16, bf16" },
            { "cost fleet --model tiny --gpu h900", "h900|h200" },
            { "roofline --model tiny --weights int5", "--weights 'int5'|fp16, bf16" },
            { "roofline --model tinny", "\"tinny\"|tiny" },
            { "roofline --kv q8", "--kv 'q8'|fp16, bf16, fp8, int8" },
            { "roofline --gpu h900", "h900|h200" },
            { "roofline --gpu h200", "--model" },
            { "roofline --model tiny --gpu h900", "h900|h200" },
            { "roofline --model tiny --gpu h200 --tensor-parallel 3", "tensor-parallel degree 3|tiny" },
            { "roofline --from no-such-file.json", "no-such-file.json" },
            { "cost --from a.json --batch 4", "--batch|--from" },
            { "cost --model tiny --gpu h200 --scenario rented --draws 10", "--draws 10|100 to 1000000" },
            { "cost --model tiny --gpu h200 --scenario owned --price-per-hour 2", "--price-per-hour|owns its devices" },
            { "cost --model tiny --gpu h200 --api-price 2", "--api-price|--scenario" },
            { "cost --model tiny --gpu h200 --scenario rented --api-price 1e308", "--api-price '1e308'|1000000" },
            { "cost --model tiny --gpu h200 --scenario rented --input-ratio 3", "--input-ratio|--api-price" },
            { "cost --model tiny --gpu h200 --scenario rented --sweep gpus=0", "--sweep 'gpus'|util" },
            { "cost choose --model tiny --gpu h200 --price-per-hour h200=1,h200=2", "H200 SXM twice" },
            { "cost day --preset deepseek --set day_nodes=1/2/3", "day_nodes|not a range" },
            {
                "cost --model tiny --gpu h200 --scenario rentd",
                "--scenario 'rentd'|rented, owned or a file|mean rented"
            },
            { "cost --model tiny --gpu h200 --scenario .", "--scenario '.' is a folder|rented, owned or a file" },
            { "cost day --scenario .", "'.' is a folder" },
            { "cost choose --model tiny --gpu all,h100", "--gpu 'all,h100'|all is every device and stands alone" },
            {
                "cost choose --model tiny --gpu h200 --efficiency 60%",
                "--efficiency '60%'|a share above 0 to 1, or LOW/LIKELY/HIGH"
            },
            {
                "cost choose --model tiny --gpu h200 --efficiency 60",
                "--efficiency '60'|a share above 0 to 1, or LOW/LIKELY/HIGH"
            },
            {
                "cost choose --model tiny --gpu h200 --efficiency 0.7/0.6/0.5",
                "--efficiency '0.7/0.6/0.5'|LOW/LIKELY/HIGH"
            },
            { "cost choose --model tiny --gpu h200 --set pue=0.5", "--set 'pue=0.5'|from 1 to 10" },
            {
                "cost fleet --model tiny --gpu h200 --tokens-per-day 1e20",
                "--tokens-per-day '1e20'|above 0, at most 1e18"
            },
        };

    [Theory]
    [MemberData(nameof(WrongArguments))]
    public void AWrongArgumentIsNamedWithItsValueAndWhatIsAccepted(string commandLine, string facts)
    {
        ArgumentNullException.ThrowIfNull(commandLine);
        ArgumentNullException.ThrowIfNull(facts);
        using var folder = new TemporaryFolder();
        string[] arguments = commandLine.Split(' ');
        bool runs = arguments[0] == "run";
        string target = folder.File("out");
        using var run = new CommandRunner(runs ? [.. arguments, "--out", target] : arguments);
        run.AssertRefused(ExitCodes.BadInput, facts.Split('|'));
        Assert.False(Directory.Exists(target), "a folder was made for a run that was refused");
    }

    [Theory]
    [InlineData("--weights")]
    [InlineData("--kv")]
    [InlineData("--batch")]
    [InlineData("--context")]
    public void AnEmptyListIsRefused(string argument)
    {
        using var run = new CommandRunner("run", "--model", "tiny", argument, "");
        run.AssertRefused(ExitCodes.BadInput, argument, "is empty");
    }

    [Theory]
    [InlineData("reference:1", "not on this machine")]
    [InlineData("cuda:7", "not on this machine")]
    [InlineData("CUDA:7", "not on this machine")]
    public void ADeviceThatIsNotThereHasAnExitCodeOfItsOwn(string device, string fact)
    {
        using var run = new CommandRunner("run", "--model", "tiny", "--device", device);
        run.AssertRefused(ExitCodes.Unavailable, device, fact, "accepted here: auto, cpu");
    }

    [Theory]
    [InlineData("tpu:3", "emulator or reference.")]
    [InlineData("foo", "emulator or reference.")]
    [InlineData("emulatr", "did you mean emulator?")]
    [InlineData("cdua:0", "did you mean c")]
    public void AKindOfDeviceThatThereIsNowhereIsBadInput(string device, string end)
    {
        foreach (string command in (string[])["run", "verify", "doctor", "watch"])
        {
            string[] model = command is "run" or "verify" ? ["--model", "tiny"] : [];
            using var run = new CommandRunner([command, .. model, "--device", device]);
            run.AssertRefused(ExitCodes.BadInput, $"--device '{device}' is no device; give auto, cpu, cuda:0", end);
        }
    }

    [Fact]
    public void AnArchitectureThatIsNotSupportedIsRefusedByNameWithTheListOfThoseThatAre()
    {
        using var folder = new TemporaryFolder();
        string config = folder.Write("config.json", """{"model_type": "mamba", "hidden_size": 64}""");
        using var run = new CommandRunner("run", "--model", config);
        run.AssertRefused(ExitCodes.BadInput, "mamba", "llama", "mistral", "qwen2", "qwen3");
    }

    [Fact]
    public void AConfigThatLacksAKeyNamesTheFileAndTheKey()
    {
        using var folder = new TemporaryFolder();
        string config = folder.Write("config.json", """{"model_type": "llama", "hidden_size": 64}""");
        using var run = new CommandRunner("run", "--model", config);
        run.AssertRefused(ExitCodes.BadInput, "config.json", "num_");
    }

    [Fact]
    public void AModelOfWhichNotOneLayerFitsIsRefusedWithTheFigures()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out");
        using var run = new CommandRunner(
            "run",
            "--model",
            "llama-3.1-405b",
            "--batch",
            "4096",
            "--context",
            "131072",
            "--out",
            target
        );
        run.AssertRefused(ExitCodes.Unavailable, "One layer of llama-3.1-405b", "GB", "free");
        Assert.False(File.Exists(Path.Combine(target, "run.json")));
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("telemetry.csv")]
    public void AFolderThatAlreadyHoldsARecordOrATraceIsLeftAlone(string name)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write(name, "precious");
        using var run = new CommandRunner("run", "--model", "tiny", "--out", folder.FullPath);
        run.AssertRefused(ExitCodes.BadInput, folder.FullPath, $"already holds a {name}");
        Assert.Equal("precious", File.ReadAllText(file));
    }

    [Fact]
    public void ABatchBeyondAllListsIsRefusedLikeAnyThatIsTooLarge()
    {
        using var run = new CommandRunner("run", "--model", "tiny", "--batch", "2147483647");
        run.AssertRefused(ExitCodes.BadInput, "batch 2147483647", "1 to 65536");
    }

    [Fact]
    public void AFileInTheFoldersPlaceIsRefused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("taken", "x");
        using var run = new CommandRunner("run", "--model", "tiny", "--out", file);
        run.AssertRefused(ExitCodes.BadInput, file, "is a file");
        using var below = new CommandRunner("run", "--model", "tiny", "--out", Path.Combine(file, "below"));
        below.AssertRefused(ExitCodes.BadInput, "cannot be written");
    }

    [Theory]
    [InlineData("roofline")]
    [InlineData("cost")]
    public void ARecordWithoutAPointIsNoEmptyAnswer(string command)
    {
        using var folder = new TemporaryFolder();
        JsonNode record = JsonNode.Parse(File.ReadAllText(Kept))!;
        record["points"] = new JsonArray();
        using var run = new CommandRunner(command, "--from", folder.Write("run.json", record.ToJsonString()));
        run.AssertRefused(ExitCodes.BadInput, "--from", "no point");
    }

    [Fact]
    public void ANameWithLineEndsStaysInOneSentence()
    {
        using var folder = new TemporaryFolder();
        JsonNode record = JsonNode.Parse(File.ReadAllText(Kept))!;
        record["model"]!["name"] = "one\n\u001b[31mtwo";
        record["startedUtc"] = "2026-11-25T00:00:00Z";
        using var run = new CommandRunner("compare", Kept, folder.Write("run.json", record.ToJsonString()));
        run.AssertRefused(ExitCodes.BadInput, "one  [31mtwo", "counterpart");
    }

    /// <summary>A sample may be any number that JSON has; a chart's axis reaches to those that can be drawn.</summary>
    [Fact]
    public void ASampleThatCannotBeDrawnLeavesAReportOfTheRest()
    {
        using var folder = new TemporaryFolder();
        JsonNode record = JsonNode.Parse(File.ReadAllText(Kept))!;
        foreach (JsonNode? point in record["points"]!.AsArray())
        {
            point!["samplesSeconds"]![0] = 1e308;
        }

        using var run = new CommandRunner("report", folder.Write("run.json", record.ToJsonString()));
        Assert.Equal((ExitCodes.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("more than one that can be drawn", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AStandardOutputThatIsClosedIsNoUnexpectedError()
    {
        using var output = new ClosedWriter();
        using var error = new StringWriter();
        int code = CommandLineProgram.Run(["models"], new CommandContext(output, error, CancellationToken.None));
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Equal(
            $"gpu-decode-bench: Standard output or a file cannot be used: {ClosedWriter.Words}",
            error.ToString().TrimEnd()
        );
    }

    /// <summary>What .NET does where a shell closed the descriptor (<c>>&amp;-</c>).</summary>
    private sealed class ClosedWriter : StringWriter
    {
        public const string Words = "Access to the path is denied.";

        public override void Write(char value) => throw new UnauthorizedAccessException(Words);

        public override void Write(char[] buffer, int index, int count) => throw new UnauthorizedAccessException(Words);

        public override void Write(string? value) => throw new UnauthorizedAccessException(Words);
    }

    private static string Kept => Repository.File("reports/amd-epyc-zen5-2-threads/2026-11-20-llama-3.2-1b-quick.json");

    [Theory]
    [InlineData("", "not JSON|empty")]
    [InlineData("{\"schemaVersion\": \"1\"", "truncated|end")]
    [InlineData("{\"schemaVersion\": \"2\"}", "newer")]
    [InlineData("[1, 2]", "record")]
    [InlineData("hello", "JSON")]
    public void ARecordThatCannotBeReadNamesTheFile(string content, string anyOf)
    {
        ArgumentNullException.ThrowIfNull(anyOf);
        using var folder = new TemporaryFolder();
        string record = folder.Write("run.json", content);
        foreach (string command in (string[])["roofline", "cost"])
        {
            using var run = new CommandRunner(command, "--from", record);
            run.AssertRefused(ExitCodes.BadInput, "run.json");
            Assert.Contains(anyOf.Split('|'), fact => run.Error.Contains(fact, StringComparison.OrdinalIgnoreCase));
        }

        Assert.Equal(content, File.ReadAllText(record));
    }
}
