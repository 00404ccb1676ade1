using System.Globalization;
using System.Text.Json;

namespace GpuDecodeBench.Cli.Tests;

public sealed class CostLeverTests
{
    private const string KeptRecord = "reports/amd-epyc-zen5-2-threads/2026-11-20-llama-3.2-1b-quick.json";

    private const string GridRecord = "reports/intel-xeon-2-threads/2026-11-29-llama-3.2-1b-grid.json";

    [Fact]
    public void LeversAreRankedAloneAndTogetherWithoutAScenario()
    {
        using var cost = new CommandRunner(
            Predict(
                "--gpu|h200|--batch|8|--context|2048|--levers|--small-model|llama-3.2-1b|--draft-model|llama-3.2-1b|--explain"
            )
        );

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        foreach (
            string part in (string[])
                [
                    "Levers, each alone: llama-3.1-8b · bf16 weights",
                    "batch 8 at 65 % utilisation · 1 × H200 SXM",
                    "weights bf16 → int4",
                    "5 tokens drafted by llama-3.2-1b, 70 % accepted",
                    "45 % to llama-3.2-1b first",
                    "utilisation 65 → 75 %",
                    "1 × H200 SXM → 1 × B200 SXM",
                    "Levers, together:",
                    "every kind, all together",
                    "mix_model = usd_all_mtok + input_ratio × usd_all_mtok_in = ",
                ]
        )
        {
            Assert.Contains(part, cost.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AScenarioChangesWhatLeversAssume()
    {
        using var folder = new TemporaryFolder();
        string scenario = folder.Write("mine.yaml", "values: { util_target: 0.9, spec_length: 2, input_ratio: 0 }");
        using var cost = new CommandRunner(
            Predict($"--gpu|h200|--batch|8|--context|2048|--levers|--scenario|{scenario}")
        );

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Contains("utilisation 65 → 90 %", cost.Output, StringComparison.Ordinal);
        Assert.Contains("2 tokens drafted", cost.Output, StringComparison.Ordinal);
        using var template = new CommandRunner("cost", "--new-scenario");
        Assert.Contains(
            "#  spec_accept: {low: 0.45, likely: 0.7, high: 0.8}",
            template.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ARecordsOtherPointsAreWhatItsLeversRestOn()
    {
        using var cost = new CommandRunner("cost", "--from", Repository.File(KeptRecord), "--levers", "-o", "json");

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        using JsonDocument document = JsonDocument.Parse(cost.Output);
        Assert.Contains(
            document.RootElement.EnumerateArray().Select(table => table.GetProperty("title").GetString()),
            title => title!.StartsWith("Levers, together: llama-3.2-1b", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void ALimitOnTheStepHoldsAtWhatARecordMeasured()
    {
        using var cost = new CommandRunner(
            "cost",
            "--from",
            Repository.File(GridRecord),
            "--levers",
            "--max-step-ms",
            "260",
            "-o",
            "json"
        );

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        using JsonDocument document = JsonDocument.Parse(cost.Output);
        JsonElement[] batches =
        [
            .. document
                .RootElement.EnumerateArray()
                .Where(table =>
                    table.GetProperty("title").GetString()!.StartsWith("Levers, each alone", StringComparison.Ordinal)
                )
                .SelectMany(table => table.GetProperty("rows").EnumerateArray())
                .Where(row => row.GetProperty("lever").GetString() == "batch")
                .Where(row => row.GetProperty("secondsPerToken").ValueKind == JsonValueKind.Number),
        ];
        Assert.NotEmpty(batches);
        // At every context all formats took longer than 260 ms at batch 16, as the same run measured.
        Assert.All(
            batches,
            row =>
            {
                string change = row.GetProperty("change").GetString()!;
                Assert.InRange(int.Parse(change.Split(' ', ',')[3], CultureInfo.InvariantCulture), 2, 15);
                Assert.InRange(row.GetProperty("secondsPerToken").GetDouble(), 0.16, 0.26);
            }
        );
    }

    [Fact]
    public void ALargeGridIsOneTableWithARowForEveryPoint()
    {
        using var cost = new CommandRunner(
            Predict(
                "--weights|bf16,int4|--batch|1,4096|--context|2048|--gpu|h200,gb200|--tensor-parallel|1,2|--scenario|owned|--sweep|pue=1.1,1.3|-o|json"
            )
        );

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        using JsonDocument document = JsonDocument.Parse(cost.Output);
        JsonElement table = Assert.Single(document.RootElement.EnumerateArray());
        JsonElement[] rows = [.. table.GetProperty("rows").EnumerateArray()];
        Assert.Equal(2 * 2 * 2 * 2 * 2, rows.Length);
        Assert.Contains(rows, row => row.GetProperty("fits").ValueKind == JsonValueKind.False);
        Assert.All(rows, row => Assert.True(row.GetProperty("stepSeconds").GetDouble() > 0));
    }

    [Fact]
    public void AContextBeyondWhatTheModelIsMadeForIsPricedAndSaysSo()
    {
        using var cost = new CommandRunner(Predict("--context|2048,1048576|--kv|fp8|--gpu|h200|--scenario|rented"));

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Contains("llama-3.1-8b beyond its 131072 tokens", cost.Output, StringComparison.Ordinal);
        Assert.Contains("1,048,576", cost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AGridOfWhichNothingFitsEndsWithTwo()
    {
        using var cost = new CommandRunner(
            Predict("--batch|2048,4096|--context|65536|--gpu|h100,h200,b200|--scenario|rented")
        );

        Assert.Equal(ExitCodes.BadInput, cost.ExitCode);
        Assert.Contains("Nothing could be priced: Batch 2048", cost.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingPriceEndsWithTwo()
    {
        using var plain = new CommandRunner(Predict("--gpu|l4"));
        using var owned = new CommandRunner(Predict("--gpu|l4|--scenario|owned"));

        Assert.Equal(ExitCodes.BadInput, plain.ExitCode);
        Assert.Contains("no sourced price of L4 is known", plain.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.BadInput, owned.ExitCode);
        Assert.Contains("gpu_price", owned.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ACacheBeyondMemoryIsShownWithWhatCanBeDone()
    {
        using var cost = new CommandRunner(
            Predict("--batch|8|--context|131072|--gpu|h100|--scenario|rented|--physics")
        );

        Assert.Equal(ExitCodes.BadInput, cost.ExitCode);
        Assert.Contains("Power by part: llama-3.1-8b", cost.Output, StringComparison.Ordinal);
        Assert.Contains("More than the memory holds", cost.Output, StringComparison.Ordinal);
        Assert.Contains("sparse attention, the rest of the cache on flash", cost.Output, StringComparison.Ordinal);
        Assert.Contains("--tensor-parallel", cost.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("|--physics")]
    [InlineData("|--scenario|rented")]
    [InlineData("|--scenario|rented|--physics")]
    [InlineData("|--levers")]
    public void WhatIsBeyondTheUsableMemoryEndsWithTwoHoweverItIsAsked(string more)
    {
        // 141 GB of bf16 weights: below the 151 GB of an H200 and above 90 % of them.
        using var cost = new CommandRunner(
            $"cost|--model|llama-3.1-70b|--weights|bf16|--batch|1|--context|4096|--gpu|h200{more}".Split('|')
        );

        Assert.True(cost.ExitCode == ExitCodes.BadInput, cost.Output);
    }

    [Fact]
    public void AThrottledPointIsLeftOutUnlessAskedForAndThenMarked()
    {
        using var folder = new TemporaryFolder();
        string text = File.ReadAllText(Repository.File(KeptRecord));
        string all = folder.Write("all.json", Throttled(text));
        string one = folder.Write(
            "one.json",
            Replace(text, text.IndexOf("\"throttleReasons\": []", StringComparison.Ordinal))
        );
        string[] rented = ["--scenario", "rented", "--price-per-hour", "1"];

        using var none = new CommandRunner(["cost", "--from", all, .. rented]);
        Assert.Equal(ExitCodes.BadInput, none.ExitCode);
        Assert.Contains("no valid point to price that was not throttled", none.Error, StringComparison.Ordinal);
        using var some = new CommandRunner(["cost", "--from", one, .. rented]);
        Assert.Equal(ExitCodes.Done, some.ExitCode);
        Assert.Contains("Left out: ", some.Error, StringComparison.Ordinal);
        using var asked = new CommandRunner(["cost", "--from", all, .. rented, "--include-invalid"]);
        Assert.Equal(ExitCodes.Done, asked.ExitCode);
        Assert.Contains("INVALID and for inspection only", asked.Output, StringComparison.Ordinal);
        using var plain = new CommandRunner("cost", "--from", all);
        Assert.Equal(ExitCodes.BadInput, plain.ExitCode);
    }

    [Fact]
    public void ARecordWithoutALinkIsNotCarriedOverToSeveralDevices()
    {
        using var cost = new CommandRunner("cost", "--from", Repository.File(KeptRecord), "--tensor-parallel", "2");

        cost.AssertRefused(ExitCodes.BadInput, "--tensor-parallel 2", "no link between devices");
    }

    [Theory]
    [InlineData("--levers", "2")]
    [InlineData("--physics", "2")]
    [InlineData("--levers", "1,2")]
    [InlineData("--physics", "2,4")]
    public void LeversAndPhysicsOfARecordRefuseOtherNumbersOfDevices(string asked, string devices)
    {
        string record = Repository.File(KeptRecord);
        using var cost = new CommandRunner("cost", "--from", record, asked, "--tensor-parallel", devices);

        cost.AssertRefused(ExitCodes.BadInput, $"--tensor-parallel {devices} cannot be given", asked, "on 1 device");
        using var same = new CommandRunner("cost", "--from", record, asked, "--tensor-parallel", "1");
        Assert.True(same.ExitCode == ExitCodes.Done, same.Error);
    }

    [Theory]
    [InlineData("--gpu|h200|--max-step-ms|5", "--max-step-ms needs --levers")]
    [InlineData("--gpu|h200|--levers|--max-step-ms|-1", "--max-step-ms '-1'")]
    [InlineData("--gpu|h200|--levers|--draft-model|nobody", "No model is named")]
    [InlineData("--gpu|h200,h200-sxm", "names H200 SXM twice")]
    [InlineData("--gpu|h200,nothing", "No GPU named")]
    [InlineData("--gpu|h200|--batch|1,2,3,4,5|--levers", "at most 4")]
    [InlineData("--gpu|h200|--batch|1,2,3,4,5|--scenario|rented|--sweep|luck=1", "'luck' is no input")]
    public void BadInputEndsWithTwo(string arguments, string problem)
    {
        using var cost = new CommandRunner(Predict(arguments));

        cost.AssertRefused(ExitCodes.BadInput, problem);
    }

    [Theory]
    [InlineData("{ spec_length: 2.5 }", "whole number")]
    [InlineData("{ spec_accept: 1.2 }", "from 0 to 1")]
    [InlineData("{ util_target: 0 }", "above 0 and at most 1")]
    public void ValuesOfLeversThatMakeNoSenseAreRefused(string values, string accepted)
    {
        using var folder = new TemporaryFolder();
        string scenario = folder.Write("mine.yaml", $"values: {values}");
        using var cost = new CommandRunner(Predict($"--gpu|h200|--levers|--scenario|{scenario}"));

        Assert.Equal(ExitCodes.BadInput, cost.ExitCode);
        Assert.Contains(accepted, cost.Error, StringComparison.Ordinal);
    }

    private static string[] Predict(string arguments) => ["cost", "--model", "llama-3.1-8b", .. arguments.Split('|')];

    private static string Throttled(string record)
    {
        int at;
        while ((at = record.IndexOf("\"throttleReasons\": []", StringComparison.Ordinal)) >= 0)
        {
            record = Replace(record, at);
        }

        return record;
    }

    private static string Replace(string record, int at) =>
        string.Concat(
            record.AsSpan(0, at),
            "\"throttleReasons\": [\"hardwareThermal\"]",
            record.AsSpan(at + "\"throttleReasons\": []".Length)
        );
}
