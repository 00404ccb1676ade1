namespace GpuDecodeBench.Cli.Tests;

public sealed class CostScenarioTests
{
    private static readonly string[] Prediction =
    [
        "cost",
        "--model",
        "llama-3.1-8b",
        "--weights",
        "fp8",
        "--kv",
        "fp8",
        "--batch",
        "32",
        "--context",
        "4096",
        "--gpu",
        "h200",
    ];

    [Theory]
    [InlineData("owned", "capital")]
    [InlineData("rented", "in the rent")]
    public void ACostByLayersShowsItsConditionsItsRangeAndWhatMattersMost(string scenario, string word)
    {
        using var cost = new CommandRunner([.. Prediction, "--scenario", scenario]);

        Assert.Equal(ExitCodes.Done, cost.ExitCode);
        foreach (
            string part in (string[])
                [
                    "llama-3.1-8b · fp8 weights",
                    "context 4096",
                    "batch 32 at 65 % utilisation",
                    "1 × H200 SXM",
                    "P10 $",
                    "P90 $",
                    "Which assumption matters most",
                    word,
                ]
        )
        {
            Assert.Contains(part, cost.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameReport()
    {
        using var first = new CommandRunner([.. Prediction, "--scenario", "owned", "--seed", "5", "-o", "json"]);
        using var second = new CommandRunner([.. Prediction, "--scenario", "owned", "--seed", "5", "-o", "json"]);

        Assert.Equal(first.Output, second.Output);
    }

    [Fact]
    public void AnExplanationShowsEveryEquationWithItsNumbers()
    {
        using var cost = new CommandRunner([.. Prediction, "--scenario", "owned", "--explain"]);

        Assert.Contains("usd_power = p_gpu × tariff = ", cost.Output, StringComparison.Ordinal);
        Assert.Contains(
            "all layers, per million output tokens: usd_all_mtok = usd_all / tok_paid = $",
            cost.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void PriceAndUtilisationOfTheCommandLineGoBeforeTheScenarios()
    {
        using var cost = new CommandRunner([
            .. Prediction,
            "--scenario",
            "rented",
            "--price-per-hour",
            "7.5",
            "--utilization",
            "0.25",
            "--explain",
        ]);

        Assert.Contains("rent = $7.5/GPU/h", cost.Output, StringComparison.Ordinal);
        Assert.Contains("batch 32 at 25 % utilisation", cost.Output, StringComparison.Ordinal);
    }

    /// <summary>The same rent over the same rate is <c>derived</c> without a scenario, too.</summary>
    [Fact]
    public void WhatRestsOnMeasuredAndGivenFiguresAloneIsDerivedAndTheRentIsNamed()
    {
        string[] arguments =
        [
            "cost",
            "--from",
            Repository.File("reports/amd-epyc-zen5-2-threads/2026-11-20-llama-3.2-1b-quick.json"),
            "--price-per-hour",
            "0.10",
            "--utilization",
            "0.6",
            "--scenario",
            "rented",
        ];
        using var cost = new CommandRunner([.. arguments, "--explain"]);
        using var csv = new CommandRunner([.. arguments, "-o", "csv"]);

        Assert.Matches(@"\(1\)  rent: usd_capital = rent = .* — derived\r?\n", cost.Output);
        Assert.Matches(@"tok_paid = rate × util / gpus = .* — derived\r?\n", cost.Output);
        Assert.Matches(@"usd_labour = .* — assumed\r?\n", cost.Output);
        Assert.Contains(
            "Rent: $0.1/GPU/h — given by the user (--price-per-hour).",
            cost.Output,
            StringComparison.Ordinal
        );
        Assert.Matches(@",capital,0\.1,[^\n]*,derived,", csv.Output);
    }

    [Fact]
    public void PhysicsNameTheBatchAtWhichArithmeticTakesOver()
    {
        using var cost = new CommandRunner([.. Prediction, "--physics"]);

        Assert.Contains(
            "batch from which the matrix products are bound by arithmetic",
            cost.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ASweepShowsTheCostWhileOneInputChanges()
    {
        using var cost = new CommandRunner([
            .. Prediction,
            "--scenario",
            "owned",
            "--sweep",
            "util=0.25,0.5",
            "--sweep",
            "region",
            "-o",
            "csv",
        ]);

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Single(cost.Output.Split('\n'), line => line.StartsWith("table,", StringComparison.Ordinal));
        Assert.DoesNotContain(cost.Output.TrimEnd().Split('\n'), string.IsNullOrWhiteSpace);
        Assert.Matches(",util,+0.25,0.25,1", cost.Output);
        Assert.Matches(",util,+0.5,0.5,1", cost.Output);
        Assert.Contains("oregon", cost.Output, StringComparison.Ordinal);
        Assert.Contains("germany", cost.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2", "Own devices cost as much as the API at")]
    [InlineData("0.0001", "dearer than the API even when always busy")]
    public void HostOrBuyHasAnAnswer(string price, string answer)
    {
        using var cost = new CommandRunner([
            .. Prediction,
            "--scenario",
            "rented",
            "--api-price",
            $"{price},{price}",
            "--input-ratio",
            "3.6",
        ]);

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Contains(answer, cost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ANewScenarioCanBeUsedAsItIs()
    {
        using var folder = new TemporaryFolder();
        using var template = new CommandRunner("cost", "--new-scenario");
        string path = Path.Combine(folder.FullPath, "scenario.yaml");
        File.WriteAllText(path, template.Output.Replace("values:\n", "", StringComparison.Ordinal));

        using var cost = new CommandRunner([.. Prediction, "--scenario", path]);

        Assert.Equal(ExitCodes.Done, template.ExitCode);
        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
    }

    [Theory]
    [InlineData("--scenario|nowhere.yaml", "does not exist")]
    [InlineData("--scenario|owned|--draws|none", "--draws")]
    [InlineData("--scenario|owned|--sweep|util", "--sweep 'util'")]
    [InlineData("--scenario|owned|--sweep|luck=1,2", "'luck' is no input")]
    [InlineData("--scenario|owned|--sweep|util=0.5,1.5", "cannot be 1.5")]
    [InlineData("--scenario|owned|--api-price|free", "--api-price 'free'")]
    [InlineData("--scenario|owned|--api-price|3|--input-ratio|2", "price of input tokens")]
    [InlineData("--scenario|owned|--api-price|3,1|--input-ratio|-2", "--input-ratio '-2'")]
    public void BadInputEndsWithTwo(string arguments, string problem)
    {
        using var cost = new CommandRunner([.. Prediction, .. arguments.Split('|')]);

        Assert.Equal(ExitCodes.BadInput, cost.ExitCode);
        Assert.Contains(problem, cost.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AContextThatNoNumberOfDevicesHoldsIsRefusedInReadableWords()
    {
        using var cost = new CommandRunner("cost", "--model", "llama-3.1-8b", "--gpu", "h100", "--context", "10000000");

        Assert.Equal(ExitCodes.BadInput, cost.ExitCode);
        Assert.Contains(
            "no number of devices that the model divides over would do; give a smaller batch, context or format",
            cost.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ABatchThatDoesNotFitIsRefusedWithWhatWould()
    {
        using var cost = new CommandRunner(
            "cost",
            "--model",
            "llama-3.1-70b",
            "--weights",
            "bf16",
            "--batch",
            "64",
            "--context",
            "8192",
            "--gpu",
            "h200",
            "--scenario",
            "owned"
        );

        Assert.Equal(ExitCodes.BadInput, cost.ExitCode);
        Assert.Contains("--tensor-parallel", cost.Error, StringComparison.Ordinal);
    }
}
