using System.Text.Json;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>What stands beside a cost that rests on little: estimated rents, rankings that are not decided, ranges, and plain words.</summary>
public sealed class CostEstimateTests
{
    /// <summary>Who rents by a ranking must see beside it which of its prices nobody asked for.</summary>
    [Theory]
    [InlineData("choose --model llama-3.1-8b --gpu h200,mi355x --weights fp8 --tensor-parallel 1 --draws 100", "~3.27")]
    [InlineData("--model llama-3.1-8b --gpu h200,mi355x --weights fp8,int4 --batch 8,16 --scenario rented", "")]
    [InlineData("--model llama-3.1-8b --gpu h200,mi355x --weights fp8,int4 --batch 8,16", "")]
    [InlineData("--model llama-3.1-8b --gpu mi355x --weights fp8 --batch 8 --scenario rented --draws 100", "")]
    [InlineData("--model llama-3.1-8b --gpu h200 --weights fp8 --batch 8 --scenario rented --draws 100 --levers", "")]
    [InlineData("fleet --model llama-3.1-8b --gpu mi355x --tokens-per-day 1e9 --draws 100", "")]
    [InlineData("route --large 10 --small llama-3.1-8b@mi355x --small-share 0.5", "")]
    public void ARentThatIsAnOwnEstimateIsNamedBesideTheFigures(string arguments, string mark)
    {
        using CommandRunner cost = Run(arguments);

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Contains("NOT A LIST PRICE: what ", cost.Output, StringComparison.Ordinal);
        Assert.Contains("MI355X ($3.00 an hour, between $2.10 and $4.70)", Unwrapped(cost), StringComparison.Ordinal);
        Assert.Contains(mark, cost.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("choose --model llama-3.1-8b --gpu h200,b200 --weights fp8 --tensor-parallel 1 --draws 100")]
    [InlineData(
        "choose --model llama-3.1-8b --gpu h200,mi355x --weights fp8 --tensor-parallel 1 --draws 100 --price-per-hour mi355x=3"
    )]
    [InlineData("choose --model llama-3.1-8b --gpu h200,b200 --weights fp8 --draws 100 --scenario owned")]
    public void AListPriceOrAGivenOneIsNoEstimate(string arguments)
    {
        using CommandRunner cost = Run(arguments);

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.DoesNotContain("NOT A LIST PRICE", cost.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("~", cost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void MachinesReadTheCostAsANumberAndTheEstimateAsAFlag()
    {
        using CommandRunner cost = Run(
            "choose --model llama-3.1-8b --gpu h200,mi355x --weights fp8 --tensor-parallel 1 --draws 100 -o json"
        );

        using JsonDocument document = JsonDocument.Parse(cost.Output);
        foreach (JsonElement row in document.RootElement[0].GetProperty("rows").EnumerateArray())
        {
            bool isEstimate = row.GetProperty("hardware").GetString() == "1 × MI355X";
            Assert.Equal(
                isEstimate ? "true" : "false",
                row.GetProperty("rentIsEstimate").ToString().ToLowerInvariant()
            );
            Assert.InRange(row.GetProperty("usdPerDeviceHour").GetDouble(), 2, 4);
        }
    }

    [Theory]
    // Rents of $2.79 and $5.10 for 4.8 and 7.7 TB/s: either may be the cheaper one.
    [InlineData("h200,b200", "", "NOT DECIDED by what is known: row 2 (1 × ")]
    [InlineData(
        "h200,b200",
        "--price-per-hour h200=1,b200=9",
        "How firm row 1 is: row 2 (1 × B200 SXM, fp8) is cheaper than row 1 in 0 %"
    )]
    public void ARankingSaysWhetherItIsDecided(string devices, string prices, string words)
    {
        using CommandRunner cost = Run(
            $"choose --model llama-3.1-8b --gpu {devices} --weights fp8 --tensor-parallel 1 --draws 200 {prices}".Trim()
        );

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Contains(words, Unwrapped(cost), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("choose --model gpt-oss-20b --gpu h200 --weights mxfp4 --tensor-parallel 1 --draws 100", true)]
    [InlineData("fleet --model gpt-oss-20b --gpu h200 --weights mxfp4 --tokens-per-day 1e9 --draws 100", true)]
    [InlineData("choose --model llama-3.1-8b --gpu h200 --weights fp8 --tensor-parallel 1 --draws 100", false)]
    public void WindowsInMemoryAreSaidToBeHeldAlone(string arguments, bool isSaid)
    {
        using CommandRunner cost = Run(arguments);

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Equal(isSaid, Unwrapped(cost).Contains("without a hybrid cache manager", StringComparison.Ordinal));
    }

    [Fact]
    public void ABillHasARange()
    {
        using CommandRunner cost = Run(
            "fleet --tokens-per-day 2e9 --input-tokens-per-day 7e9 --model llama-3.1-8b --gpu h200 --draws 100 --seed 7"
        );

        Assert.Contains(
            "A day's bill over the ranges of all assumptions: P10 $",
            Unwrapped(cost),
            StringComparison.Ordinal
        );
        Assert.Contains("100 draws, seed 7", Unwrapped(cost), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--gpu h100,mi300x", true)]
    [InlineData("--gpu h100", false)]
    [InlineData("--gpu h100,mi300x --efficiency 0.3/0.4/0.5", false)]
    public void ASpeedThatWasSeenOnOtherDevicesIsSaidToBe(string arguments, bool isSaid)
    {
        using CommandRunner cost = Run(
            $"choose --model llama-3.1-8b --weights fp8 --tensor-parallel 1 --draws 100 {arguments}"
        );

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Equal(isSaid, Unwrapped(cost).Contains("taken for every device here", StringComparison.Ordinal));
    }

    /// <summary>Who rents pays no capital.</summary>
    [Theory]
    [InlineData("--model llama-3.1-8b --gpu h200 --weights fp8 --batch 8 --draws 100 --scenario rented", "│ rent ")]
    [InlineData("fleet --model llama-3.1-8b --gpu h200 --tokens-per-day 1e9 --draws 100", "│ rent ")]
    [InlineData("--model llama-3.1-8b --gpu h200 --weights fp8,int4 --batch 8,9,10 --scenario rented", "│   Rent │")]
    public void OfRentedHardwareTheRentIsCalledRent(string arguments, string word)
    {
        using CommandRunner cost = Run(arguments);

        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Contains(word, cost.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("capital", cost.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void WhatDoesNotFitIsToldInGigabytesWithWhatToDo()
    {
        using CommandRunner cost = Run("--model mixtral-8x7b --weights bf16 --batch 1 --context 2048 --gpu h100");

        Assert.Equal(ExitCodes.BadInput, cost.ExitCode);
        Assert.Contains(
            "needs 93.7 GB on each device, and H100 SXM has 85.5 GB, of which 77.0 GB are usable: give --tensor-parallel 2, or a smaller batch",
            cost.Error,
            StringComparison.Ordinal
        );
    }

    private static string Unwrapped(CommandRunner cost) =>
        string.Join(' ', cost.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static CommandRunner Run(string arguments) => new(["cost", .. arguments.Split(' ')]);
}
