using System.Text.Json;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>An option that would change nothing is refused with one sentence, or takes effect; it is never ignored.</summary>
public sealed class IneffectiveOptionTests
{
    private const string H100 = "--model llama-3.1-8b --gpu h100";
    private const string Many = "--model llama-3.1-8b --gpu h100,h200 --weights bf16,fp8,int4";

    private static readonly string Record = Repository.File(
        "reports/amd-epyc-zen5-2-threads/2026-11-20-llama-3.2-1b-quick.json"
    );

    public static TheoryData<string, string> Choices =>
        new()
        {
            { $"choose {H100} --price-per-hour h200=1", "'h200=1'|H200 SXM|H100 SXM" },
            { $"choose {H100},l4 --price-per-hour h100=1,h200=1", "H200 SXM|prices of H100 SXM, L4" },
            { $"choose {H100} --utilization 0.5 --set util=0.1", "--set util|--utilization|one of them" },
            { $"choose {H100} --price-per-hour 1 --set tariff=1,rent=2", "--set rent|--price-per-hour" },
            { $"choose {H100} --efficiency 0.5 --set efficiency=0.6", "--set efficiency|--efficiency" },
            { $"choose {H100} --set tariff=0.5", "'tariff'|part of the rent|util, rent" },
            { $"choose {H100} --set peak_to_mean=2", "'peak_to_mean' has no effect" },
            { $"choose {H100} --scenario owned --set rent=2", "'rent' has no effect" },
            { $"choose {H100} --surely", "--surely|--max-step-ms" },
            { $"choose {H100} --surely --max-step-ms 50 --efficiency 0.6", "--surely|0.6|LOW/LIKELY/HIGH" },
            { $"choose {H100} --include-invalid", "--include-invalid|--from" },
            { "choose --model llama-3.1-8b --gpu h100,h100-sxm", "H100 SXM twice" },
            { "choose --from RECORD --gpu h100", "--gpu 'h100'|--from" },
            { "choose --from RECORD --weights int4", "--weights 'int4'|--from" },
            { "choose --from RECORD --kv fp8", "--kv 'fp8'|--from" },
            { "choose --from RECORD --context 77", "--context '77'|--from" },
            { "choose --from RECORD --tensor-parallel 2", "--tensor-parallel '2'|--from" },
            { "choose --from RECORD --max-batch 4", "--max-batch '4'|--from" },
            { "choose --from RECORD --efficiency 0.1", "--efficiency '0.1'|--from" },
            { "choose --from RECORD --efficiency-from RECORD", "--efficiency-from|--from" },
            { "choose --from RECORD --surely --max-step-ms 5", "--surely|--from" },
            { "choose --from RECORD --price-per-hour h200=1", "'h200=1'|one price" },
            { "fleet --from RECORD --tokens-per-day 1e6 --lm-head fp8", "--lm-head 'fp8'|--from" },
            { $"fleet {H100} --tokens-per-day 1e6 --include-invalid", "--include-invalid|--from" },
            { "fleet --from RECORD --tokens-per-day 1e6 --set price_halving=1", "'price_halving' has no effect" },
            { "outlook --model llama-3.1-8b --gpu h200 --price-year 2025", "--price-year '2025'|--price-now" },
            { "route --large 10 --weights int4", "--weights 'int4'|MODEL@GPU" },
            { $"choose {H100} --set mfu_prefill=0.4", "'mfu_prefill' has no effect|what counts is" },
            { $"fleet {H100} --tokens-per-day 1e9 --set cache_hit=0.5", "'cache_hit' has no effect|what counts is" },
            { "outlook --model llama-3.1-8b --gpu h200 --set rent=2.2", "'rent' has no effect|gpu_price" },
            { "outlook --model llama-3.1-8b --gpu h200 --set spec_accept=0.5", "'spec_accept' has no effect" },
            { "outlook --model llama-3.1-8b --gpu h200 --set peak_to_mean=2", "'peak_to_mean' has no effect" },
            { "outlook --model llama-3.1-8b --gpu h200 --set mfu_prefill=0.4", "'mfu_prefill' has no effect" },
            { "route --large 10 --small 0.3 --small-share 0.5 --set tariff=1", "'tariff' has no effect|no input" },
            { "route --large 10 --small 0.3 --small-share 0.5 --set device_energy=1", "'device_energy' has no effect" },
            { "route --large 10 --small 0.3 --small-share 0.5 --set util=0.5", "'util' has no effect" },
            { "route --large 10 --small 0.3 --small-share 0.5 --escalate-device 0.4", "--device-share" },
            { "route --large llama-3.1-8b@h200 --set tariff=1", "'tariff' has no effect|part of the rent" },
            { "route --large llama-3.1-8b@h200 --set spec_accept=0.5", "'spec_accept' has no effect" },
            { "route --large 10 --efficiency 0.5", "--efficiency '0.5'|MODEL@GPU" },
            { "route --large 10 --max-step-ms 5", "--max-step-ms '5'|run record" },
            { "route --large 10 --utilization 0.5", "--utilization '0.5'|run record" },
            { "route --large 10 --scenario owned", "--scenario 'owned'|run record" },
            { "route --large RECORD --weights int4", "--weights 'int4'|MODEL@GPU" },
            { "route --large llama-3.1-8b@h100 --price-per-hour h200=1", "H200 SXM|H100 SXM" },
            { "route --large 10 --escalate-small 0.5", "--escalate-small '0.5'|--small" },
            { $"--scenario owned choose {H100}", "--scenario|option of cost|behind its name" },
        };

