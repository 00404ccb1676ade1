using System.Text.Json;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Tests;

public sealed class CostDecisionTests
{
    private const string Limits = "--gpu h100,h200,l4 --weights fp8 --tensor-parallel 1 --draws 100";

    [Fact]
    public void AChoiceSaysWhatIsAssumedAndWhyOthersAreOut()
    {
        using CommandRunner cost = Run($"choose --model llama-3.1-8b {Limits} --max-step-ms 20 --explain");

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        foreach (
            string part in (string[])
                [
                    "Cheapest first: llama-3.1-8b, context 4096, predicted, a token within 20 ms, 65 % utilisation",
                    "1 × H200 SXM",
                    "nothing was executed",
                    "at 65 % utilisation",
                    "no price of it is known",
                    "t_token = t_roofline / efficiency + t_link = ",
                ]
        )
        {
            Assert.Contains(part, cost.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AChoiceForMachinesHasTheFiveConditionsInEveryRow()
    {
        using CommandRunner cost = Run($"choose --model llama-3.1-8b {Limits} --tokens-per-day 50e6 -o json");

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        using JsonDocument document = JsonDocument.Parse(cost.Output);
        JsonElement rows = document.RootElement[0].GetProperty("rows");
        Assert.Equal(2, rows.GetArrayLength());
        foreach (JsonElement row in rows.EnumerateArray())
        {
            foreach (
                string name in (string[])
                    [
                        "model",
                        "weights",
                        "lmHead",
                        "kv",
                        "contextTokens",
                        "batch",
                        "utilization",
                        "hardware",
                        "provenance",
                    ]
            )
            {
                Assert.NotEqual(JsonValueKind.Null, row.GetProperty(name).ValueKind);
            }

            Assert.True(row.GetProperty("usdPerDay").GetDouble() > 0);
        }
    }

    [Fact]
    public void AFleetIsPricedByTheDayTheMonthAndTheYear()
    {
        using CommandRunner cost = Run(
            "fleet --tokens-per-day 2e9 --input-tokens-per-day 7e9 --model llama-3.1-8b --gpu h200 --max-step-ms 30 --scenario owned --explain"
        );

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        foreach (
            string part in (string[])["Fleet bill: ", "Month", "MWh", "kW on average", "fleet_decode_instances = max("]
        )
        {
            Assert.Contains(part, cost.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AChoiceAndAFleetSayTheSameCostOfTheSameTraffic()
    {
        const string What =
            "--model llama-3.1-8b --weights fp8 --kv fp8 --gpu h200 --tokens-per-day 20e6 --input-tokens-per-day 70e6 --max-step-ms 20";
        using CommandRunner choose = Run($"choose {What} --draws 100 -o json");
        using CommandRunner fleet = Run($"fleet {What} -o json");

        using JsonDocument chosen = JsonDocument.Parse(choose.Output);
        using JsonDocument billed = JsonDocument.Parse(fleet.Output);
        JsonElement row = chosen.RootElement[0].GetProperty("rows")[0];
        double Fleet(string symbol) =>
            billed
                .RootElement[0]
                .GetProperty("rows")
                .EnumerateArray()
                .Single(one => one.GetProperty("symbol").GetString() == symbol)
                .GetProperty("value")
                .GetDouble();

        double cost = row.GetProperty("usdPerMillionTokens").GetDouble();
        Assert.Equal(Fleet("fleet_usd_out"), cost, 1e-9);
        Assert.Equal(row.GetProperty("usdPerDay").GetDouble() / 20, cost, 1e-9);
        Assert.Equal(Fleet("t_between"), row.GetProperty("stepMilliseconds").GetDouble(), 1e-9);
        Assert.InRange(Fleet("t_between"), 0, 20);
    }

    [Fact]
    public void AMeasuredRunIsChosenFromAndBilledWithoutPredictions()
    {
        string record = Repository.File("reports/amd-epyc-zen5-2-threads/2026-11-20-llama-3.2-1b-quick.json");
        using CommandRunner choice = Run($"choose --from {record} --draws 100");
        using CommandRunner fleet = Run($"fleet --from {record} --tokens-per-day 1e6");

        Assert.True(choice.ExitCode == ExitCodes.Done, choice.Error);
        Assert.Contains("2 × $0.0504 per thread", choice.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was executed", choice.Output, StringComparison.Ordinal);
        Assert.True(fleet.ExitCode == ExitCodes.Done, fleet.Error);
    }

    [Theory]
    [InlineData("", "batch 1 at 40 % utilisation", "1.00")]
    [InlineData(" --utilization 0.8", "at 80 % utilisation", "1.00")]
    [InlineData(" --price-per-hour 3 --set util=0.5", "at 50 % utilisation", "3.00")]
    public void WhatARunWasToldOfPriceAndUtilisationGoesBeforeWhatIsAssumed(
        string arguments,
        string utilization,
        string rent
    )
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.FullPath, "run.json");
        RunRecord record = RunRecordStore.Read(
            Repository.File("reports/amd-epyc-zen5-2-threads/2026-11-20-llama-3.2-1b-quick.json")
        );
        RunRecordStore.Write(
            record with
            {
                Price = new PriceInfo
                {
                    UsdPerHour = UserFigure.Create(1, "--price-per-hour"),
                    Utilization = UserFigure.Create(0.4, "--utilization"),
                },
            },
            path
        );
        using CommandRunner cost = Run($"choose --from {path} --draws 100 --set labour_fraction=0{arguments}");

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Contains(utilization, cost.Output, StringComparison.Ordinal);
        Assert.Contains($" {rent} │", cost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ARouteTakesPricesAndPredictions()
    {
        using CommandRunner cost = Run(
            "route --large 10 --small llama-3.1-8b@h200 --small-share 0.5 --device-share 0.2 --escalate-small 0.1 --set device_energy=0.5"
        );

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Contains("llama-3.1-8b · fp8 weights", cost.Output, StringComparison.Ordinal);
        Assert.Contains("Routing saves ", cost.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "$87,072      │ $87,072   │      0.000")]
    [InlineData(" --set rent=1", "$43,536")]
    [InlineData(" --set day_nodes=278", "are not to be expected")]
    public void ADayIsShownBesideWhatWasPublished(string change, string part)
    {
        using CommandRunner cost = Run($"day --preset deepseek{change}");

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Contains(part, cost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AnOutlookHasFloorGenerationsYearsAndWhenPricesMeetTheFloor()
    {
        using CommandRunner cost = Run("outlook --model llama-3.1-8b --gpu h200 --weights fp8 --draws 100 --explain");

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        foreach (
            string part in (string[])
                [
                    "The floor under the cost of a token",
                    "at 100 % utilisation",
                    "Ridge and use by generation",
                    "Components of the cost by year",
                    "When prices meet the floor",
                    "A published projection, recomputed",
                    "floor_all = floor_energy + floor_capital = ",
                ]
        )
        {
            Assert.Contains(part, cost.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnOutlookForMachinesIsRepeatedByItsSeed()
    {
        const string Arguments =
            "outlook --model llama-3.1-8b --gpu h200 --price-now 1 --price-year 2026 --draws 100 --seed 3 -o json";
        using CommandRunner first = Run(Arguments);
        using CommandRunner again = Run(Arguments);

        Assert.True(first.ExitCode == ExitCodes.Done, first.Error);
        Assert.Equal(first.Output, again.Output);
        using JsonDocument document = JsonDocument.Parse(first.Output);
        JsonElement row = document.RootElement[3].GetProperty("rows")[0];
        Assert.True(row.GetProperty("yearP10").GetDouble() <= row.GetProperty("yearP90").GetDouble());
    }

    [Theory]
    [InlineData("choose", "--model")]
    [InlineData("choose --model llama-3.1-8b --from run.json", "--from")]
    [InlineData("choose --model llama-3.1-8b --max-step-ms 0", "--max-step-ms '0'")]
    [InlineData("choose --model llama-3.1-8b --context 1024,2048", "--context '1024,2048'")]
    [InlineData("choose --model llama-3.1-8b --context 9999999", "context 9999999")]
    [InlineData("choose --model llama-3.1-8b --price-per-hour 3", "NAME=USD")]
    [InlineData("choose --model llama-3.1-8b --gpu h100 --set util=2", "for util (")]
    [InlineData("choose --model llama-3.1-8b --gpu h100 --set luck=1", "--set 'luck=1'")]
    [InlineData("choose --model llama-3.1-8b --gpu h100 --set years=3/2/1", "'years=3/2/1'")]
    [InlineData("choose --model llama-3.1-8b --gpu h100 --efficiency 1.5", "--efficiency '1.5'")]
    [InlineData("choose --model llama-3.1-8b --gpu h100 --input-tokens-per-day 5", "--tokens-per-day")]
    [InlineData("fleet --model llama-3.1-8b", "--tokens-per-day")]
    [InlineData("fleet --model llama-3.1-8b --tokens-per-day none", "--tokens-per-day 'none'")]
    [InlineData("fleet --model llama-3.1-405b --tokens-per-day 1e6 --tensor-parallel 1", "needs")]
    [InlineData("route", "--large")]
    [InlineData("route --large free", "--large 'free'")]
    [InlineData("route --large 3 --small-share 1.5", "--small-share '1.5'")]
    [InlineData("route --large 3 --small 1 --small-share 0.6 --device-share 0.6", "exceed the whole")]
    [InlineData("route --large 3 --input-ratio 2", "price of input tokens")]
    [InlineData("day", "day_nodes")]
    [InlineData("day --preset nobody", "--preset 'nobody'")]
    [InlineData("day --preset deepseek --set day_hit=700", "more than day_in")]
    [InlineData("day --scenario nowhere.yaml", "does not exist")]
    [InlineData("day --preset deepseek --conditions a;b", "--conditions 'a;b'")]
    [InlineData("outlook --model llama-3.1-8b --gpu h100,h200", "one device")]
    [InlineData("outlook --model llama-3.1-8b --gpu a100", "cannot be projected")]
    [InlineData("outlook --model llama-3.1-8b --gpu h200 --scenario rented", "a rent hides them")]
    [InlineData("outlook --model llama-3.1-8b --gpu h200 --years 2020", "--years 2020")]
    [InlineData("outlook --model llama-3.1-8b --gpu h200 --price-now 0", "--price-now '0'")]
    [InlineData("day --nonsense", "cost day --help")]
    public void BadInputEndsWithTwo(string arguments, string problem)
    {
        using CommandRunner cost = Run(arguments);

        cost.AssertRefused(ExitCodes.BadInput, problem);
    }

    private static CommandRunner Run(string arguments) => new(["cost", .. arguments.Split(' ')]);

    [Fact]
    public void WhereNothingKeepsToTheLimitTheReasonsAreShownAndNothingWasChosen()
    {
        using var choice = new CommandRunner([
            "cost",
            "choose",
            "--model",
            "tiny",
            "--gpu",
            "h200",
            "--max-step-ms",
            "0.0001",
        ]);

        Assert.Equal(ExitCodes.BadInput, choice.ExitCode);
        Assert.Contains("one sequence takes", choice.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing keeps to the limits", choice.Error, StringComparison.Ordinal);
    }
}
