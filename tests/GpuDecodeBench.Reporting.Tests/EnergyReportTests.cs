using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>Energy and doubts are shown wherever a point is shown, and counted.</summary>
public class EnergyReportTests
{
    [Fact]
    public void EnergyStandsInTheTableAndInTheParagraph()
    {
        RunRecord record = RecordBuilder.Gpu(WithEnergy(RecordBuilder.Point("bf16")));
        string text = Render.Table(RunTable.From(record, TestRuns.Costs(record)), 220);
        Assert.Contains("J/token", text, StringComparison.Ordinal);
        Assert.Contains("512", text, StringComparison.Ordinal);
        Assert.Contains("2.05", text, StringComparison.Ordinal);
        Assert.Contains("Energy: gross", text, StringComparison.Ordinal);
        Assert.Contains("512 W", RunSummary.Write(record, TestRuns.Costs(record)), StringComparison.Ordinal);
        string csv = Render.Csv(RunTable.From(record, TestRuns.Costs(record)));
        Assert.Contains("powerWatts,energyJoulesPerToken", csv, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFigureSaysWhyBelowTheTable()
    {
        PointRecord missing = RecordBuilder.Point("int4") with
        {
            EnergyJoulesPerToken = Figure.Unavailable("windowTooShort", "a trial takes 2.4 s"),
            Power = Figure.Unavailable("windowTooShort"),
        };
        RunRecord record = RecordBuilder.Gpu(WithEnergy(RecordBuilder.Point("bf16")), missing);
        string text = string.Join('\n', RunTable.From(record, TestRuns.Costs(record)).Captions);
        Assert.Contains("No energy of int4 weights", text, StringComparison.Ordinal);
        Assert.Contains("too short", text, StringComparison.Ordinal);
        Assert.Contains("2.4 s", text, StringComparison.Ordinal);
    }

    [Fact]
    public void DoubtsAreShownWithThePointAndCounted()
    {
        RunRecord record = RecordBuilder.Gpu(
            RecordBuilder.Point("bf16"),
            RecordBuilder.Point("fp8") with
            {
                RecordedWarnings = ["temperatureRising", "drifting"],
            },
            RecordBuilder.Invalid(RecordBuilder.Point("int4"), "throttled", "clockLow")
        );
        string captions = string.Join('\n', RunTable.From(record, TestRuns.Costs(record)).Captions);
        Assert.Contains("the temperature still rose", captions, StringComparison.Ordinal);
        Assert.Contains("the device lowered its clocks", captions, StringComparison.Ordinal);
        Assert.Contains(
            "1 of 3 carries a warning of the device's sensors",
            RunSummary.Write(record, TestRuns.Costs(record)),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "Points: 3, 2 valid; invalid: clockLow 1, throttled 1; warnings: drifting 1, temperatureRising 1.",
            PointTally.Of(record)
        );
    }

    private static PointRecord WithEnergy(PointRecord point) =>
        point with
        {
            Power = Figure.Measured(512),
            EnergyJoulesPerToken = Figure.Derived(2.05),
        };
}