    public static TheoryData<string, string> Costs =>
        new()
        {
            { $"{H100} --sweep years=2,3", "'years' has no effect|part of the rent" },
            { $"{H100} --scenario rented --sweep region", "'region' has no effect|--scenario owned" },
            { $"{Many} --scenario rented --sweep region", "'region' has no effect|--scenario owned" },
            { $"{Many} --sweep util=0.5,0.6 --utilization 0.4", "--utilization|--sweep" },
            { $"{H100} --sweep rent=1,2 --price-per-hour 3", "--price-per-hour|--sweep" },
            { $"{Many} --price-per-hour 3", "'3' is one price, and 2 devices|NAME=USD" },
            { $"{Many} --scenario owned --sweep region --sweep tariff=0.1", "tariff twice|region" },
            { $"{Many} --scenario owned --draws 200", "--draws '200'|6 points|--explain" },
            { $"{H100} --draws 200", "--draws '200'|--scenario" },
            { $"{H100} --seed 2", "--seed '2'|--scenario" },
            { $"{H100} --scenario rented --seed 2147483648", "--seed '2147483648'|0 to 2147483647" },
            { $"{H100} --include-invalid", "--include-invalid|--from" },
            { $"{H100} --new-scenario", "--model 'llama-3.1-8b'|--new-scenario" },
            { $"{H100} --explain -o csv", "--explain|'csv'|table, json or md" },
            { $"{H100} --tensor-parallel 3,5", "degree 3|degree 5|32 attention heads" },
            { "--from RECORD --sweep util=0.4", "--sweep 'util=0.4'|--scenario" },
            { "--from RECORD --tensor-parallel 2,4", "--tensor-parallel 2|--tensor-parallel 4" },
        };

    public static TheoryData<string, string> Others =>
        new()
        {
            { "roofline --from RECORD --tensor-parallel 8", "--tensor-parallel '8'|cost --from" },
            { "roofline --model tiny --gpu h200 --tensor-parallel 3", "degree 3|tiny" },
            { "claims --explain -o jsonl", "--explain|'jsonl'" },
            { "doctor --list --device cuda:7", "--device 'cuda:7'|--list" },
            { "doctor --list --max-seconds 5", "--max-seconds '5'|--list" },
            { "report RECORD --force", "--force|--out" },
            { "report RECORD -o csv --scenario owned", "--scenario 'owned'|-o csv" },
            { "report RECORD -o md --api-price 3", "--api-price '3'|-o md" },
            { "compare --history RECORD --across", "--across|--history" },
            { "compare --history RECORD --include-invalid", "--include-invalid|--history" },
            { "compare --history RECORD --yardstick time", "--yardstick 'time'|--history" },
            { "compare --history RECORD --by weights", "--by 'weights'|--history" },
            { "compare --history RECORD --fail-if-slower 5", "--fail-if-slower '5'|--history" },
            { "compare RECORD --by weights --across", "--across|--by" },
            { "--version devices", "--version|devices" },
        };

