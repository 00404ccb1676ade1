using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Tuning;

namespace GpuDecodeBench.Backends.Tests.Cuda.Tuning;

public sealed class KernelTunerTests
{
    [Fact]
    public void TheFastestCandidateIsChosen()
    {
        TuningEntry entry = Assert.Single(Tune((_, candidate, _) => new[] { 1.0, 0.9, 0.7, 0.8 }[candidate], "a"));
        Assert.Equal("linear", entry.Operation);
        Assert.Equal("a", entry.Shape);
        Assert.Equal("way 0", entry.Guess);
        Assert.Equal("way 2", entry.Choice);
        Assert.Equal(1.0, entry.GuessSeconds);
        Assert.Equal(0.7, entry.ChosenSeconds);
        Assert.Equal(4, entry.CandidatesTried);
        Assert.False(entry.Reused);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.995)]
    [InlineData(1.1)]
    [InlineData(0.0)]
    public void WhatIsNotClearlyFasterLeavesTheGuess(double seconds)
    {
        double guess = seconds == 0 ? 0 : 1;
        TuningEntry entry = Assert.Single(Tune((_, candidate, _) => candidate == 0 ? guess : seconds, "a"));
        Assert.Equal("way 0", entry.Choice);
        Assert.Equal(guess, entry.GuessSeconds);
        Assert.Equal(guess, entry.ChosenSeconds);
    }

    [Fact]
    public void OneLuckyTurnDoesNotMakeAWinner() =>
        Assert.Equal(
            "way 0",
            Assert.Single(Tune((_, candidate, turn) => candidate == 1 && turn == 3 ? 0.1 : 1, "a")).Choice
        );

    [Fact]
    public void AWinnerThatDoesNotBeatTheGuessAgainIsGivenUp()
    {
        // The second candidate was fast once, and never again.
        int calls = 0;
        double SecondsOf(string shape, int candidate, int turn) => candidate == 2 && calls++ < 5 ? 0.5 : 1;
        TuningEntry entry = Assert.Single(Tune(SecondsOf, "a"));
        Assert.Equal("way 0", entry.Choice);
        Assert.Equal(entry.GuessSeconds, entry.ChosenSeconds);
    }

    [Fact]
    public void DriftOfTheMachineThatMeetsAllAlikeDecidesNothing()
    {
        int calls = 0;
        double SecondsOf(string shape, int candidate, int turn) =>
            (candidate == 3 ? 0.9 : 1) * (1 + (calls++ / 2 * 0.1));
        Assert.Equal("way 3", Assert.Single(Tune(SecondsOf, "a")).Choice);
    }

    [Fact]
    public void CandidatesTakeTurnsWithTheBestAndBothComeFirst()
    {
        var timer = new ScriptedTimer((_, _, _) => 1);
        _ = Tune(timer, 1e9, "a").ToArray();
        Assert.Equal([("a", 0, 0), ("a", 1, 0), ("a", 1, 1), ("a", 0, 1), ("a", 0, 2), ("a", 1, 2)], timer.Log.Take(6));
        Assert.Equal(3 * 2 * KernelTuner.Turns, timer.Log.Count);
    }

    [Fact]
    public void AHopelessCandidateIsTimedOnce()
    {
        var timer = new ScriptedTimer((_, candidate, _) => candidate == 2 ? 2 : 1);
        TuningEntry entry = Assert.Single(Tune(timer, 1e9, "a"));
        Assert.Single(timer.Log, each => each.Candidate == 2);
        Assert.Equal(4, entry.CandidatesTried);
    }

    [Fact]
    public void WhatTheLimitLeavesUntriedKeepsTheGuess()
    {
        // A shape's three comparisons take thirty seconds, and ten more where there is a winner.
        var timer = new ScriptedTimer((_, candidate, _) => candidate == 3 ? 0.9 : 1);
        var tuner = new KernelTuner(timer, 45, CancellationToken.None);
        TuningEntry[] entries = [.. tuner.Tune([Task("a"), Task("b"), Task("c")])];
        Assert.Equal(["a", "b"], entries.Select(entry => entry.Shape));
        Assert.Equal(["way 3", "way 0"], entries.Select(entry => entry.Choice));
        Assert.Equal([4, 2], entries.Select(entry => entry.CandidatesTried));
        Assert.True(tuner.EndedByLimit);
        Assert.DoesNotContain(timer.Log, each => each.Shape == "c");
    }

    [Fact]
    public void AWinnerThatIsFoundBeforeTheLimitIsKept()
    {
        var timer = new ScriptedTimer((_, candidate, _) => candidate == 1 ? 0.5 : 1);
        var tuner = new KernelTuner(timer, 1, CancellationToken.None);
        TuningEntry entry = Assert.Single(tuner.Tune([Task("a"), Task("b")]));
        Assert.Equal("way 1", entry.Choice);
        Assert.Equal(2, entry.CandidatesTried);
        Assert.True(tuner.EndedByLimit);
    }

    [Fact]
    public void WithTimeForEverythingTheLimitDoesNotEndIt()
    {
        var tuner = new KernelTuner(new ScriptedTimer((_, _, _) => 1), 1e9, CancellationToken.None);
        Assert.Equal(2, tuner.Tune([Task("a"), Task("b")]).Count());
        Assert.False(tuner.EndedByLimit);
    }

    [Fact]
    public void WithNoTimeNothingIsTried()
    {
        var timer = new ScriptedTimer((_, _, _) => 1);
        Assert.Empty(Tune(timer, 0, "a"));
        Assert.Empty(timer.Prepared);
    }

    [Fact]
    public void AFaultOfTheDeviceEndsTuningAndIsTold()
    {
        var timer = new ScriptedTimer(
            (shape, candidate, _) =>
                shape == "b" && candidate == 2
                    ? throw new CudaException(CudaResult.IllegalAddress, "launching", "It broke.")
                    : 1
        );
        var found = new List<TuningEntry>();
        CudaException fault = Assert.Throws<CudaException>(() => found.AddRange(Tune(timer, 1e9, "a", "b", "c")));
        Assert.Equal("It broke.", fault.Message);
        Assert.DoesNotContain(timer.Log, each => each.Shape == "c");
    }

    [Fact]
    public void CancellationEndsItBetweenCandidates()
    {
        using var cancellation = new CancellationTokenSource();
        var timer = new ScriptedTimer(
            (_, candidate, _) =>
            {
                if (candidate == 1)
                {
                    cancellation.Cancel();
                }

                return 1;
            }
        );
        var tuner = new KernelTuner(timer, 1e9, cancellation.Token);
        Assert.Throws<OperationCanceledException>(() => tuner.Tune([Task("a")]).Count());
        Assert.DoesNotContain(timer.Log, each => each.Candidate == 2);
    }

    private static TuningTask Task(string shape) =>
        new("linear", shape, [.. Enumerable.Range(0, 4).Select(way => $"way {way}")], []);

    private static IEnumerable<TuningEntry> Tune(Func<string, int, int, double> secondsOf, params string[] shapes) =>
        Tune(new ScriptedTimer(secondsOf), 1e9, shapes);

    private static IEnumerable<TuningEntry> Tune(ScriptedTimer timer, double limitSeconds, params string[] shapes) =>
        new KernelTuner(timer, limitSeconds, CancellationToken.None).Tune([.. shapes.Select(Task)]);
}
