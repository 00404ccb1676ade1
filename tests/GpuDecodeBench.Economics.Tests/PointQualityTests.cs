using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Economics.Tests;

public class PointQualityTests
{
    [Theory]
    [InlineData("hardwareThermal", false)]
    [InlineData("softwarePowerCap", false)]
    [InlineData("somethingNew", false)]
    [InlineData("applicationClocks", true)]
    public void APointWhoseDeviceLoweredItsClocksIsPricedOnlyWhenAskedFor(string reason, bool sound)
    {
        PointRecord point = RecordBuilder.Point() with { ThrottleReasons = [reason] };
        RunRecord record = RecordBuilder.Gpu(point);
        CostResult refused = RecordCost.Of(record, point);
        CostResult asked = RecordCost.Of(record, point, new CostOptions { IncludeInvalid = true });

        Assert.Equal(sound, PointQuality.IsSound(point));
        Assert.Equal(sound, refused.Cost is not null);
        Assert.Equal(sound ? null : RecordCost.ThrottledPoint, refused.Unavailable?.Reason);
        Assert.NotNull(asked.Cost);
        Assert.Equal(sound ? [] : [PointQuality.Throttled], asked.InvalidReasons);
    }
}