    [Theory]
    [MemberData(nameof(Choices))]
    [MemberData(nameof(Costs))]
    public void OfACost(string arguments, string facts) => AssertRefused($"cost {arguments}", facts);

    [Theory]
    [MemberData(nameof(Others))]
    public void OfAnotherCommand(string arguments, string facts) => AssertRefused(arguments, facts);

    [Theory]
    [InlineData($"choose {H100} --weights fp8 --scenario owned --set busy_fraction=0.9,tariff=0.5")]
    [InlineData($"choose {H100} --weights fp8 --set link_latency=9 --surely --max-step-ms 50")]
    [InlineData($"choose {H100} --weights fp8 --tokens-per-day 1e9 --set peak_to_mean=2,util=0.4")]
    [InlineData($"choose {H100},h200 --weights fp8 --price-per-hour h200=1")]
    [InlineData($"fleet {H100} --tokens-per-day 1e9 --set peak_to_mean=2,util=0.4")]
    [InlineData("route --large 10 --small llama-3.1-8b@h100 --small-share 0.5 --weights int4 --price-per-hour h100=1")]
    [InlineData("route --large 10 --device-share 0.5 --set device_energy=0.5")]
    [InlineData("route --large llama-3.1-8b@h100 --input-ratio 3 --set mfu_prefill=0.4")]
    [InlineData($"fleet {H100} --tokens-per-day 1e9 --input-tokens-per-day 3e9 --set cache_hit=0.5")]
    [InlineData($"outlook {H100} --weights fp8 --set price_halving=1,tariff=0.1,generation_years=3,busy_fraction=0.8")]
    public void WhatTakesEffectIsAccepted(string arguments)
    {
        using CommandRunner cost = Run($"cost {arguments}");

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
    }

    [Fact]
    public void ASweepWithoutAScenarioGoesThroughThePriceOverTheRate()
    {
        using CommandRunner cost = Run($"cost {H100} --sweep util=0.25,0.5 -o json");

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        using JsonDocument document = JsonDocument.Parse(cost.Output);
        double[] costs =
        [
            .. document
                .RootElement[0]
                .GetProperty("rows")
                .EnumerateArray()
                .Select(row => row.GetProperty("usdPerMillionTokens").GetDouble()),
        ];
        Assert.Equal(2, costs.Length);
        Assert.Equal(2 * costs[1], costs[0], 1e-9);
    }

