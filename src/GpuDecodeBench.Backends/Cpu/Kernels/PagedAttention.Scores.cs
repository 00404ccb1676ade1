using System.Runtime.CompilerServices;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <content>Scores of a chunk of blocks: query times key, scaled and masked.</content>
internal static unsafe partial class PagedAttention<TDecoder, TSimd, TVector>
{
    private static void Scores(
        in AttentionArguments arguments,
        in AttentionScratch scratch,
        int firstBlock,
        int blocks,
        in AttentionTile tile
    )
    {
        for (int i = 0; i < blocks; i++)
        {
            float* target = scratch.Scores + (i * BlockTokens);
            BlockScores(in arguments, in scratch, firstBlock + i, target, in tile);
            for (int h = 0; h < tile.Heads && arguments.SoftCap != 0; h++)
            {
                VectorMath<TSimd, TVector>.SoftCap(target + (h * ChunkTokens), BlockTokens, arguments.SoftCap);
            }

            int first = arguments.FirstToken - ((firstBlock + i) * BlockTokens);
            int end = arguments.EndToken - ((firstBlock + i) * BlockTokens);
            scratch.Mask(i * BlockTokens, tile.Heads, first, end);
        }
    }

    private static void BlockScores(
        in AttentionArguments arguments,
        in AttentionScratch scratch,
        int block,
        float* target,
        in AttentionTile tile
    )
    {
        PagedKvCache cache = arguments.Cache;
        float* queries = scratch.Queries + ((long)tile.Head * scratch.QueryStride);
        long cacheBlock = arguments.BlockTable[block];
        byte* keys = cache.Keys(cacheBlock, tile.KvHead);
        byte* ahead = Next(in arguments, block, in tile, values: false);
        for (int lane = 0; lane < BlockTokens; lane += TSimd.Lanes)
        {
            TVector scale = Scale(cache, cacheBlock, tile.KvHead, lane);
            byte* part = keys + (lane * sizeof(float));
            if (tile.Heads == 1)
            {
                Score1(part, ahead, cache.KeyLines, queries, scale, target + lane);
            }
            else if (TSimd.Lanes == PanelMatrix.Lanes && TDecoder.VectorsPerLine == 2)
            {
                WideScore4(part, ahead, cache.KeyLines, queries, scratch.QueryStride, scale, target);
            }
            else
            {
                Score4(part, ahead, cache.KeyLines, queries, scratch.QueryStride, scale, target + lane);
            }
        }
    }

    /// <summary>What the products of a block's tokens still lack, from one of its lanes on.</summary>
    private static TVector Scale(PagedKvCache cache, long cacheBlock, int kvHead, int lane)
    {
        TVector scale = TSimd.Floats(TDecoder.OutputFactor * cache.KeyScale);
        return cache.Layout.Format == KvFormat.Int8
            ? TSimd.Multiply(scale, HalfScales(cache.Scales(cacheBlock, kvHead) + lane))
            : scale;
    }

    /// <summary>FP16 scales as floats, one a lane. They are positive and normal, so moving the bits and rebiasing is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector HalfScales(ushort* scales)
    {
        TVector bits = TSimd.ShiftLeft(TSimd.LoadWords(scales), 13);
        return TSimd.Multiply(bits, TSimd.Floats(5192296858534827628530496329220096f)); // 2^112
    }

    private static void Score1(byte* keys, byte* ahead, int lines, float* query, TVector scale, float* target)
    {
        TVector a = TSimd.Zero,
            b = TSimd.Zero,
            c = TSimd.Zero,
            e = TSimd.Zero;
        for (int line = 0; line < lines; line++)
        {
            TSimd.Prefetch(ahead + (line * LineBytes));
            TVector codes = TSimd.LoadLine(keys + (line * LineBytes));
            a = TSimd.MultiplyAdd(Decode(codes, 0), TSimd.Floats(query[0]), a);
            b = TSimd.MultiplyAdd(Decode(codes, 1), TSimd.Floats(query[1]), b);
            if (TDecoder.VectorsPerLine == 4)
            {
                c = TSimd.MultiplyAdd(Decode(codes, 2), TSimd.Floats(query[2]), c);
                e = TSimd.MultiplyAdd(Decode(codes, 3), TSimd.Floats(query[3]), e);
            }

            query += TDecoder.VectorsPerLine;
        }

        TSimd.Store(TSimd.Multiply(TSimd.Add(TSimd.Add(a, c), TSimd.Add(b, e)), scale), target);
    }

