using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Tests.Telemetry;

public class ReadingTests
{
    [Fact]
    public void AReadingIsAlwaysText()
    {
        Assert.Equal("512.25", Reading.Of(512.25).ToString());
        Assert.Equal(
            "unavailable (nvml.notSupported: the card has no such sensor)",
            Reading.Unavailable<double>("nvml.notSupported", "the card has no such sensor").ToString()
        );
        Assert.Equal("unavailable (rapl.notPresent)", Reading.Unavailable<string>("rapl.notPresent").ToString());
        Assert.Equal("unavailable (notAsked)", default(Reading<int>).ToString());
    }
}