    [Theory]
    [InlineData("roofline", 2)]
    [InlineData("cost", 2)]
    [InlineData("cost --scenario owned", 2)]
    public void ANumberOfDevicesThatIsNotPossibleIsARowWithWhyBesideThoseThatAre(string command, int impossible)
    {
        using CommandRunner run = Run($"{command} {H100} --weights bf16,int4 --tensor-parallel 1,2,3 -o json");

        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement[] tables = [.. document.RootElement.EnumerateArray()];
        Assert.Contains("1 × H100 SXM", run.Output, StringComparison.Ordinal);
        JsonElement[] rows = [.. tables[^1].GetProperty("rows").EnumerateArray()];
        Assert.Equal(impossible, rows.Length);
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal("3 × H100 SXM", row.GetProperty("device").GetString());
                Assert.Equal("cannotSplit", row.GetProperty("code").GetString());
                Assert.Contains(
                    "3 does not divide the 32 attention heads",
                    row.GetProperty("reason").GetString(),
                    StringComparison.Ordinal
                );
            }
        );
    }

    [Theory]
    [InlineData("--gpu h200 --tensor-parallel 16")]
    [InlineData("--gpu h200 --tensor-parallel 16 --scenario rented")]
    [InlineData("--gpu h200 --tensor-parallel 1,2,4,8,16 --scenario owned")]
    [InlineData("--gpu a100,h100,b200 --tensor-parallel 8,16")]
    public void DevicesBeyondAFastLinkAreSaidToBe(string arguments)
    {
        using CommandRunner cost = Run($"cost --model llama-3.1-8b {arguments} -o md");
        using CommandRunner within = Run($"cost --model llama-3.1-8b --gpu gb200,h200 --tensor-parallel 8 -o md");

        Assert.Contains("are more than the 8 that one fast link joins", cost.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("that one fast link joins", within.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ADeviceChosenBeyondAFastLinkIsMarkedInItsRow()
    {
        using CommandRunner choice = Run("cost choose --model llama-3.1-70b --gpu h200 --tensor-parallel 16 -o csv");

        Assert.True(choice.ExitCode == ExitCodes.Done, choice.Error);
        Assert.Contains(",link,", choice.Output.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("16 × H200 SXM are more than the 8", choice.Output, StringComparison.Ordinal);
    }

    /// <summary>One device is cheapest, whose cost knows no link; that two are dearer is the link's doing.</summary>
    [Theory]
    [InlineData("choose")]
    [InlineData("fleet --tokens-per-day 1e9")]
    public void AnInputThatDecidesAmongCandidatesHasAnEffect(string command)
    {
        const string Model = "--model llama-3.1-8b --gpu h200 --set link_latency=1000";
        using CommandRunner two = Run($"cost {command} {Model} --tensor-parallel 1,2");
        using CommandRunner one = Run($"cost {command} {Model} --tensor-parallel 1");

        Assert.True(two.ExitCode == ExitCodes.Done, two.Error);
        one.AssertRefused(ExitCodes.BadInput, "'link_latency' has no effect");
    }

    [Fact]
    public void CommaSeparatedCostsHaveOneHeader()
    {
        using CommandRunner cost = Run($"cost {H100} --tensor-parallel 1,2,3 -o csv");

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        string[] lines = cost.Output.TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("table,", lines[0], StringComparison.Ordinal);
        Assert.Equal(lines[1].Split(',')[0], lines[2].Split(',')[0]);
        Assert.Contains("3 does not divide the 32 attention heads", lines[3], StringComparison.Ordinal);
        using CommandRunner possible = Run($"cost {H100} --tensor-parallel 1,2 -o csv");
        Assert.DoesNotContain("table", possible.Output.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void AStepThatDoesNotFitIsNotValidAndSaysItsConditions()
    {
        using CommandRunner cost = Run("cost --model llama-3.1-8b --gpu h200 --batch 16000 --context 131072 -o csv");
        using CommandRunner layers = Run(
            "cost --model llama-3.1-8b --gpu h200 --batch 16000 --context 131072 --scenario rented"
        );

        string row = cost.Output.TrimEnd().Split('\n')[1];
        Assert.Contains("16000,131072,1 × H200 SXM", row, StringComparison.Ordinal);
        Assert.Contains(",false,doesNotFit", row, StringComparison.Ordinal);
        layers.AssertRefused(ExitCodes.BadInput, "no number of devices", "a smaller batch");
    }

    [Fact]
    public void APointThatIsImpossibleWhateverTheDevicesIsStillRefused()
    {
        using CommandRunner cost = Run($"cost {H100} --batch 100000 --tensor-parallel 1,3");

        cost.AssertRefused(ExitCodes.BadInput, "batch 100000", "65536");
    }

    [Fact]
    public void BlocksOfAPredictedCacheTakeTheMemoryThatTheyFill()
    {
        using CommandRunner small = Run($"cost {Many} --context 1025 --batch 64 -o csv");
        using CommandRunner large = Run($"cost {Many} --context 1025 --batch 64 --kv-block 64 -o csv");

        Assert.True(large.ExitCode == ExitCodes.Done, large.Error);
        Assert.NotEqual(small.Output, large.Output);
    }

    private static void AssertRefused(string arguments, string facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        using CommandRunner run = Run(arguments);

        run.AssertRefused(ExitCodes.BadInput, facts.Split('|'));
    }

    private static CommandRunner Run(string arguments) =>
        new([.. arguments.Split(' ').Select(argument => argument == "RECORD" ? Record : argument)]);
}
