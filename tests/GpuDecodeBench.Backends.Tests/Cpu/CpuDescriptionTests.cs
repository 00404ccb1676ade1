using GpuDecodeBench.Backends.Cpu;

namespace GpuDecodeBench.Backends.Tests.Cpu;

public class CpuDescriptionTests
{
    public static TheoryData<SimdPath> Paths => [.. SimdPaths.All];

    [Theory]
    [MemberData(nameof(Paths))]
    public void TheDeviceNamesTheVectorsThatItsKernelsUse(SimdPath path)
    {
        DeviceDescription device = new CpuBackend(new TestHost(), simd: path).FindDevices()[0];
        Assert.Equal(SimdPaths.NameOf(path), device.Detail);
        Assert.Equal(SimdPaths.IsSupported(path), device.IsAvailable);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void APathThatTheProcessorLacksIsAnAnswerAndOneThatItHasOpens(SimdPath path)
    {
        var backend = new CpuBackend(new TestHost(), threads: 1, path);
        if (SimdPaths.IsSupported(path))
        {
            using IDecodeDevice device = backend.Open(CpuBackend.BackendName);
            Assert.Equal(SimdPaths.NameOf(path), device.Description.Detail);
            return;
        }

        string message = Assert.Throws<DeviceUnavailableException>(() => backend.Open(CpuBackend.BackendName)).Message;
        Assert.Contains(SimdPaths.NameOf(path), message, StringComparison.Ordinal);
        Assert.Contains(SimdPaths.NameOf(SimdPaths.Best), message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void CeilingsAreMeasuredWithTheKernelsOwnPath(SimdPath path)
    {
        if (!SimdPaths.IsSupported(path))
        {
            return; // the test above says what happens then
        }

        using IDecodeDevice device = new CpuBackend(new TestHost(), threads: 1, path).Open(CpuBackend.BackendName);
        DeviceCeilings ceilings = device.MeasureCeilings(TimeSpan.Zero, CancellationToken.None);
        Assert.Contains(SimdPaths.NameOf(path), ceilings.ReadMethod, StringComparison.Ordinal);
        Assert.Contains(SimdPaths.NameOf(path), ceilings.FlopsMethod, StringComparison.Ordinal);
        Assert.True(ceilings.FlopsPerSecond > 0);
    }
}
