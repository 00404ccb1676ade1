using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Diagnostics;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Backends.Tests.Diagnostics;

/// <summary>What the doctor asks of a GPU, with the very kernels on the emulator and faults put into it.</summary>
public sealed class CudaDiagnosticsTests
{
    private const long Memory = 1L << 20;
    private const long Piece = 64L << 10;

    private static readonly MemoryTestRequest s_request = new() { Share = 0.95, Limit = TimeSpan.FromMinutes(5) };

    [Fact]
    public void HealthyMemoryIsTestedTo95PercentOfWhatIsFreeAndGivenBack()
    {
        using CudaDevice device = Open(new EmulatedCudaOptions { MemoryBytes = Memory });
        MemoryTestResult result = device.TestMemory(s_request, null, CancellationToken.None);
        Assert.Equal(Memory, result.FreeBytes);
        Assert.InRange(result.TestedBytes, (long)(0.949 * Memory), Memory);
        Assert.Equal(result.WantedBytes, result.AllocatedBytes);
        Assert.Equal(2, result.Passes);
        Assert.Equal(0, result.WrongWords);
        Assert.Null(result.FirstWrongByte);
        Assert.Equal(0, device.Context.AllocatedBytes);
        Assert.Equal(Memory, device.Context.MemoryInfo().FreeBytes);
    }

    [Fact]
    public void MemoryThatShowsAtTwoAddressesIsSeenAndSaidWhere()
    {
        // Every piece of 64 KiB lies where the first lies: the card has a quarter of what it claims.
        ulong first = 0;
        using CudaDevice device = Open(
            new EmulatedCudaOptions
            {
                MemoryBytes = Memory,
                AlterArguments = (kernel, bytes) =>
                    Alter(
                        kernel,
                        bytes,
                        given =>
                        {
                            first = given.FirstWord == 0 ? given.Memory : first;
                            return first;
                        }
                    ),
            }
        );
        MemoryTestResult result = new CudaMemoryTest(device, Piece).Run(
            s_request with
            {
                MaximumBytes = 4 * Piece,
            },
            null,
            CancellationToken.None
        );
        // All but the last piece's words are gone, in both passes.
        Assert.Equal(2 * 3 * Piece / 8, result.WrongWords);
        Assert.Equal(0, result.FirstWrongByte);
        Assert.Equal(3 * Piece, result.FirstBelongsAtByte);
    }

    [Fact]
    public void ABitThatFlipsIsFoundWithItsPlace()
    {
        const ulong Flipped = 1UL << 21;
        const int Offset = 24 * 8;
        CudaDevice? opened = null;
        bool isDone = false;
        void Flip(string kernel, byte[] bytes)
        {
            if (kernel == "memory_check" && !isDone)
            {
                isDone = true;
                ulong place = MemoryMarshal.Read<MemoryTestArguments>(bytes).Memory + Offset;
                var word = new byte[8];
                opened!.Machine!.Read(place, word);
                BinaryPrimitives.WriteUInt64LittleEndian(word, BinaryPrimitives.ReadUInt64LittleEndian(word) ^ Flipped);
                opened.Machine.Write(place, word);
            }
        }

        using CudaDevice device = Open(new EmulatedCudaOptions { MemoryBytes = Memory, AlterArguments = Flip });
        opened = device;
        MemoryTestResult result = device.TestMemory(
            s_request with
            {
                MaximumBytes = Piece,
            },
            null,
            CancellationToken.None
        );
        Assert.Equal(1, result.WrongWords);
        Assert.Equal(Flipped, result.WrongBits);
        Assert.Equal(Offset, result.FirstWrongByte);
        Assert.Equal(MemoryPattern.Word(1, Offset / 8, 0), result.FirstExpected);
        Assert.Equal(result.FirstExpected ^ Flipped, result.FirstRead);
        Assert.Null(result.FirstBelongsAtByte);
    }

