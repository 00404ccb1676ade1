using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// Attention of one new token over a paged cache, <c>softmax(q·k / √D) · v</c>, for the query heads that share a KV head, with a
/// running maximum and sum (online softmax, arXiv 1805.02867) so that keys and values are read once.
/// </summary>
/// <remarks>
/// Lanes: for the scores, lane j is token j of a block, and each key element meets a broadcast query element; for the weighted
/// sum, lane j is column j, 16 + j … of the head, and each value vector meets a broadcast weight. Masks: tokens of a block that
/// lie before the span or after its end get a score of −∞.
/// Bytes: the span's keys and values once for all query heads of the group. Bound by memory while the group is small.
/// </remarks>
/// <typeparam name="TDecoder">How a line of codes is decoded.</typeparam>
internal static unsafe class PagedAttention<TDecoder>
    where TDecoder : struct, ICodeDecoder
{
    private const int BlockTokens = PagedKvCache.BlockTokens;
    private const int LineBytes = PanelMatrix.LineBytes;
    private const int ChunkTokens = AttentionScratch.ChunkTokens;

    /// <summary>Computes the piece; largest scores, sums of exponentials and weighted sums are left in the scratch memory.</summary>
    public static AttentionScratch Run(in AttentionArguments arguments)
    {
        PagedKvCache cache = arguments.Cache;
        int dimension = cache.Layout.HeadDimension;
        var scratch = new AttentionScratch(
            arguments.Scratch,
            arguments.Heads,
            dimension,
            cache.ValueLines * cache.ColumnsPerLine
        );
        Begin(in arguments, in scratch, dimension);
        int padded = AttentionScratch.PaddedHeads(arguments.Heads);
        int firstBlock = arguments.FirstToken / BlockTokens;
        int endBlock = (arguments.EndToken + BlockTokens - 1) / BlockTokens;
        for (int block = firstBlock; block < endBlock; block += ChunkTokens / BlockTokens)
        {
            int blocks = Math.Min(ChunkTokens / BlockTokens, endBlock - block);
            for (int head = 0; head < padded; head += AttentionScratch.TileHeads)
            {
                int heads = Math.Min(AttentionScratch.TileHeads, arguments.Heads - head);
                Scores(in arguments, in scratch, block, blocks, head, heads);
                Softmax(in scratch, blocks * BlockTokens, head, heads);
                Values(in arguments, in scratch, block, blocks, head, heads);
            }
        }

        Finish(in arguments, in scratch);
        return scratch;
    }

    private static void Begin(in AttentionArguments arguments, in AttentionScratch scratch, int dimension)
    {
        int padded = AttentionScratch.PaddedHeads(arguments.Heads);
        new Span<float>(scratch.Queries, padded * scratch.QueryStride).Clear();
        new Span<float>(scratch.Sums, padded * scratch.SumStride).Clear();
        float scale = TDecoder.InputFactor * (float)(1 / Math.Sqrt(dimension));
        for (int head = 0; head < arguments.Heads; head++)
        {
            for (int d = 0; d < dimension; d++)
            {
                scratch.Queries[(head * scratch.QueryStride) + d] = arguments.Queries[(head * dimension) + d] * scale;
            }
        }

        new Span<float>(scratch.Largest, padded).Fill(float.NegativeInfinity);
        new Span<float>(scratch.Totals, padded).Clear();
    }

    /// <summary>The power of two that the decoder left out, and FP8's scale of the layer.</summary>
    private static void Finish(in AttentionArguments arguments, in AttentionScratch scratch)
    {
        int columns = arguments.Cache.Layout.HeadDimension;
        for (int head = 0; head < arguments.Heads; head++)
        {
            float* sums = scratch.Sums + (head * scratch.SumStride);
            for (int d = 0; d < columns; d++)
            {
                sums[d] = sums[d] * TDecoder.OutputFactor * arguments.Cache.ValueScale;
            }
        }
    }

    private static void Scores(
        in AttentionArguments arguments,
        in AttentionScratch scratch,
        int firstBlock,
        int blocks,
        int head,
        int heads
    )
    {
        PagedKvCache cache = arguments.Cache;
        Vector512<float> scale = Vector512.Create(TDecoder.OutputFactor * cache.KeyScale);
        float* queries = scratch.Queries + (head * scratch.QueryStride);
        for (int i = 0; i < blocks; i++)
        {
            int block = firstBlock + i;
            long cacheBlock = arguments.BlockTable[block];
            byte* keys = cache.Keys(cacheBlock, arguments.KvHead);
            // While keys are worked on, the same block's values are brought near; only the group's first tile needs to.
            byte* ahead = head == 0 ? cache.Values(cacheBlock, arguments.KvHead) : keys;
            Vector512<float> blockScale = scale;
            if (cache.Layout.Format == KvFormat.Int8)
            {
                blockScale *= HalfScales(cache.Scales(cacheBlock, arguments.KvHead));
            }

            float* target = scratch.Scores + (i * BlockTokens);
            if (heads == 1)
            {
                Score1(keys, ahead, cache.KeyLines, queries, blockScale, target);
            }
            else
            {
                Score4(keys, ahead, cache.KeyLines, queries, scratch.QueryStride, blockScale, target);
            }

            int first = arguments.FirstToken - (block * BlockTokens);
            int end = arguments.EndToken - (block * BlockTokens);
            if (first > 0 || end < BlockTokens)
            {
                Mask(target, heads, first, end);
            }
        }
    }

    /// <summary>Sixteen FP16 scales as floats. They are positive and normal, so moving the bits and rebiasing is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> HalfScales(ushort* scales)
    {
        (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.Load(scales));
        Vector512<uint> bits = Vector512.Create(lower, upper) << 13;
        return bits.AsSingle() * Vector512.Create(5192296858534827628530496329220096f); // 2^112
    }

    private static void Score1(byte* keys, byte* ahead, int lines, float* query, Vector512<float> scale, float* target)
    {
        Vector512<float> a = Vector512<float>.Zero,
            b = Vector512<float>.Zero,
            c = Vector512<float>.Zero,
            e = Vector512<float>.Zero;
        for (int line = 0; line < lines; line++)
        {
            Simd.Prefetch(ahead + (line * LineBytes));
            Vector512<int> codes = Vector512.Load((int*)(keys + (line * LineBytes)));
            a = Simd.MultiplyAdd(TDecoder.Decode(codes, 0), Vector512.Create(query[0]), a);
            b = Simd.MultiplyAdd(TDecoder.Decode(codes, 1), Vector512.Create(query[1]), b);
            if (TDecoder.VectorsPerLine == 4)
            {
                c = Simd.MultiplyAdd(TDecoder.Decode(codes, 2), Vector512.Create(query[2]), c);
                e = Simd.MultiplyAdd(TDecoder.Decode(codes, 3), Vector512.Create(query[3]), e);
            }

            query += TDecoder.VectorsPerLine;
        }

        ((a + c + (b + e)) * scale).Store(target);
    }

    private static void Score4(
        byte* keys,
        byte* ahead,
        int lines,
        float* queries,
        int stride,
        Vector512<float> scale,
        float* target
    )
    {
        float* q0 = queries,
            q1 = queries + stride,
            q2 = queries + (2 * stride),
            q3 = queries + (3 * stride);
        Vector512<float> a0 = Vector512<float>.Zero,
            a1 = Vector512<float>.Zero,
            a2 = Vector512<float>.Zero,
            a3 = Vector512<float>.Zero;
        Vector512<float> b0 = Vector512<float>.Zero,
            b1 = Vector512<float>.Zero,
            b2 = Vector512<float>.Zero,
            b3 = Vector512<float>.Zero;
        int elements = lines * TDecoder.VectorsPerLine;
        for (int d = 0; d < elements; d += TDecoder.VectorsPerLine)
        {
            Simd.Prefetch(ahead);
            ahead += LineBytes;
            Vector512<int> codes = Vector512.Load((int*)keys);
            keys += LineBytes;
            Vector512<float> k = TDecoder.Decode(codes, 0);
            a0 = Simd.MultiplyAdd(k, Vector512.Create(q0[d]), a0);
            a1 = Simd.MultiplyAdd(k, Vector512.Create(q1[d]), a1);
            a2 = Simd.MultiplyAdd(k, Vector512.Create(q2[d]), a2);
            a3 = Simd.MultiplyAdd(k, Vector512.Create(q3[d]), a3);
            k = TDecoder.Decode(codes, 1);
            b0 = Simd.MultiplyAdd(k, Vector512.Create(q0[d + 1]), b0);
            b1 = Simd.MultiplyAdd(k, Vector512.Create(q1[d + 1]), b1);
            b2 = Simd.MultiplyAdd(k, Vector512.Create(q2[d + 1]), b2);
            b3 = Simd.MultiplyAdd(k, Vector512.Create(q3[d + 1]), b3);
            if (TDecoder.VectorsPerLine == 4)
            {
                k = TDecoder.Decode(codes, 2);
                a0 = Simd.MultiplyAdd(k, Vector512.Create(q0[d + 2]), a0);
                a1 = Simd.MultiplyAdd(k, Vector512.Create(q1[d + 2]), a1);
                a2 = Simd.MultiplyAdd(k, Vector512.Create(q2[d + 2]), a2);
                a3 = Simd.MultiplyAdd(k, Vector512.Create(q3[d + 2]), a3);
                k = TDecoder.Decode(codes, 3);
                b0 = Simd.MultiplyAdd(k, Vector512.Create(q0[d + 3]), b0);
                b1 = Simd.MultiplyAdd(k, Vector512.Create(q1[d + 3]), b1);
                b2 = Simd.MultiplyAdd(k, Vector512.Create(q2[d + 3]), b2);
                b3 = Simd.MultiplyAdd(k, Vector512.Create(q3[d + 3]), b3);
            }
        }

        ((a0 + b0) * scale).Store(target);
        ((a1 + b1) * scale).Store(target + ChunkTokens);
        ((a2 + b2) * scale).Store(target + (2 * ChunkTokens));
        ((a3 + b3) * scale).Store(target + (3 * ChunkTokens));
    }

    private static void Mask(float* scores, int heads, int first, int end)
    {
        for (int head = 0; head < heads; head++)
        {
            for (int token = 0; token < BlockTokens; token++)
            {
                if (token < first || token >= end)
                {
                    scores[(head * ChunkTokens) + token] = float.NegativeInfinity;
                }
            }
        }
    }

    private static void Softmax(in AttentionScratch scratch, int tokens, int head, int heads)
    {
        for (int h = 0; h < heads; h++)
        {
            float* scores = scratch.Scores + (h * ChunkTokens);
            Vector512<float> largest = Vector512.Load(scores);
            for (int t = Simd.Lanes; t < tokens; t += Simd.Lanes)
            {
                largest = Vector512.Max(largest, Vector512.Load(scores + t));
            }

            float before = scratch.Largest[head + h];
            float now = before;
            for (int lane = 0; lane < Simd.Lanes; lane++)
            {
                now = MathF.Max(now, largest[lane]);
            }

            if (now > before)
            {
                Rescale(in scratch, head + h, MathF.Exp(before - now));
                scratch.Largest[head + h] = now;
            }

            Vector512<float> sum = Vector512<float>.Zero;
            Vector512<float> shift = Vector512.Create(now);
            for (int t = 0; t < tokens; t += Simd.Lanes)
            {
                Vector512<float> weights = Vector512.Exp(Vector512.Load(scores + t) - shift);
                sum += weights;
                weights.Store(scores + t);
            }

            scratch.Totals[head + h] += Vector512.Sum(sum);
        }
    }

    private static void Rescale(in AttentionScratch scratch, int head, float factor)
    {
        scratch.Totals[head] *= factor;
        float* sums = scratch.Sums + (head * scratch.SumStride);
        for (int d = 0; d < scratch.SumStride; d += Simd.Lanes)
        {
            (Vector512.Load(sums + d) * factor).Store(sums + d);
        }
    }

    private static void Values(
        in AttentionArguments arguments,
        in AttentionScratch scratch,
        int firstBlock,
        int blocks,
        int head,
        int heads
    )
    {
        PagedKvCache cache = arguments.Cache;
        for (int i = 0; i < blocks; i++)
        {
            long cacheBlock = arguments.BlockTable[firstBlock + i];
            byte* values = cache.Values(cacheBlock, arguments.KvHead);
            float* weights = scratch.Scores + (i * BlockTokens);
            Vector512<float> factor = Vector512.Create(TDecoder.InputFactor);
            if (cache.Layout.Format == KvFormat.Int8)
            {
                factor *= HalfScales(cache.Scales(cacheBlock, arguments.KvHead) + BlockTokens);
            }

            for (int h = 0; h < heads; h++)
            {
                (Vector512.Load(weights + (h * ChunkTokens)) * factor).Store(weights + (h * ChunkTokens));
            }

            // While values are worked on, the keys that the next chunk begins with are brought near.
            int next = firstBlock + i + (ChunkTokens / BlockTokens);
            byte* ahead =
                head == 0 && next < arguments.BlockTable.Length
                    ? cache.Keys(arguments.BlockTable[next], arguments.KvHead)
                    : values;
            for (int line = 0; line < cache.ValueLines; line++)
            {
                float* sums = scratch.Sums + (head * scratch.SumStride) + (line * cache.ColumnsPerLine);
                int offset = line * BlockTokens * LineBytes;
                byte* codes = values + offset;
                for (int half = 0; half < TDecoder.VectorsPerLine; half += 2)
                {
                    if (heads == 1)
                    {
                        Value1(codes, ahead + offset, half, weights, sums + (half * Simd.Lanes));
                    }
                    else
                    {
                        Value4(codes, ahead + offset, half, weights, sums + (half * Simd.Lanes), scratch.SumStride);
                    }
                }
            }
        }
    }

    private static void Value1(byte* codes, byte* ahead, int half, float* weights, float* sums)
    {
        Vector512<float> a = Vector512.Load(sums),
            b = Vector512.Load(sums + Simd.Lanes);
        for (int t = 0; t < BlockTokens; t++)
        {
            Simd.Prefetch(ahead + (t * LineBytes));
            Vector512<int> line = Vector512.Load((int*)(codes + (t * LineBytes)));
            Vector512<float> weight = Vector512.Create(weights[t]);
            a = Simd.MultiplyAdd(TDecoder.Decode(line, half), weight, a);
            b = Simd.MultiplyAdd(TDecoder.Decode(line, half + 1), weight, b);
        }

        a.Store(sums);
        b.Store(sums + Simd.Lanes);
    }

    private static void Value4(byte* codes, byte* ahead, int half, float* weights, float* sums, int stride)
    {
        float* s1 = sums + stride,
            s2 = sums + (2 * stride),
            s3 = sums + (3 * stride);
        Vector512<float> a0 = Vector512.Load(sums),
            b0 = Vector512.Load(sums + Simd.Lanes);
        Vector512<float> a1 = Vector512.Load(s1),
            b1 = Vector512.Load(s1 + Simd.Lanes);
        Vector512<float> a2 = Vector512.Load(s2),
            b2 = Vector512.Load(s2 + Simd.Lanes);
        Vector512<float> a3 = Vector512.Load(s3),
            b3 = Vector512.Load(s3 + Simd.Lanes);
        for (int t = 0; t < BlockTokens; t++)
        {
            Simd.Prefetch(ahead + (t * LineBytes));
            Vector512<int> line = Vector512.Load((int*)(codes + (t * LineBytes)));
            Vector512<float> low = TDecoder.Decode(line, half);
            Vector512<float> high = TDecoder.Decode(line, half + 1);
            Vector512<float> weight = Vector512.Create(weights[t]);
            a0 = Simd.MultiplyAdd(low, weight, a0);
            b0 = Simd.MultiplyAdd(high, weight, b0);
            weight = Vector512.Create(weights[t + ChunkTokens]);
            a1 = Simd.MultiplyAdd(low, weight, a1);
            b1 = Simd.MultiplyAdd(high, weight, b1);
            weight = Vector512.Create(weights[t + (2 * ChunkTokens)]);
            a2 = Simd.MultiplyAdd(low, weight, a2);
            b2 = Simd.MultiplyAdd(high, weight, b2);
            weight = Vector512.Create(weights[t + (3 * ChunkTokens)]);
            a3 = Simd.MultiplyAdd(low, weight, a3);
            b3 = Simd.MultiplyAdd(high, weight, b3);
        }

        a0.Store(sums);
        b0.Store(sums + Simd.Lanes);
        a1.Store(s1);
        b1.Store(s1 + Simd.Lanes);
        a2.Store(s2);
        b2.Store(s2 + Simd.Lanes);
        a3.Store(s3);
        b3.Store(s3 + Simd.Lanes);
    }
}
