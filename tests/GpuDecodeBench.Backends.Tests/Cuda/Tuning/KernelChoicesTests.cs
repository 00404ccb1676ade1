using GpuDecodeBench.Backends.Cuda.Tuning;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Tuning;

public sealed class KernelChoicesTests
{
    private static readonly PlanOperation[] s_operations =
    [
        .. TestModels.Plan(TestModels.Regular, contexts: [5]).Operations.Where(each => each.CompulsoryReadBytes > 0),
    ];

    private readonly KernelChoices _choices = new();

    [Fact]
    public void TheGuessIsTakenWhereNothingIsKnown()
    {
        Assert.Equal(10, Choose("a"));
        Assert.Empty(_choices.Entries);
    }

    [Fact]
    public void WhatWasFoundIsTakenForItsShapeAlone()
    {
        _choices.Add(Entry("a", "30"));
        Assert.Equal(30, Choose("a"));
        Assert.Equal(10, Choose("b"));
    }

    [Fact]
    public void WhatAnEarlierRunFoundIsTakenAndMarked()
    {
        _choices.Offer([Entry("a", "20"), Entry("never asked for", "20")]);
        Assert.Equal(20, Choose("a"));
        Assert.Equal(20, Choose("a"));
        TuningEntry entry = Assert.Single(_choices.Entries);
        Assert.True(entry.Reused);
        Assert.Equal("20", entry.Choice);
        Assert.Empty(_choices.Ignored);
    }

    [Fact]
    public void AnEarlierChoiceThatDoesNotExistHereIsIgnoredAndTold()
    {
        _choices.Offer([Entry("a", "99")]);
        Assert.Equal(10, Choose("a"));
        Assert.Equal(10, Choose("a"));
        Assert.Empty(_choices.Entries);
        Assert.Equal("99", Assert.Single(_choices.Ignored).Choice);
    }

    [Fact]
    public void TasksAreTheUnknownShapesWithAChoiceThoseWithMostBytesFirst()
    {
        _choices.Add(Entry("known", "20"));
        _choices.Offer([Entry("offered", "30"), Entry("ignored", "99")]);
        var collector = new TuningTaskCollector(_choices);
        PlanOperation[] byBytes = [.. s_operations.OrderBy(each => each.CompulsoryReadBytes)];
        _ = collector.Choose(byBytes[0], "linear", "small", (int[])[10, 20]);
        _ = collector.Choose(byBytes[^1], "linear", "large", (int[])[10, 20]);
        _ = collector.Choose(byBytes[^1], "linear", "ignored", (int[])[10, 20]);
        _ = collector.Choose(byBytes[0], "linear", "ignored", (int[])[10, 20]);
        _ = collector.Choose(byBytes[0], "linear", "only one way", (int[])[10]);
        Assert.Equal(20, collector.Choose(byBytes[0], "linear", "known", (int[])[10, 20, 30]));
        Assert.Equal(30, collector.Choose(byBytes[0], "linear", "offered", (int[])[10, 20, 30]));
        Assert.Equal(["ignored", "large", "small"], collector.Tasks.Select(task => task.Shape));
        Assert.Equal(["10", "20"], collector.Tasks[0].Candidates);
        Assert.Equal(2, collector.Tasks[0].Operations.Count);
    }

    private static TuningEntry Entry(string shape, string choice) =>
        new()
        {
            Operation = "linear",
            Shape = shape,
            Guess = "10",
            Choice = choice,
            GuessSeconds = 2,
            ChosenSeconds = 1,
            CandidatesTried = 3,
        };

    private int Choose(string shape) => _choices.Choose(s_operations[0], "linear", shape, (int[])[10, 20, 30]);
}
