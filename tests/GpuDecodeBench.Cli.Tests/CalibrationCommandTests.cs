using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>Calibration on the kept grids of one machine, from the command line.</summary>
public sealed class CalibrationCommandTests
{
    private static readonly string s_reports = Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "reports")
    );

    private static readonly string s_large = Path.Combine(
        s_reports,
        "intel-xeon-2-threads",
        "2026-11-29-llama-3.1-8b-4-layers-grid.json"
    );

    private static readonly string s_small = Path.Combine(
        s_reports,
        "intel-xeon-2-threads",
        "2026-11-29-llama-3.2-1b-grid.json"
    );

    private static readonly string s_other = Path.Combine(
        s_reports,
        "amd-epyc-zen5-2-threads",
        "2026-11-20-llama-3.2-1b-quick.json"
    );

    [Fact]
    public void APointIsShownAsPredictedMeasuredAndCalibratedSideBySide()
    {
        using var roofline = new CommandRunner("roofline", "--from", s_large);
        Assert.True(roofline.ExitCode == ExitCodes.Done, roofline.Error);
        Assert.Contains("│ Measured │ Predicted │ Calibrated │", roofline.Output, StringComparison.Ordinal);
        Assert.Contains(
            "neither this point's step nor its operations were used",
            roofline.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("predicted without themselves", roofline.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ParametersAndLeaveOneOutAreShownOnRequest()
    {
        using var roofline = new CommandRunner("roofline", "--from", s_large, "--from", s_small, "--calibrate");
        Assert.True(roofline.ExitCode == ExitCodes.Done, roofline.Error);
        foreach (
            string part in (string[])
                [
                    "Calibration of Intel(R) Xeon(R) Processor (cpu)",
                    "predicted without themselves",
                    "38 of 38 points were off by",
                    "Points left out: 6 known to less than ±2.5 %, 1 measured while the read ceiling was another.",
                ]
        )
        {
            Assert.Contains(part, roofline.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnUnmeasuredPointIsPredictedAndPricedWithItsErrorEstimate()
    {
        string[] point =
        [
            "--calibrated-from",
            $"{s_large},{s_small}",
            "--model",
            "llama-3.1-8b",
            "--weights",
            "int4",
            "--batch",
            "2",
            "--context",
            "3000",
        ];
        using var roofline = new CommandRunner(["roofline", .. point]);
        Assert.True(roofline.ExitCode == ExitCodes.Done, roofline.Error);
        Assert.Contains("a batch that was not measured", roofline.Output, StringComparison.Ordinal);
        Assert.Contains("llama-3.1-8b, int4 weights, bf16 LM head", roofline.Output, StringComparison.Ordinal);

        using var cost = new CommandRunner(["cost", .. point, "--explain"]);
        Assert.Contains("rate = batch / t_mean = 2 tok / ", cost.Output, StringComparison.Ordinal);
        Assert.True(cost.ExitCode == ExitCodes.Done, cost.Error);
        Assert.Contains("extrapolated (calibrated on 38", cost.Output, StringComparison.Ordinal);
        Assert.Contains("context 3000 · batch 2 at 65 % utilisation", cost.Output, StringComparison.Ordinal);

        using var layers = new CommandRunner(["cost", .. point, "--scenario", "rented"]);
        Assert.True(layers.ExitCode == ExitCodes.Done, layers.Error);
        Assert.Contains("P10 $", layers.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "roofline --calibrated-from LARGE --model llama-3.1-8b --weights fp8",
        "fp8 was not measured|bf16, int8, int4"
    )]
    [InlineData("roofline --calibrated-from LARGE --model llama-3.1-8b --kv fp8", "KV format fp8|bf16")]
    [InlineData("roofline --calibrated-from LARGE,OTHER --model llama-3.1-8b", "one device|AMD EPYC")]
    [InlineData("roofline --from OTHER --calibrate", "at least 4 usable points|has 3")]
    [InlineData("roofline --from LARGE,LARGE", "twice")]
    [InlineData("roofline --from LARGE,", "empty entry")]
    [InlineData("roofline --from ", "--from names an empty path")]
    [InlineData("roofline --calibrated-from LARGE", "needs --model")]
    [InlineData("roofline --calibrated-from LARGE --model llama-3.1-8b --gpu h200", "--gpu cannot")]
    [InlineData("roofline --calibrated-from LARGE --model llama-3.1-8b --tensor-parallel 2", "--tensor-parallel '2'")]
    [InlineData("roofline --calibrated-from LARGE --model llama-3.1-8b --layers 33", "layers 33|1 to 32")]
    [InlineData("roofline --calibrate --model tiny --gpu h200", "--calibrate needs --from")]
    [InlineData("roofline --explain --model tiny --gpu h200", "--explain needs --calibrated-from")]
    [InlineData("roofline --explain --from LARGE", "--explain needs --calibrated-from")]
    [InlineData("roofline --layers 2 --model tiny --gpu h200", "--layers needs --calibrated-from")]
    [InlineData("cost --from LARGE,SMALL", "2 records|--calibrated-from")]
    [InlineData("cost --calibrated-from LARGE --model llama-3.1-8b --layers 4", "--layers 4|32")]
    [InlineData("cost --calibrated-from LARGE --model llama-3.1-8b --physics", "--physics needs --gpu")]
    public void WhatCannotBeCalibratedIsRefused(string commandLine, string facts)
    {
        ArgumentNullException.ThrowIfNull(commandLine);
        ArgumentNullException.ThrowIfNull(facts);
        string[] arguments =
        [
            .. commandLine
                .Split(' ')
                .Select(argument =>
                    argument
                        .Replace("LARGE", s_large, StringComparison.Ordinal)
                        .Replace("SMALL", s_small, StringComparison.Ordinal)
                        .Replace("OTHER", s_other, StringComparison.Ordinal)
                ),
        ];
        using var run = new CommandRunner(arguments);
        run.AssertRefused(ExitCodes.BadInput, facts.Split('|'));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
