using GpuDecodeBench.Backends.Cuda.Ceilings;
using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Tests.Cuda.Ceilings;

/// <summary>The ceilings' way through kernels and grids, on the emulator: its rates mean nothing, what it launches does.</summary>
public sealed class CudaCeilingsTests
{
    private const long Bytes = (100 << 10) + 16;

    private static readonly CudaCeilingSizes s_small = new()
    {
        ReadBytes = Bytes,
        Passes = 1,
        ComputePassSeconds = 0,
    };

    [Theory]
    [InlineData(75, false)]
    [InlineData(80, false)]
    [InlineData(90, true)]
    public void EveryCandidateIsLaunchedAsItMayBeAndReadsEveryByteOnce(int architecture, bool hasBulkCopies)
    {
        using var emulated = new EmulatedCeilings(architecture);
        using var ceilings = new CudaCeilings(emulated.Device, s_small);
        DeviceCeilings found = ceilings.Measure(TimeSpan.MaxValue, CancellationToken.None);

        IReadOnlyList<CudaReadCandidate> candidates = CudaReadCandidate.For(architecture);
        Assert.Equal(hasBulkCopies, candidates.Any(each => each.Kernel == CudaReadCandidate.BulkKernel));
        SeenLaunch[] reads =
        [
            .. emulated.Launches.Where(launch => launch.Kernel.StartsWith("read_", StringComparison.Ordinal)),
        ];
        Assert.Equal(
            candidates.Select(each => (each.Kernel, each.BlocksPerMultiprocessor * 2, each.Threads)),
            reads.Select(launch => (launch.Kernel, launch.Grid.X, launch.Block.X)).Distinct()
        );
        Assert.All(
            reads,
            launch =>
            {
                Assert.Equal(Bytes, launch.Counters.Allocation("The source of the read ceiling")!.DistinctReadBytes);
                Assert.Equal(Bytes, launch.Counters.GlobalLoadedBytes);
            }
        );
        Assert.Contains(
            $"best of the {candidates.Count} of {candidates.Count} kernels",
            found.ReadMethod,
            StringComparison.Ordinal
        );
        Assert.StartsWith("read_stream_", found.ReadMethod, StringComparison.Ordinal);
        Assert.True(found.ReadBytesPerSecond > 0 && found.CopyBytesPerSecond > 0 && found.WriteBytesPerSecond > 0);
        Assert.True(found.FlopsPerSecond > 0);
        Assert.Contains(
            architecture == 75 ? "FP32 multiply-adds" : "mma.sync",
            found.FlopsMethod,
            StringComparison.Ordinal
        );
    }

    /// <summary>An A100, an H200, an RTX 4090, a card whose driver tells neither clock nor bus, and a small one.</summary>
    [Theory]
    [InlineData(40, 1_593_000, 5120, 81_920, 2_039_040_000)]
    [InlineData(60, 3_201_000, 6144, 143_771, 3_768_870_496)]
    [InlineData(72, 10_501_000, 384, 24_564, 1152L << 20)]
    [InlineData(40, 0, 0, 40_960, 640L << 20)]
    [InlineData(4, 5_001_000, 256, 15_360, 320_064_000)]
    public void APassReadsForAMillisecondAndFarBeyondTheCaches(
        int cacheMib,
        int kilohertz,
        int bits,
        int totalMib,
        long bytes
    )
    {
        using var emulated = new EmulatedCeilings(90);
        CudaDeviceInfo device = emulated.Device.Information with
        {
            L2Bytes = (long)cacheMib << 20,
            TotalBytes = (long)totalMib << 20,
            MemoryClockKilohertz = kilohertz,
            MemoryBusBits = bits,
        };
        Assert.Equal(bytes, CudaCeilings.PassBytes(device));
    }

    [Fact]
    public void TheBufferIsFilledWithNoiseToItsEnd()
    {
        using var emulated = new EmulatedCeilings(90);
        using var ceilings = new CudaCeilings(emulated.Device, s_small with { NoiseBytes = 16 << 10 });
        ceilings.Measure(TimeSpan.MaxValue, CancellationToken.None);
        long[] written =
        [
            .. emulated
                .Launches.Where(launch => launch.Kernel == "copy_stream")
                .Select(launch => launch.Counters.Allocation("The source of the read ceiling")!.DistinctWrittenBytes)
                .Where(bytes => bytes > 0),
        ];
        Assert.Equal([16 << 10, 32 << 10, Bytes - (64 << 10)], written);
    }

    [Fact]
    public void TheFastestIsFollowedThroughTheRun()
    {
        using var emulated = new EmulatedCeilings(90);
        using var ceilings = new CudaCeilings(emulated.Device, s_small);
        Assert.Null(ceilings.ReadOnce());
        string method = ceilings.Measure(TimeSpan.MaxValue, CancellationToken.None).ReadMethod!;
        emulated.Launches.Clear();
        Assert.True(ceilings.ReadOnce() > 0);
        SeenLaunch launch = Assert.Single(emulated.Launches);
        Assert.StartsWith($"{launch.Kernel} (", method, StringComparison.Ordinal);
        Assert.Contains($"{launch.Grid.X} blocks of {launch.Block.X} threads", method, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read_stream_bulk", 4)]
    [InlineData("read_stream_u8", 16)]
    [InlineData("read_stream_u4", 2)]
    public void TheFastestOfAllCandidatesIsTaken(string kernel, int blocks)
    {
        IReadOnlyList<CudaReadCandidate> candidates = CudaReadCandidate.For(90);
        (CudaReadCandidate best, double rate, int tried) = CudaReadCandidate.Fastest(
            candidates,
            each => each.Kernel == kernel && each.BlocksPerMultiprocessor == blocks ? 3e12 : 2e12,
            () => true
        );
        Assert.Equal((kernel, blocks), (best.Kernel, best.BlocksPerMultiprocessor));
        Assert.Equal(3e12, rate);
        Assert.Equal(candidates.Count, tried);
    }

    [Fact]
    public void WhereTimeIsUpTheFastestOfThoseTriedIsTaken()
    {
        int asked = 0;
        (CudaReadCandidate best, _, int tried) = CudaReadCandidate.Fastest(
            CudaReadCandidate.For(90),
            each => each.BlocksPerMultiprocessor,
            () => ++asked < 3
        );
        Assert.Equal(3, tried);
        Assert.Equal(8, best.BlocksPerMultiprocessor);
    }
}
