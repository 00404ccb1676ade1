using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>What a point says of the ceiling and the caches that it is held against.</summary>
public sealed class YardstickTests
{
    [Fact]
    public void ACeilingThatMovesAndAStepThatBeatsItAreWarnedOf()
    {
        using var moving = new ScriptedDevice { CeilingOfPass = pass => pass / 4 % 2 == 0 ? 1e9 : 2e9 };
        PointRecord unsteady = RunRequests.Run(moving, RunRequests.Create(RunRequests.Point())).Record.Points[0];
        Assert.Contains(PointCodes.CeilingMoved, unsteady.Warnings);

        using var slow = new ScriptedDevice { CeilingOfPass = _ => 1e5 };
        PointRecord impossible = RunRequests.Run(slow, RunRequests.Create(RunRequests.Point())).Record.Points[0];
        Assert.Contains(PointCodes.FasterThanCeiling, impossible.Warnings);
        Assert.True(impossible.MbuOfCeiling > 1);
    }

    [Fact]
    public void AMachineThatChangesSpeedBetweenTurnsIsHeldAgainstTheCeilingOfEachTurn()
    {
        // Another speed each turn; steps always reach eight tenths of what the ceiling is at that time.
        long bytes = RunRequests
            .Point()
            .Plan(RunRequests.Model, ActivationFormat.Fp32, null)
            .Totals.CompulsoryReadBytes;
        int passes = 0;
        double Ceiling() => passes / 4 % 2 == 0 ? 1e6 : 3e6;
        using var device = new ScriptedDevice
        {
            CeilingOfPass = pass =>
            {
                passes = pass;
                return Ceiling();
            },
            StepSeconds = (_, _) => bytes / (0.8 * Ceiling()),
        };
        PointRecord point = RunRequests.Run(device, RunRequests.Create(RunRequests.Point())).Record.Points[0];
        Assert.Equal(0.8, point.MbuOfCeiling!.Value, 9);
        Assert.Contains(PointCodes.CeilingMoved, point.Warnings);
    }

    [Fact]
    public void AStepThatMayHaveBeenWarmSaysSo()
    {
        using var small = new ScriptedDevice { LastLevelCacheBytes = 1 << 20 };
        Assert.Contains(
            PointCodes.MayBeWarm,
            RunRequests.Run(small, RunRequests.Create(RunRequests.Point())).Record.Points[0].Warnings
        );
        using var unknown = new ScriptedDevice { LastLevelCacheBytes = null };
        Assert.Contains(
            PointCodes.CacheUnknown,
            RunRequests.Run(unknown, RunRequests.Create(RunRequests.Point())).Record.Points[0].Warnings
        );
    }

    [Fact]
    public void AStepThatMayBeTheHostsInPartSaysSo()
    {
        using var slow = new ScriptedDevice { TimesMayIncludeHost = true };
        Assert.Contains(
            PointCodes.HostTimeIncluded,
            RunRequests.Run(slow, RunRequests.Create(RunRequests.Point())).Record.Points[0].Warnings
        );
        using var fast = new ScriptedDevice();
        Assert.DoesNotContain(
            PointCodes.HostTimeIncluded,
            RunRequests.Run(fast, RunRequests.Create(RunRequests.Point())).Record.Points[0].Warnings
        );
    }

    [Fact]
    public void WithoutACeilingNothingIsSaidAboutIt()
    {
        using var device = new ScriptedDevice { CeilingOfPass = _ => null };
        PointRecord point = RunRequests.Run(device, RunRequests.Create(RunRequests.Point())).Record.Points[0];
        Assert.Null(point.MbuOfCeiling);
        Assert.Null(point.RooflineSeconds);
        Assert.Equal(Provenance.Unavailable, point.Provenance["mbuOfCeiling"].Kind);
    }
}