    private static void Score4(
        byte* keys,
        byte* ahead,
        int lines,
        float* queries,
        int stride,
        TVector scale,
        float* target
    )
    {
        float* q0 = queries,
            q1 = queries + stride,
            q2 = queries + (2 * stride),
            q3 = queries + (3 * stride);
        TVector a0 = TSimd.Zero,
            a1 = TSimd.Zero,
            a2 = TSimd.Zero,
            a3 = TSimd.Zero;
        TVector b0 = TSimd.Zero,
            b1 = TSimd.Zero,
            b2 = TSimd.Zero,
            b3 = TSimd.Zero;
        int elements = lines * TDecoder.VectorsPerLine;
        for (int d = 0; d < elements; d += TDecoder.VectorsPerLine)
        {
            TSimd.Prefetch(ahead);
            ahead += LineBytes;
            TVector codes = TSimd.LoadLine(keys);
            keys += LineBytes;
            TVector k = Decode(codes, 0);
            a0 = TSimd.MultiplyAdd(k, TSimd.Floats(q0[d]), a0);
            a1 = TSimd.MultiplyAdd(k, TSimd.Floats(q1[d]), a1);
            a2 = TSimd.MultiplyAdd(k, TSimd.Floats(q2[d]), a2);
            a3 = TSimd.MultiplyAdd(k, TSimd.Floats(q3[d]), a3);
            k = Decode(codes, 1);
            b0 = TSimd.MultiplyAdd(k, TSimd.Floats(q0[d + 1]), b0);
            b1 = TSimd.MultiplyAdd(k, TSimd.Floats(q1[d + 1]), b1);
            b2 = TSimd.MultiplyAdd(k, TSimd.Floats(q2[d + 1]), b2);
            b3 = TSimd.MultiplyAdd(k, TSimd.Floats(q3[d + 1]), b3);
            if (TDecoder.VectorsPerLine == 4)
            {
                k = Decode(codes, 2);
                a0 = TSimd.MultiplyAdd(k, TSimd.Floats(q0[d + 2]), a0);
                a1 = TSimd.MultiplyAdd(k, TSimd.Floats(q1[d + 2]), a1);
                a2 = TSimd.MultiplyAdd(k, TSimd.Floats(q2[d + 2]), a2);
                a3 = TSimd.MultiplyAdd(k, TSimd.Floats(q3[d + 2]), a3);
                k = Decode(codes, 3);
                b0 = TSimd.MultiplyAdd(k, TSimd.Floats(q0[d + 3]), b0);
                b1 = TSimd.MultiplyAdd(k, TSimd.Floats(q1[d + 3]), b1);
                b2 = TSimd.MultiplyAdd(k, TSimd.Floats(q2[d + 3]), b2);
                b3 = TSimd.MultiplyAdd(k, TSimd.Floats(q3[d + 3]), b3);
            }
        }

        TSimd.Store(TSimd.Multiply(TSimd.Add(a0, b0), scale), target);
        TSimd.Store(TSimd.Multiply(TSimd.Add(a1, b1), scale), target + ChunkTokens);
        TSimd.Store(TSimd.Multiply(TSimd.Add(a2, b2), scale), target + (2 * ChunkTokens));
        TSimd.Store(TSimd.Multiply(TSimd.Add(a3, b3), scale), target + (3 * ChunkTokens));
    }
}
