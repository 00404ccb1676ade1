namespace GpuDecodeBench.Backends.Cuda.Ceilings;

/// <summary>A way to read memory that may be the fastest (<c>kernels/stream.cu</c>).</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="BlocksPerMultiprocessor">Blocks for each multiprocessor.</param>
/// <param name="Loads">How it reads, in words.</param>
internal sealed record CudaReadCandidate(string Kernel, int Threads, int BlocksPerMultiprocessor, string Loads)
{
    /// <summary>The kernel that reads by bulk copies: compute capability 9.0 alone.</summary>
    public const string BulkKernel = "read_stream_bulk";

    private const int FirstWithBulkCopies = 90;

    /// <summary>All for kernels of a compute capability; 90 for 9.0.</summary>
    public static IReadOnlyList<CudaReadCandidate> For(int architecture)
    {
        List<CudaReadCandidate> candidates =
        [
            .. from loads in (int[])[4, 8]
            from blocks in (int[])[2, 4, 8, 16, 32]
            select new CudaReadCandidate(
                $"read_stream_u{loads}",
                256,
                blocks,
                $"{loads} loads of 16 bytes under way in each thread"
            ),
        ];
        if (architecture >= FirstWithBulkCopies)
        {
            // A block has 32 KiB of shared memory under way: six fit into a multiprocessor.
            candidates.AddRange(
                from blocks in (int[])[1, 2, 3, 4, 6]
                select new CudaReadCandidate(BulkKernel, 128, blocks, "bulk copies into shared memory, 32 KiB a block")
            );
        }

        return candidates;
    }

    /// <summary>Tries candidates and gives the fastest.</summary>
    /// <param name="candidates">The candidates, at least one.</param>
    /// <param name="bytesPerSecond">Measures one.</param>
    /// <param name="mayGoOn">Whether there is time for another; the first is always tried.</param>
    public static (CudaReadCandidate Best, double BytesPerSecond, int Tried) Fastest(
        IReadOnlyList<CudaReadCandidate> candidates,
        Func<CudaReadCandidate, double> bytesPerSecond,
        Func<bool> mayGoOn
    )
    {
        (CudaReadCandidate Best, double Rate) fastest = (candidates[0], 0);
        int tried = 0;
        foreach (CudaReadCandidate candidate in candidates)
        {
            if (tried > 0 && !mayGoOn())
            {
                break;
            }

            tried++;
            double rate = bytesPerSecond(candidate);
            if (rate > fastest.Rate)
            {
                fastest = (candidate, rate);
            }
        }

        return (fastest.Best, fastest.Rate, tried);
    }
}
