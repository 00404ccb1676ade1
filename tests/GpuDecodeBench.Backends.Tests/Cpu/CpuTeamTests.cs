using GpuDecodeBench.Backends.Cpu;

namespace GpuDecodeBench.Backends.Tests.Cpu;

public class CpuTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void EveryWorkerRunsEachPieceOfWorkOnce(int size)
    {
        using var team = new CpuTeam(size);
        Assert.Equal(size, team.Size);
        for (int round = 0; round < 100; round++)
        {
            var runs = new int[size];
            team.Run(worker => Interlocked.Increment(ref runs[worker]));
            Assert.All(runs, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void TheCallerIsWorkerZeroAndTheOthersAreThreadsOfTheirOwn()
    {
        using var team = new CpuTeam(4);
        var threads = new int[4];
        team.Run(worker => threads[worker] = Environment.CurrentManagedThreadId);
        Assert.Equal(Environment.CurrentManagedThreadId, threads[0]);
        Assert.Equal(4, threads.Distinct().Count());
    }

    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(2, 20_000)]
    [InlineData(5, 200)] // more than this machine may have: threads wait for ones that do not run
    public void NoWorkerPassesABarrierBeforeAllHaveReachedIt(int size, int iterations)
    {
        using var team = new CpuTeam(size);
        var reached = new int[size * 16];
        int early = 0;
        team.Run(worker =>
        {
            for (int i = 1; i <= iterations; i++)
            {
                Volatile.Write(ref reached[worker * 16], i);
                team.Barrier();
                for (int other = 0; other < size; other++)
                {
                    // The others are at this barrier or on their way to the next one.
                    if (Volatile.Read(ref reached[other * 16]) is int at && at != i && at != i + 1)
                    {
                        Interlocked.Increment(ref early);
                    }
                }
            }
        });
        Assert.Equal(0, early);
        Assert.All(Enumerable.Range(0, size), worker => Assert.Equal(iterations, reached[worker * 16]));
    }

    [Fact]
    public void WhatWasWrittenBeforeABarrierIsSeenAfterItWithoutFurtherCare()
    {
        const int Size = 2;
        using var team = new CpuTeam(Size);
        var values = new long[Size];
        long wrong = 0;
        team.Run(worker =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                values[worker] = i;
                team.Barrier();
                if (values.Sum() != (long)Size * i)
                {
                    Interlocked.Increment(ref wrong);
                }

                team.Barrier();
            }
        });
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void ATeamThatHasFallenAsleepWorksAgain()
    {
        using var team = new CpuTeam(3);
        int runs = 0;
        for (int round = 0; round < 5; round++)
        {
            SpinWait.SpinUntil(() => team.Sleeping == 2);
            team.Run(_ => Interlocked.Increment(ref runs));
            team.Run(_ => Interlocked.Increment(ref runs));
        }

        Assert.Equal(5 * 2 * 3, runs);
    }

    [Fact]
    public void ATeamMayBeDisposedAwakeAsleepUnusedAndTwice()
    {
        var unused = new CpuTeam(3);
        unused.Dispose();
        var awake = new CpuTeam(3);
        awake.Run(_ => { });
        awake.Dispose();
        awake.Dispose();
        var asleep = new CpuTeam(3);
        asleep.Run(_ => { });
        SpinWait.SpinUntil(() => asleep.Sleeping == 2);
        asleep.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void ATeamHasAtLeastOneThread(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuTeam(size));
}
