using System.Text.Json;
using GpuDecodeBench.Cli;

namespace GpuDecodeBench.Cli.Tests;

public class ClaimsCommandTests
{
    [Fact]
    public void AllClaimsAreListedInEightyToAHundredColumnsAndCounted()
    {
        using var run = new CommandRunner("claims");

        Assert.Equal(ExitCodes.Done, run.ExitCode);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int widest = lines.Where(line => line[0] is '│' or '┌' or '├').Max(line => line.TrimEnd().Length);
        Assert.InRange(widest, 60, 100);
        string counts = Assert.Single(
            lines,
            line => line.Contains("claims (cost, time-bomb, bill, ainews): ", StringComparison.Ordinal)
        );
        Assert.Contains(" reproduced, ", counts, StringComparison.Ordinal);
        Assert.Contains(" not-checkable.", counts, StringComparison.Ordinal);
    }

    [Fact]
    public void VerdictsAndDocumentsChoose()
    {
        using var run = new CommandRunner(
            "claims",
            "--verdict",
            "unit-error,wrong-input",
            "--document",
            "cost",
            "-o",
            "json"
        );

        using var json = JsonDocument.Parse(run.Output);
        JsonElement[] rows = [.. json.RootElement[0].GetProperty("rows").EnumerateArray()];
        Assert.NotEmpty(rows);
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal("cost", row.GetProperty("document").GetString());
                Assert.Contains(row.GetProperty("verdict").GetString(), (string[])["unit-error", "wrong-input"]);
            }
        );
        JsonElement margin = rows.Single(row => row.GetProperty("claim").GetString() == "cost.margin");
        Assert.Equal(17, margin.GetProperty("given").GetDouble());
        // 3 / 174.
        Assert.Equal(0.0172413793, margin.GetProperty("ownValue").GetDouble(), 1e-9);
    }

    [Fact]
    public void AnExplanationShowsInputsNumbersAndReasons()
    {
        using var run = new CommandRunner("claims", "--id", "cost.ctx-4k-kv", "--explain");

        Assert.Equal(ExitCodes.Done, run.ExitCode);
        string text = string.Join(' ', run.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("h, KV heads, 64 (inferred:", text, StringComparison.Ordinal);
        Assert.Contains(
            "2 × l × h × d × b × n = 2 × 80 × 64 × 128 × 1 B × 4,096 = 5.369 GB",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("The KV heads: 64 here, but 8 by the shape of llama-3.1-70b.", text, StringComparison.Ordinal);
        Assert.Contains("GiB for GB", text, StringComparison.Ordinal);
        Assert.Contains("Verdict: wrong-input.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void MarkdownSaysWhatIsClaimedAndWhy()
    {
        using var run = new CommandRunner("claims", "--id", "bill.deepseek-cost", "-o", "md");

        Assert.Contains("| It says |", run.Output, StringComparison.Ordinal);
        Assert.Contains(@"$106,752/d, not \~$87,000/d", run.Output, StringComparison.Ordinal);
        Assert.Contains("226.75", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--verdict", "wrong", "arithmetic-error")]
    [InlineData("--document", "nature", "time-bomb")]
    [InlineData("--id", "cost.nothing", "the id of a claim")]
    public void UnknownNamesAreRefused(string option, string value, string accepted)
    {
        using var run = new CommandRunner("claims", option, value);
        run.AssertRefused(ExitCodes.BadInput, option, value, accepted);
    }
}
