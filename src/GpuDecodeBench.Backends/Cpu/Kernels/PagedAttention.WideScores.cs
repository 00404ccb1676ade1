namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <content>
/// Scores of a block of sixteen-bit keys by four heads where a register holds a whole line. Query elements are spread from registers rather than
/// read anew for each line: reading from the first-level cache and filling it get into each other's way, and with eight reads
/// a line the time of both added up.
/// </content>
internal static unsafe partial class PagedAttention<TDecoder, TSimd, TVector>
{
    private static void WideScore4(
        byte* keys,
        byte* ahead,
        int lines,
        float* queries,
        int stride,
        TVector scale,
        float* target
    )
    {
        TVector a0 = TSimd.Zero,
            a1 = TSimd.Zero,
            a2 = TSimd.Zero,
            a3 = TSimd.Zero;
        TVector b0 = TSimd.Zero,
            b1 = TSimd.Zero,
            b2 = TSimd.Zero,
            b3 = TSimd.Zero;
        TVector one = TSimd.Integers(1);
        byte* end = keys + (lines * LineBytes);
        for (; keys < end; queries += TSimd.Lanes)
        {
            TVector q0 = TSimd.Load(queries),
                q1 = TSimd.Load(queries + stride),
                q2 = TSimd.Load(queries + (2 * stride)),
                q3 = TSimd.Load(queries + (3 * stride));
            TVector index = TSimd.Zero;
            // So many lines as have these elements; in the last ones of a head there may be fewer.
            byte* part = keys + (TSimd.Lanes / TDecoder.VectorsPerLine * LineBytes);
            part = part < end ? part : end;
            for (; keys < part; keys += LineBytes, ahead += LineBytes)
            {
                TSimd.Prefetch(ahead);
                TVector line = TSimd.LoadLine(keys);
                TVector k;
                k = Decode(line, 0);
                a0 = TSimd.MultiplyAdd(k, TSimd.Permute(q0, index), a0);
                a1 = TSimd.MultiplyAdd(k, TSimd.Permute(q1, index), a1);
                a2 = TSimd.MultiplyAdd(k, TSimd.Permute(q2, index), a2);
                a3 = TSimd.MultiplyAdd(k, TSimd.Permute(q3, index), a3);
                index = TSimd.AddIntegers(index, one);
                k = Decode(line, 1);
                b0 = TSimd.MultiplyAdd(k, TSimd.Permute(q0, index), b0);
                b1 = TSimd.MultiplyAdd(k, TSimd.Permute(q1, index), b1);
                b2 = TSimd.MultiplyAdd(k, TSimd.Permute(q2, index), b2);
                b3 = TSimd.MultiplyAdd(k, TSimd.Permute(q3, index), b3);
                index = TSimd.AddIntegers(index, one);
            }
        }

        TSimd.Store(TSimd.Multiply(TSimd.Add(a0, b0), scale), target);
        TSimd.Store(TSimd.Multiply(TSimd.Add(a1, b1), scale), target + ChunkTokens);
        TSimd.Store(TSimd.Multiply(TSimd.Add(a2, b2), scale), target + (2 * ChunkTokens));
        TSimd.Store(TSimd.Multiply(TSimd.Add(a3, b3), scale), target + (3 * ChunkTokens));
    }
}
