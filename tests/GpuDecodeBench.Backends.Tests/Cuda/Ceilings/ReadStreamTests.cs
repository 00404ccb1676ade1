using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Ceilings;
using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Tests.Cuda.Ceilings;

/// <summary>The kernels of the read ceiling: every byte once, none besides, all of them used.</summary>
public sealed class ReadStreamTests
{
    private const string Source = "the source";

    /// <summary>Chunks of 16 bytes of a stage of bulk copies.</summary>
    private const int StageChunks = 512;

    /// <summary>Stages of a block under way at a time.</summary>
    private const int Stages = 4;

    public static TheoryData<int, string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, string, int, int>();
            foreach (int blocks in (int[])[1, 3])
            {
                // Below a stage, whole stages, a chunk more or less, all stages in use, and around twice: the parity turns.
                foreach (
                    int chunks in (int[])
                        [
                            1,
                            127,
                            StageChunks - 1,
                            StageChunks,
                            StageChunks + 1,
                            Stages * StageChunks * blocks,
                            (Stages * StageChunks * blocks) + 1,
                            (9 * StageChunks * blocks) - 5,
                        ]
                )
                {
                    cases.Add(90, CudaReadCandidate.BulkKernel, blocks, chunks);
                }

                cases.Add(90, "read_stream_u4", blocks, 4999);
                cases.Add(80, "read_stream_u8", blocks, 4999);
                cases.Add(75, "read_stream_u4", blocks, 1);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ExactlyTheBytesAskedForAreReadAndEachCounts(int architecture, string kernel, int blocks, int chunks)
    {
        using var emulated = new EmulatedCeilings(architecture);
        CudaReadCandidate candidate = CudaReadCandidate.For(architecture).First(each => each.Kernel == kernel);
        // What lies behind the last chunk is allocated too, so that reading it is no fault and must show in the counts.
        var content = new byte[16 * (chunks + StageChunks)];
        new Random(chunks).NextBytes(content);
        int teams = blocks * candidate.Threads / 32;
        using CudaBuffer source = emulated.Device.Context.Allocate(content.Length, Source);
        source.CopyFrom(content);
        using CudaBuffer target = emulated.Device.Context.Allocate(teams * sizeof(uint), "the results");
        using CudaStream stream = emulated.Device.Context.CreateStream();
        stream.Launch(
            new CudaLaunch(
                emulated.Device.Kernels.Get("stream", kernel),
                new CudaDim3(blocks),
                new CudaDim3(candidate.Threads)
            ),
            new StreamArguments
            {
                Source = source.Address,
                Target = target.Address,
                Chunks = (ulong)chunks,
            },
            "the test"
        );
        stream.Synchronize();

        SeenLaunch launch = Assert.Single(emulated.Launches);
        Assert.Equal(16L * chunks, launch.Counters.Allocation(Source)!.DistinctReadBytes);
        Assert.Equal(16L * chunks, launch.Counters.Allocation(Source)!.LoadedBytes);
        var sums = new uint[teams];
        target.CopyTo(MemoryMarshal.AsBytes(sums.AsSpan()));
        Assert.Equal(ExclusiveOr(MemoryMarshal.Cast<byte, uint>(content.AsSpan(0, 16 * chunks))), ExclusiveOr(sums));
    }

    private static uint ExclusiveOr(ReadOnlySpan<uint> words)
    {
        uint sum = 0;
        foreach (uint word in words)
        {
            sum ^= word;
        }

        return sum;
    }
}
