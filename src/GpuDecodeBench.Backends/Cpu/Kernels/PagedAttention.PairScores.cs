namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <content>Scores of two blocks by four heads: sixteen sums in registers, where there are thirty-two.</content>
internal static unsafe partial class PagedAttention<TDecoder, TSimd, TVector>
{
    private static void Score4Pair(in ScorePair pair, int lines, float* queries, int stride, float* target)
    {
        float* q0 = queries,
            q1 = queries + stride,
            q2 = queries + (2 * stride),
            q3 = queries + (3 * stride);
        byte* keys = pair.First;
        long toSecond = pair.Second - pair.First;
        byte* ahead = pair.FirstAhead;
        long toSecondAhead = pair.SecondAhead - pair.FirstAhead;
        TVector a0 = TSimd.Zero,
            a1 = TSimd.Zero,
            a2 = TSimd.Zero,
            a3 = TSimd.Zero;
        TVector b0 = TSimd.Zero,
            b1 = TSimd.Zero,
            b2 = TSimd.Zero,
            b3 = TSimd.Zero;
        TVector c0 = TSimd.Zero,
            c1 = TSimd.Zero,
            c2 = TSimd.Zero,
            c3 = TSimd.Zero;
        TVector e0 = TSimd.Zero,
            e1 = TSimd.Zero,
            e2 = TSimd.Zero,
            e3 = TSimd.Zero;
        TVector q,
            k,
            l;
        int elements = lines * TDecoder.VectorsPerLine;
        for (int d = 0; d < elements; d += TDecoder.VectorsPerLine)
        {
            TSimd.Prefetch(ahead);
            TSimd.Prefetch(ahead + toSecondAhead);
            ahead += LineBytes;
            TVector first = TSimd.LoadLine(keys);
            TVector second = TSimd.LoadLine(keys + toSecond);
            keys += LineBytes;
            k = Decode(first, 0);
            l = Decode(second, 0);
            q = TSimd.Floats(q0[d]);
            a0 = TSimd.MultiplyAdd(k, q, a0);
            c0 = TSimd.MultiplyAdd(l, q, c0);
            q = TSimd.Floats(q1[d]);
            a1 = TSimd.MultiplyAdd(k, q, a1);
            c1 = TSimd.MultiplyAdd(l, q, c1);
            q = TSimd.Floats(q2[d]);
            a2 = TSimd.MultiplyAdd(k, q, a2);
            c2 = TSimd.MultiplyAdd(l, q, c2);
            q = TSimd.Floats(q3[d]);
            a3 = TSimd.MultiplyAdd(k, q, a3);
            c3 = TSimd.MultiplyAdd(l, q, c3);
            k = Decode(first, 1);
            l = Decode(second, 1);
            q = TSimd.Floats(q0[d + 1]);
            b0 = TSimd.MultiplyAdd(k, q, b0);
            e0 = TSimd.MultiplyAdd(l, q, e0);
            q = TSimd.Floats(q1[d + 1]);
            b1 = TSimd.MultiplyAdd(k, q, b1);
            e1 = TSimd.MultiplyAdd(l, q, e1);
            q = TSimd.Floats(q2[d + 1]);
            b2 = TSimd.MultiplyAdd(k, q, b2);
            e2 = TSimd.MultiplyAdd(l, q, e2);
            q = TSimd.Floats(q3[d + 1]);
            b3 = TSimd.MultiplyAdd(k, q, b3);
            e3 = TSimd.MultiplyAdd(l, q, e3);
            if (TDecoder.VectorsPerLine == 4)
            {
                k = Decode(first, 2);
                l = Decode(second, 2);
                q = TSimd.Floats(q0[d + 2]);
                a0 = TSimd.MultiplyAdd(k, q, a0);
                c0 = TSimd.MultiplyAdd(l, q, c0);
                q = TSimd.Floats(q1[d + 2]);
                a1 = TSimd.MultiplyAdd(k, q, a1);
                c1 = TSimd.MultiplyAdd(l, q, c1);
                q = TSimd.Floats(q2[d + 2]);
                a2 = TSimd.MultiplyAdd(k, q, a2);
                c2 = TSimd.MultiplyAdd(l, q, c2);
                q = TSimd.Floats(q3[d + 2]);
                a3 = TSimd.MultiplyAdd(k, q, a3);
                c3 = TSimd.MultiplyAdd(l, q, c3);
                k = Decode(first, 3);
                l = Decode(second, 3);
                q = TSimd.Floats(q0[d + 3]);
                b0 = TSimd.MultiplyAdd(k, q, b0);
                e0 = TSimd.MultiplyAdd(l, q, e0);
                q = TSimd.Floats(q1[d + 3]);
                b1 = TSimd.MultiplyAdd(k, q, b1);
                e1 = TSimd.MultiplyAdd(l, q, e1);
                q = TSimd.Floats(q2[d + 3]);
                b2 = TSimd.MultiplyAdd(k, q, b2);
                e2 = TSimd.MultiplyAdd(l, q, e2);
                q = TSimd.Floats(q3[d + 3]);
                b3 = TSimd.MultiplyAdd(k, q, b3);
                e3 = TSimd.MultiplyAdd(l, q, e3);
            }
        }

        TSimd.Store(TSimd.Add(a0, b0), target);
        TSimd.Store(TSimd.Add(a1, b1), target + ChunkTokens);
        TSimd.Store(TSimd.Add(a2, b2), target + (2 * ChunkTokens));
        TSimd.Store(TSimd.Add(a3, b3), target + (3 * ChunkTokens));
        target += BlockTokens;
        TSimd.Store(TSimd.Add(c0, e0), target);
        TSimd.Store(TSimd.Add(c1, e1), target + ChunkTokens);
        TSimd.Store(TSimd.Add(c2, e2), target + (2 * ChunkTokens));
        TSimd.Store(TSimd.Add(c3, e3), target + (3 * ChunkTokens));
    }
}
