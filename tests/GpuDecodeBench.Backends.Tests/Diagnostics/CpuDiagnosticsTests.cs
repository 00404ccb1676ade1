using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Backends.Tests.Diagnostics;

/// <summary>What the doctor asks of the CPU, on as little memory and time as it can.</summary>
public sealed class CpuDiagnosticsTests
{
    [Fact]
    public void MemoryIsWrittenAndReadBackOnAllThreads()
    {
        using CpuDevice device = Open();
        MemoryTestResult result = device.TestMemory(
            new MemoryTestRequest
            {
                Share = 0.5,
                MaximumBytes = (3L << 20) + 8,
                Limit = TimeSpan.FromMinutes(5),
            },
            null,
            CancellationToken.None
        );
        Assert.Equal((3L << 20) + 8, result.TestedBytes);
        Assert.Equal(2, result.Passes);
        Assert.Equal(0, result.WrongWords);
        Assert.False(result.EndedByLimit);
    }

    [Fact]
    public void ALoadAndShortWorkGoOnceWhereThereIsNoTime()
    {
        using CpuDevice device = Open();
        Assert.True(device.ReadFacts().IsHost);
        Assert.Single(device.TimeShortKernels(100, TimeSpan.Zero, CancellationToken.None));
        int called = 0;
        LoadBatch batch = Assert.Single(
            device.RunLoad(LoadKind.Compute, TimeSpan.Zero, _ => called++, CancellationToken.None)
        );
        Assert.Equal(1, called);
        Assert.True(batch.PerSecond > 0);
        Assert.Empty(device.CopyHostMemory(TimeSpan.Zero, CancellationToken.None));
    }

    private static CpuDevice Open() =>
        (CpuDevice)new CpuBackend(new TestHost(), threads: 2).Open(CpuBackend.BackendName);
}
