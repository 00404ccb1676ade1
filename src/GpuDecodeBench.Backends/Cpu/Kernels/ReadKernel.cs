using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// A kernel that does nothing but read: every 64-byte line is loaded once and added up.
/// </summary>
/// <remarks>
/// Lanes: four sums of a register's 32-bit lanes, so that few additions wait for the one before; where a register holds a part of
/// a line, the parts of each line follow one another. Lengths are multiples of 256 bytes; there is no tail and no mask. Bound by memory, and by nothing else.
/// </remarks>
/// <param name="Streams">1: one ascending stream a slice; 4: the four quarters of a slice side by side.</param>
/// <param name="PrefetchBytes">How far ahead lines are asked for; 0 leaves that to the processor.</param>
internal readonly record struct ReadKernel(int Streams, int PrefetchBytes)
{
    /// <summary>The kernels from which a ceiling is the best.</summary>
    public static ReadKernel[] All { get; } =
    [new(1, 0), new(1, 2048), new(1, 4096), new(1, 8192), new(4, 0), new(4, 4096)];

    /// <summary>Reads, and gives the sum of what was read.</summary>
    /// <typeparam name="TSimd">The SIMD path.</typeparam>
    /// <typeparam name="TVector">Its register.</typeparam>
    public unsafe long Read<TSimd, TVector>(byte* start, long bytes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        Streams == 1
            ? OneStream<TSimd, TVector>(start, bytes, PrefetchBytes)
            : FourStreams<TSimd, TVector>(start, bytes, PrefetchBytes);

    private static unsafe long OneStream<TSimd, TVector>(byte* start, long bytes, int prefetchBytes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector a = TSimd.Zero,
            b = TSimd.Zero,
            c = TSimd.Zero,
            d = TSimd.Zero;
        for (byte* p = start; p < start + bytes; p += 256)
        {
            if (prefetchBytes != 0)
            {
                TSimd.Prefetch(p + prefetchBytes);
                TSimd.Prefetch(p + prefetchBytes + 64);
                TSimd.Prefetch(p + prefetchBytes + 128);
                TSimd.Prefetch(p + prefetchBytes + 192);
            }

            for (int part = 0; part < PanelMatrix.LineBytes; part += TSimd.Lanes * sizeof(int))
            {
                a = TSimd.AddIntegers(a, TSimd.LoadLine(p + part));
                b = TSimd.AddIntegers(b, TSimd.LoadLine(p + 64 + part));
                c = TSimd.AddIntegers(c, TSimd.LoadLine(p + 128 + part));
                d = TSimd.AddIntegers(d, TSimd.LoadLine(p + 192 + part));
            }
        }

        return TSimd.SumOfIntegers(TSimd.AddIntegers(TSimd.AddIntegers(a, b), TSimd.AddIntegers(c, d)));
    }

    private static unsafe long FourStreams<TSimd, TVector>(byte* start, long bytes, int prefetchBytes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        long quarter = bytes / 4;
        TVector a = TSimd.Zero,
            b = TSimd.Zero,
            c = TSimd.Zero,
            d = TSimd.Zero;
        for (byte* p = start; p < start + quarter; p += 64)
        {
            if (prefetchBytes != 0)
            {
                TSimd.Prefetch(p + prefetchBytes);
                TSimd.Prefetch(p + quarter + prefetchBytes);
                TSimd.Prefetch(p + (2 * quarter) + prefetchBytes);
                TSimd.Prefetch(p + (3 * quarter) + prefetchBytes);
            }

            for (int part = 0; part < PanelMatrix.LineBytes; part += TSimd.Lanes * sizeof(int))
            {
                a = TSimd.AddIntegers(a, TSimd.LoadLine(p + part));
                b = TSimd.AddIntegers(b, TSimd.LoadLine(p + quarter + part));
                c = TSimd.AddIntegers(c, TSimd.LoadLine(p + (2 * quarter) + part));
                d = TSimd.AddIntegers(d, TSimd.LoadLine(p + (3 * quarter) + part));
            }
        }

        return TSimd.SumOfIntegers(TSimd.AddIntegers(TSimd.AddIntegers(a, b), TSimd.AddIntegers(c, d)));
    }
}
