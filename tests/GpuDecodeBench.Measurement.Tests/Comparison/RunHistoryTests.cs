using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Measurement.Tests.Comparison;

public class RunHistoryTests
{
    [Fact]
    public void AJumpIsNamedWithItsRunAndWithoutWhatTheMachineDid()
    {
        // From the seventh run on a tenth slower, and so is the read ceiling.
        HistoryLine line = Line(12, day => (day < 6 ? 1 : 1.1, day < 6 ? 1 : 1 / 1.1));
        Assert.Equal(HistoryFinding.Jump, line.Finding);
        HistoryJump jump = Assert.Single(line.Jumps);
        Assert.Equal(6, jump.Index);
        Assert.InRange(jump.Ratio, 1.09, 1.11);
        Assert.InRange(jump.RatioAtEqualCeiling!.Value, 0.99, 1.01);
    }

    [Fact]
    public void APhaseThatEndsIsTwoJumps()
    {
        HistoryLine line = Line(24, day => (day is >= 8 and < 16 ? 1.2 : 1, 1));
        Assert.Equal(HistoryFinding.Jump, line.Finding);
        Assert.Equal([8, 16], line.Jumps.Select(jump => jump.Index));
        Assert.InRange(line.Jumps[1].Ratio, 0.82, 0.85);
    }

    [Fact]
    public void ADriftIsNotTakenForAJump()
    {
        HistoryLine line = Line(16, day => (1 + (0.01 * day), 1));
        Assert.Equal(HistoryFinding.Drift, line.Finding);
        // 15 days of 1 % of the first day's time: 1.15 times in all, on a logarithmic line a little less evenly.
        Assert.InRange(line.TrendRatio!.Value, 1.13, 1.17);
        Assert.True(line.TrendRatioCi95Low > 1.1);
    }

    [Fact]
    public void RunsThatOnlyScatterShowNothing()
    {
        HistoryLine line = Line(16, _ => (1, 1));
        Assert.Equal(HistoryFinding.NothingShown, line.Finding);
        Assert.Empty(line.Jumps);
        Assert.InRange(1, line.TrendRatioCi95Low!.Value, line.TrendRatioCi95High!.Value);
    }

    [Fact]
    public void FiveRunsAreTooFew() => Assert.Equal(HistoryFinding.TooFewRuns, Line(5, day => (1 + day, 1)).Finding);

    [Fact]
    public void RunsAreOrderedByTimeAndInvalidPointsAreCountedNotDrawn()
    {
        HistoryLine line = Assert.Single(
            RunHistory.Of([
                ComparedRuns.Run("late", 2, ComparedRuns.Point(0.003, 1)),
                ComparedRuns.Run("early", 0, ComparedRuns.Point(0.004, 2)),
                ComparedRuns.Run("bad", 1, RecordBuilder.Invalid(ComparedRuns.Point(0.9, 3), "throttled")),
            ])
        );
        Assert.Equal(["early", "late"], line.Entries.Select(entry => entry.Name));
        Assert.Equal(1, line.InvalidRuns);
        Assert.Equal(2, line.Days);
        Assert.Equal(0.75, line.TrendRatio!.Value, 0.01);
    }

    [Fact]
    public void EachConfigurationAndDeviceHasALineOfItsOwn()
    {
        IReadOnlyList<HistoryLine> lines = RunHistory.Of([
            ComparedRuns.Run("a", 0, ComparedRuns.Point(0.004, 1), ComparedRuns.Point(0.005, 2, batch: 8)),
            new ComparisonRun("b", RecordBuilder.Cpu(ComparedRuns.Point(0.004, 3))),
        ]);
        Assert.Equal(3, lines.Count);
        Assert.Equal(2, lines.Select(line => line.Hardware).Distinct().Count());
    }

    /// <summary>A line of one run a day; the time is 4 ms and the ceiling the builder's, each multiplied as asked, with noise of 1 %.</summary>
    private static HistoryLine Line(int days, Func<int, (double Time, double Ceiling)> of) =>
        Assert.Single(
            RunHistory.Of([
                .. Enumerable
                    .Range(0, days)
                    .Select(day =>
                        ComparedRuns.Run(
                            $"{day}",
                            day,
                            ComparedRuns.Point(0.004 * of(day).Time, day, ComparedRuns.Ceiling * of(day).Ceiling)
                        )
                    ),
            ])
        );
}
