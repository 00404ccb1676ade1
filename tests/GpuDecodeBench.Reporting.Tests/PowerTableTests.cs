using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>What is said of a split of power: words, not what the numbers are.</summary>
public class PowerTableTests
{
    [Fact]
    public void MoreEnergyIsCalledMore()
    {
        // FP8 reads twice the bytes of int4.
        string caption = Caption(Of("int4", 500), "FP8: ");

        Assert.Contains("% more energy a token", caption, StringComparison.Ordinal);
        Assert.DoesNotContain("-", caption, StringComparison.Ordinal);
    }

    [Fact]
    public void LessEnergyIsCalledLess() =>
        Assert.Contains("% less energy a token", Caption(Of("bf16", 500), "FP8: "), StringComparison.Ordinal);

    [Fact]
    public void WhatNoPartExplainsIsNoShareOfTheParts()
    {
        ResultTable table = Of("bf16", 900);
        int share = table.Columns.ToList().FindIndex(column => column.CsvName == "share");

        Assert.Equal("100.0", table.Rows[^2][share].Text);
        Assert.Equal(ResultCell.Dash, table.Rows[^1][share].Text);
        Assert.Contains("are not explained by them", Caption(table, "The parts "), StringComparison.Ordinal);
    }

    [Fact]
    public void PartsThatComeToMoreThanTheDeviceTakesAreCalledTooHigh() =>
        Assert.Contains("more than there is", Caption(Of("bf16", 150), "The parts "), StringComparison.Ordinal);

    private static string Caption(ResultTable table, string start) =>
        Assert.Single(
            table.Captions,
            line =>
                line.StartsWith(start, StringComparison.Ordinal) && !line.StartsWith("FP8: w", StringComparison.Ordinal)
        );

    private static ResultTable Of(string weights, double watts)
    {
        PointRecord point = RecordBuilder.Point(weights, "fp16") with { Power = Figure.Measured(watts) };
        return PowerTable.From(
            PowerSplit.Of(new MeasuredSteps(RecordBuilder.Gpu(point), point), ScenarioReader.Default("H200 SXM"))!
        );
    }
}
