using System.Diagnostics;
using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Backends.Cuda.Diagnostics;

/// <summary>
/// Fills a GPU's free memory and reads it back. All of it is written before any is read: a card that claims more memory than it has
/// shows one place's words at another.
/// </summary>
/// <param name="device">The GPU.</param>
/// <param name="largestPiece">The largest allocation, in bytes.</param>
internal sealed class CudaMemoryTest(CudaDevice device, long largestPiece = CudaMemoryTest.LargestPiece)
{
    private const int Passes = 2;
    private const int Threads = 256;
    private const int TeamsPerBlock = Threads / 32;
    private const int ChunkBytes = 16;
    private const long LargestPiece = 1L << 30;
    private const long SmallestPiece = 2L << 20;

    private readonly int _blocks = 8 * device.Information.MultiprocessorCount;

    public MemoryTestResult Run(MemoryTestRequest request, IProgress<double>? progress, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        long free = device.Context.MemoryInfo().FreeBytes;
        long wanted = Math.Min((long)(free * request.Share), request.MaximumBytes) / ChunkBytes * ChunkBytes;
        List<CudaBuffer> pieces = [];
        try
        {
            using CudaStream stream = device.Context.CreateStream();
            using CudaBuffer tallies = device.Context.Allocate(
                (long)_blocks * TeamsPerBlock * Marshal.SizeOf<MemoryTestTally>(),
                "What the memory test finds"
            );
            Allocate(pieces, wanted, cancellation);
            long allocated = pieces.Sum(piece => piece.Bytes);
            var totals = new MemoryTestTotals(request.Seed);
            long tested = allocated;
            int passes = 0;
            for (int pass = 0; pass < Passes && Stopwatch.GetElapsedTime(start) < request.Limit; pass++)
            {
                TimeSpan left = request.Limit - Stopwatch.GetElapsedTime(start);
                long deadline = Stopwatch.GetTimestamp() + (long)(left.TotalSeconds / 2 * Stopwatch.Frequency);
                long filled = Fill(pieces, stream, tallies, request.Seed, pass, deadline, cancellation);
                progress?.Report((pass + 0.5) / Passes);
                Check(pieces, filled, stream, tallies, request.Seed, pass, totals, cancellation);
                progress?.Report((pass + 1.0) / Passes);
                tested = Math.Min(tested, filled);
                passes++;
            }

            return totals.Complete(
                new MemoryTestResult
                {
                    FreeBytes = free,
                    WantedBytes = wanted,
                    AllocatedBytes = allocated,
                    TestedBytes = passes == 0 ? 0 : tested,
                    Passes = passes,
                    EndedByLimit = passes < Passes || tested < allocated,
                    Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                }
            );
        }
        finally
        {
            pieces.ForEach(piece => piece.Dispose());
        }
    }

    /// <summary>Pieces of a GiB, then smaller ones into what is left: free memory is seldom in one piece.</summary>
    private void Allocate(List<CudaBuffer> pieces, long wanted, CancellationToken cancellation)
    {
        long piece = Math.Min(largestPiece, wanted);
        long left = wanted;
        while (left >= ChunkBytes)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                pieces.Add(device.Context.Allocate(Math.Min(piece, left), "The memory test"));
                left -= pieces[^1].Bytes;
            }
            catch (DeviceUnavailableException) when (piece > SmallestPiece)
            {
                piece = Math.Max(SmallestPiece, piece / 2 / ChunkBytes * ChunkBytes);
            }
            catch (DeviceUnavailableException) when (pieces.Count > 0)
            {
                return;
            }
        }
    }

    private long Fill(
        List<CudaBuffer> pieces,
        CudaStream stream,
        CudaBuffer tallies,
        ulong seed,
        int pass,
        long deadline,
        CancellationToken cancellation
    )
    {
        long filled = 0;
        foreach (CudaBuffer piece in pieces)
        {
            cancellation.ThrowIfCancellationRequested();
            if (filled > 0 && Stopwatch.GetTimestamp() >= deadline)
            {
                break;
            }

            Launch("memory_fill", stream, Arguments(piece, tallies, filled, seed, pass));
            stream.Synchronize();
            filled += piece.Bytes;
        }

        return filled;
    }

    private void Check(
        List<CudaBuffer> pieces,
        long filled,
        CudaStream stream,
        CudaBuffer tallies,
        ulong seed,
        int pass,
        MemoryTestTotals totals,
        CancellationToken cancellation
    )
    {
        var found = new MemoryTestTally[_blocks * TeamsPerBlock];
        long offset = 0;
        foreach (CudaBuffer piece in pieces)
        {
            cancellation.ThrowIfCancellationRequested();
            if (offset >= filled)
            {
                return;
            }

            MemoryTestArguments arguments = Arguments(piece, tallies, offset, seed, pass);
            Launch("memory_check", stream, arguments);
            stream.Synchronize();
            tallies.CopyTo(MemoryMarshal.AsBytes(found.AsSpan()));
            foreach (MemoryTestTally tally in found)
            {
                totals.Add(tally.WrongWords, tally.Bits, tally.FirstWord, tally.FirstRead, arguments.Invert);
            }

            offset += piece.Bytes;
        }
    }

    private static MemoryTestArguments Arguments(
        CudaBuffer piece,
        CudaBuffer tallies,
        long offset,
        ulong seed,
        int pass
    ) =>
        new()
        {
            Memory = piece.Address,
            Tallies = tallies.Address,
            Chunks = (ulong)(piece.Bytes / ChunkBytes),
            FirstWord = (ulong)(offset / MemoryPattern.WordBytes),
            Seed = seed,
            Invert = MemoryPattern.Invert(pass),
        };

    private void Launch(string kernel, CudaStream stream, in MemoryTestArguments arguments) =>
        stream.Launch(
            new CudaLaunch(
                device.Kernels.Get("memory_test", kernel),
                new CudaDim3(_blocks),
                new CudaDim3(Threads),
                0,
                ProgrammaticDependent: false
            ),
            arguments,
            "the memory test"
        );
}
