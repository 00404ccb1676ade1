using System.Text;
using GpuDecodeBench.Backends.Cpu;

namespace GpuDecodeBench.Backends.Tests.Cpu;

/// <summary>What Linux says of how long a thread waited for a processor.</summary>
public sealed class ThreadWaitTests
{
    [Theory]
    [InlineData("844047 8208117 2\n", 0.008208117)]
    [InlineData("844047 0 1\n", 0.0)]
    [InlineData("9223372036854775807 12000000000 77", 12.0)]
    public void TheSecondNumberIsTheWait(string line, double seconds) =>
        Assert.Equal(seconds, ThreadWait.Parse(Encoding.ASCII.GetBytes(line))!.Value, 12);

    /// <summary>Zeros are what a kernel writes that keeps no account.</summary>
    [Theory]
    [InlineData("0 0 0\n")]
    [InlineData("0 5 1\n")]
    [InlineData("")]
    [InlineData("844047")]
    [InlineData("844047 ")]
    [InlineData("844047 -1 2")]
    [InlineData("waiting 5 2")]
    public void AnythingElseIsNotKnown(string line) => Assert.Null(ThreadWait.Parse(Encoding.ASCII.GetBytes(line)));

    [Fact]
    public void ATeamTellsOfAllItsThreadsOrOfNone()
    {
        using var team = new CpuTeam(3);
        team.Run(_ => team.Barrier());
        double[]? before = team.ReadWaitSeconds();
        team.Run(_ => team.Barrier());
        double[]? after = team.ReadWaitSeconds();
        Assert.True(before is null || before.Length == 3);
        if (before is not null && after is not null)
        {
            Assert.All(before.Zip(after), pair => Assert.InRange(pair.First, 0, pair.Second));
        }
    }
}
