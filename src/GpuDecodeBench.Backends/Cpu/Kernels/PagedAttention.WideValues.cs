using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <content>
/// Weighted sums for four heads and sixty-four columns at a time, over all blocks of a chunk: sixteen sums in registers, where
/// there are thirty-two. Weights are spread from registers, as query elements are for scores.
/// </content>
internal static unsafe partial class PagedAttention<TDecoder, TSimd, TVector>
{
    private const int WideVectors = 4;

    /// <summary>Lines of a token that the columns of one pass take: two of sixteen-bit codes, one of eight-bit ones.</summary>
    private static int WideLines => WideVectors / TDecoder.VectorsPerLine;

    /// <summary>Sums the chunk's values for as many columns as whole passes take.</summary>
    /// <returns>Lines of values that are done.</returns>
    private static int WideValues(
        in AttentionArguments arguments,
        in AttentionScratch scratch,
        int firstBlock,
        int blocks,
        in AttentionTile tile
    )
    {
        if (tile.Heads == 1 || TSimd.Registers < 32 || TSimd.Lanes != PanelMatrix.Lanes)
        {
            return 0;
        }

        PagedKvCache cache = arguments.Cache;
        byte** values = stackalloc byte*[blocks];
        byte** ahead = stackalloc byte*[blocks];
        for (int i = 0; i < blocks; i++)
        {
            values[i] = cache.Values(arguments.BlockTable[firstBlock + i], tile.KvHead);
            ahead[i] = Next(in arguments, firstBlock + i, in tile, values: true);
        }

        int line = 0;
        for (; line + WideLines <= cache.ValueLines; line += WideLines)
        {
            float* sums = scratch.Sums + ((long)tile.Head * scratch.SumStride) + (line * cache.ColumnsPerLine);
            long offset = (long)line * BlockTokens * LineBytes;
            WideValue(values, ahead, blocks, offset, scratch.Scores, sums, scratch.SumStride);
        }

        return line;
    }

    private static void WideValue(
        byte** values,
        byte** ahead,
        int blocks,
        long offset,
        float* weights,
        float* sums,
        int stride
    )
    {
        float* s1 = sums + stride,
            s2 = s1 + stride,
            s3 = s2 + stride;
        TVector a0 = TSimd.Load(sums),
            a1 = TSimd.Load(sums + 16),
            a2 = TSimd.Load(sums + 32),
            a3 = TSimd.Load(sums + 48);
        TVector b0 = TSimd.Load(s1),
            b1 = TSimd.Load(s1 + 16),
            b2 = TSimd.Load(s1 + 32),
            b3 = TSimd.Load(s1 + 48);
        TVector c0 = TSimd.Load(s2),
            c1 = TSimd.Load(s2 + 16),
            c2 = TSimd.Load(s2 + 32),
            c3 = TSimd.Load(s2 + 48);
        TVector d0 = TSimd.Load(s3),
            d1 = TSimd.Load(s3 + 16),
            d2 = TSimd.Load(s3 + 32),
            d3 = TSimd.Load(s3 + 48);
        for (int block = 0; block < blocks; block++)
        {
            byte* codes = values[block] + offset;
            byte* next = ahead[block] + offset;
            byte* end = codes + (BlockTokens * LineBytes);
            TVector w0 = TSimd.Load(weights),
                w1 = TSimd.Load(weights + ChunkTokens),
                w2 = TSimd.Load(weights + (2 * ChunkTokens)),
                w3 = TSimd.Load(weights + (3 * ChunkTokens));
            weights += BlockTokens;
            TVector index = TSimd.Zero;
            for (; codes < end; codes += LineBytes)
            {
                TSimd.Prefetch(next);
                TVector line = TSimd.LoadLine(codes);
                TVector v0 = Decode(line, 0);
                TVector v1 = Decode(line, 1);
                if (TDecoder.VectorsPerLine == 2)
                {
                    TSimd.Prefetch(next + LineBytes);
                    next += LineBytes;
                    line = TSimd.LoadLine(codes + (BlockTokens * LineBytes));
                }

                next += LineBytes;
                TVector v2 = Decode(line, TDecoder.VectorsPerLine == 2 ? 0 : 2);
                TVector v3 = Decode(line, TDecoder.VectorsPerLine == 2 ? 1 : 3);
                TVector weight = TSimd.Permute(w0, index);
                a0 = TSimd.MultiplyAdd(v0, weight, a0);
                a1 = TSimd.MultiplyAdd(v1, weight, a1);
                a2 = TSimd.MultiplyAdd(v2, weight, a2);
                a3 = TSimd.MultiplyAdd(v3, weight, a3);
                weight = TSimd.Permute(w1, index);
                b0 = TSimd.MultiplyAdd(v0, weight, b0);
                b1 = TSimd.MultiplyAdd(v1, weight, b1);
                b2 = TSimd.MultiplyAdd(v2, weight, b2);
                b3 = TSimd.MultiplyAdd(v3, weight, b3);
                weight = TSimd.Permute(w2, index);
                c0 = TSimd.MultiplyAdd(v0, weight, c0);
                c1 = TSimd.MultiplyAdd(v1, weight, c1);
                c2 = TSimd.MultiplyAdd(v2, weight, c2);
                c3 = TSimd.MultiplyAdd(v3, weight, c3);
                weight = TSimd.Permute(w3, index);
                d0 = TSimd.MultiplyAdd(v0, weight, d0);
                d1 = TSimd.MultiplyAdd(v1, weight, d1);
                d2 = TSimd.MultiplyAdd(v2, weight, d2);
                d3 = TSimd.MultiplyAdd(v3, weight, d3);
                index = TSimd.AddIntegers(index, TSimd.Integers(1));
            }
        }

        Store4(a0, a1, a2, a3, sums);
        Store4(b0, b1, b2, b3, s1);
        Store4(c0, c1, c2, c3, s2);
        Store4(d0, d1, d2, d3, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(TVector v0, TVector v1, TVector v2, TVector v3, float* target)
    {
        TSimd.Store(v0, target);
        TSimd.Store(v1, target + 16);
        TSimd.Store(v2, target + 32);
        TSimd.Store(v3, target + 48);
    }
}
