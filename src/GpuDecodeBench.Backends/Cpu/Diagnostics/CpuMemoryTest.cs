using System.Diagnostics;
using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Backends.Cpu.Diagnostics;

/// <summary>Fills a share of the host's memory and reads it back, a piece on each thread at a time.</summary>
/// <param name="team">The threads.</param>
/// <param name="availableBytes">What could be allocated; null where it is not known.</param>
internal sealed unsafe class CpuMemoryTest(CpuTeam team, long? availableBytes)
{
    private const int Passes = 2;
    private const long PieceBytes = 64L << 20;
    private const int SliceBytes = 1 << 20;

    public MemoryTestResult Run(MemoryTestRequest request, IProgress<double>? progress, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        long wanted = Math.Min((long)((availableBytes ?? PieceBytes) * request.Share), request.MaximumBytes);
        wanted = wanted / MemoryPattern.WordBytes * MemoryPattern.WordBytes;
        List<NativeBuffer> pieces = [];
        try
        {
            var totals = new MemoryTestTotals(request.Seed);
            long allocated = 0;
            int passes = 0;
            for (int pass = 0; pass < Passes && Stopwatch.GetElapsedTime(start) < request.Limit; pass++)
            {
                ulong invert = MemoryPattern.Invert(pass);
                // A quarter of the time for the first filling, which also takes the memory: it is the slowest of the four.
                long deadline = start + (long)(request.Limit.TotalSeconds / 4 * Stopwatch.Frequency);
                if (pass == 0)
                {
                    allocated = FillNew(pieces, wanted, request.Seed, deadline, cancellation);
                }
                else
                {
                    ForEachPiece(pieces, (piece, word) => Fill(piece, word, request.Seed, invert), cancellation);
                }

                progress?.Report((pass + 0.5) / Passes);
                ForEachPiece(pieces, (piece, word) => Check(piece, word, request.Seed, invert, totals), cancellation);
                progress?.Report((pass + 1.0) / Passes);
                passes++;
            }

            return totals.Complete(
                new MemoryTestResult
                {
                    FreeBytes = availableBytes,
                    WantedBytes = wanted,
                    AllocatedBytes = allocated,
                    TestedBytes = passes == 0 ? 0 : allocated,
                    Passes = passes,
                    EndedByLimit = passes < Passes || allocated < wanted,
                    Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                }
            );
        }
        finally
        {
            pieces.ForEach(piece => piece.Dispose());
        }
    }

    /// <summary>Takes and fills memory until there is enough, or the time is over.</summary>
    private long FillNew(
        List<NativeBuffer> pieces,
        long wanted,
        ulong seed,
        long deadline,
        CancellationToken cancellation
    )
    {
        long filled = 0;
        while (filled < wanted && (filled == 0 || Stopwatch.GetTimestamp() < deadline))
        {
            cancellation.ThrowIfCancellationRequested();
            pieces.Add(new NativeBuffer(Math.Min(PieceBytes, wanted - filled)));
            Fill(pieces[^1], (ulong)(filled / MemoryPattern.WordBytes), seed, 0);
            filled += pieces[^1].Bytes;
        }

        return filled;
    }

    private static void ForEachPiece(
        List<NativeBuffer> pieces,
        Action<NativeBuffer, ulong> work,
        CancellationToken cancellation
    )
    {
        ulong word = 0;
        foreach (NativeBuffer piece in pieces)
        {
            cancellation.ThrowIfCancellationRequested();
            work(piece, word);
            word += (ulong)(piece.Bytes / MemoryPattern.WordBytes);
        }
    }

    private void Fill(NativeBuffer piece, ulong firstWord, ulong seed, ulong invert) =>
        ForEachSlice(
            piece,
            (from, count) =>
            {
                ulong* words = (ulong*)piece.Pointer;
                for (long i = from; i < from + count; i++)
                {
                    words[i] = MemoryPattern.Word(seed, firstWord + (ulong)i, invert);
                }
            }
        );

    private void Check(NativeBuffer piece, ulong firstWord, ulong seed, ulong invert, MemoryTestTotals totals) =>
        ForEachSlice(
            piece,
            (from, count) =>
            {
                ulong wrong = 0;
                ulong bits = 0;
                ulong first = 0;
                ulong read = 0;
                ulong* words = (ulong*)piece.Pointer;
                for (long i = from; i < from + count; i++)
                {
                    ulong differing = words[i] ^ MemoryPattern.Word(seed, firstWord + (ulong)i, invert);
                    if (differing != 0)
                    {
                        first = wrong == 0 ? firstWord + (ulong)i : first;
                        read = wrong == 0 ? words[i] : read;
                        wrong++;
                        bits |= differing;
                    }
                }

                if (wrong > 0)
                {
                    lock (totals)
                    {
                        totals.Add(wrong, bits, first, read, invert);
                    }
                }
            }
        );

    private void ForEachSlice(NativeBuffer piece, Action<long, long> work)
    {
        const int SliceWords = SliceBytes / MemoryPattern.WordBytes;
        long words = piece.Bytes / MemoryPattern.WordBytes;
        long next = -SliceWords;
        team.Run(_ =>
        {
            long from;
            while ((from = Interlocked.Add(ref next, SliceWords)) < words)
            {
                work(from, Math.Min(SliceWords, words - from));
            }
        });
    }
}