    [Fact]
    public void WhatCannotBeAllocatedIsTold()
    {
        using CudaDevice device = Open(
            new EmulatedCudaOptions { MemoryBytes = 64L << 20, AllocationsFailAfterBytes = 3L << 20 }
        );
        MemoryTestResult result = device.TestMemory(
            s_request with
            {
                MaximumBytes = 4L << 20,
            },
            null,
            CancellationToken.None
        );
        Assert.Equal(4L << 20, result.WantedBytes);
        Assert.Equal(2L << 20, result.AllocatedBytes);
        Assert.Equal(0, result.WrongWords);
        Assert.Equal(0, device.Context.AllocatedBytes);
    }

    [Fact]
    public void EverythingElseRunsTinyOnTheEmulatorAndGivesItsMemoryBack()
    {
        using CudaDevice device = Open(new EmulatedCudaOptions());
        Assert.True(device.ReadFacts().IsEmulated);
        Assert.Equal(
            [1L << 20, 2L << 20],
            device
                .SweepReads(TimeSpan.FromMinutes(5), CancellationToken.None)
                .Select(rate => rate.Bytes)
                .Where(bytes => bytes % (1 << 20) == 0)
        );
        IReadOnlyList<HostCopyRate> copies = device.CopyHostMemory(TimeSpan.FromMinutes(5), CancellationToken.None);
        Assert.Equal(4, copies.DistinctBy(copy => (copy.Direction, copy.IsPageLocked)).Count());
        Assert.Equal(3, device.TimeShortKernels(3, TimeSpan.FromMinutes(5), CancellationToken.None).Count);
        foreach (LoadKind kind in Enum.GetValues<LoadKind>())
        {
            int called = 0;
            Assert.Single(device.RunLoad(kind, TimeSpan.FromHours(1), _ => called++, CancellationToken.None));
            Assert.Equal(1, called);
        }

        Assert.Equal(0, device.Context.AllocatedBytes);
    }

    [Fact]
    public void ReadingAgainReadsEveryWordInEveryRound()
    {
        using CudaDevice device = Open(new EmulatedCudaOptions());
        uint[] words = [.. Enumerable.Range(1, 5000).Select(i => (uint)i * 2654435761u)];
        using CudaBuffer source = device.Context.Allocate(words.Length * sizeof(uint), "words");
        using CudaBuffer sums = device.Context.Allocate(3 * 8 * sizeof(uint), "sums");
        source.CopyFrom(MemoryMarshal.AsBytes<uint>(words));
        using CudaStream stream = device.Context.CreateStream();
        stream.Launch(
            new CudaLaunch(device.Kernels.Get("load", "read_again"), new CudaDim3(3), new CudaDim3(256)),
            new ReadAgainArguments
            {
                Source = source.Address,
                Sums = sums.Address,
                Chunks = (ulong)(words.Length / 4),
                Rounds = 5,
            },
            "a test"
        );
        var found = new byte[sums.Bytes];
        sums.CopyTo(found);
        uint sum = 0;
        for (int i = 0; i < found.Length; i += sizeof(uint))
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(found.AsSpan(i));
        }

        Assert.Equal(words.Aggregate(0u, (all, word) => all + (5 * word)), sum);
    }

    private static CudaDevice Open(EmulatedCudaOptions options) =>
        (CudaDevice)new EmulatorBackend { Options = options }.Open(EmulatorBackend.BackendName);

    private static void Alter(string kernel, byte[] bytes, Func<MemoryTestArguments, ulong> memoryOf)
    {
        if (kernel is not ("memory_fill" or "memory_check"))
        {
            return;
        }

        MemoryTestArguments given = MemoryMarshal.Read<MemoryTestArguments>(bytes);
        MemoryMarshal.Write(
            bytes,
            new MemoryTestArguments
            {
                Memory = memoryOf(given),
                Tallies = given.Tallies,
                Chunks = given.Chunks,
                FirstWord = given.FirstWord,
                Seed = given.Seed,
                Invert = given.Invert,
            }
        );
    }
}
