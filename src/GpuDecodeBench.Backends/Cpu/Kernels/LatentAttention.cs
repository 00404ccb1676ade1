using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// Attention of one new token over cached latents (arXiv 2405.04434), <c>softmax(scale × q·c) · c[..V]</c>, for all query heads:
/// the values are the first elements of the keys, so each latent is read once and decoded once for every head.
/// </summary>
/// <remarks>
/// Lanes: neighbouring elements of a latent, for scores and for weighted sums. A block of sixteen latents is decoded to floats
/// that stay in the first-level cache; then four heads at a time meet it: sixteen sums of four heads with four tokens, added
/// over the lanes at the end, and sixteen sums of four heads with four registers of columns. No masks: rows are padded with
/// zeros; tokens before the span or after its end get a score of −∞ by a plain store.
/// Bytes: the span's latents once. With more than a dozen heads bound by arithmetic, 2 × (D + V) FLOPs a head and token.
/// </remarks>
/// <typeparam name="TDecoder">How a line of codes is decoded.</typeparam>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
internal static unsafe class LatentAttention<TDecoder, TSimd, TVector>
    where TDecoder : struct, ICodeDecoder
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int BlockTokens = PagedKvCache.BlockTokens;
    private const int LineBytes = PanelMatrix.LineBytes;
    private const int ChunkTokens = AttentionScratch.ChunkTokens;
    private const int TileHeads = AttentionScratch.TileHeads;
    private const int TileTokens = 4;

    /// <summary>Computes the piece; largest scores, sums of exponentials and weighted sums are left in the scratch memory.</summary>
    public static AttentionScratch Run(in AttentionArguments arguments)
    {
        PagedKvCache cache = arguments.Cache;
        int stride = cache.ValueLines * cache.ColumnsPerLine;
        var scratch = new AttentionScratch(arguments.Scratch, 1, arguments.Heads, cache);
        float* block = scratch.End;
        scratch.Begin<TSimd, TVector>(in arguments, arguments.Scale);
        int padded = AttentionScratch.PaddedHeads(arguments.Heads);
        int columns = AttentionScratch.Align(cache.Layout.HeadDimension);
        int firstBlock = arguments.FirstToken / BlockTokens;
        int endBlock = (arguments.EndToken + BlockTokens - 1) / BlockTokens;
        for (int i = firstBlock; i < endBlock; i++)
        {
            Decode(cache, arguments.BlockTable[i], block, stride);
            int first = arguments.FirstToken - (i * BlockTokens);
            int end = arguments.EndToken - (i * BlockTokens);
            for (int head = 0; head < padded; head += TileHeads)
            {
                Scores(in scratch, block, stride, columns, head);
                scratch.Mask(0, TileHeads, first, end);
                OnlineSoftmax<TSimd, TVector>.Add(in scratch, BlockTokens, head, TileHeads);
                Values(in scratch, block, stride, AttentionScratch.Align(arguments.ValueDimension), head);
            }
        }

        return scratch;
    }

    /// <summary>Sixteen latents as floats, with every scale.</summary>
    private static void Decode(PagedKvCache cache, long cacheBlock, float* block, int stride)
    {
        byte* lines = cache.Values(cacheBlock, 0);
        ushort* scales = cache.Scales(cacheBlock, 0) + BlockTokens;
        for (int token = 0; token < BlockTokens; token++)
        {
            float factor = TDecoder.InputFactor * TDecoder.OutputFactor * cache.ValueScale;
            if (cache.Layout.Format == KvFormat.Int8)
            {
                factor *= (float)BitConverter.UInt16BitsToHalf(scales[token]);
            }

            TVector scale = TSimd.Floats(factor);
            float* row = block + (token * stride);
            for (int line = 0; line < cache.ValueLines; line++)
            {
                byte* codes = lines + (((line * BlockTokens) + token) * LineBytes);
                for (int lane = 0; lane < PanelMatrix.Lanes; lane += TSimd.Lanes)
                {
                    TVector packed = TSimd.LoadLine(codes + (lane * sizeof(float)));
                    for (int index = 0; index < TDecoder.VectorsPerLine; index++)
                    {
                        TVector values = TSimd.Multiply(TDecoder.Decode<TSimd, TVector>(packed, index), scale);
                        TSimd.Store(values, row + (line * cache.ColumnsPerLine) + (index * PanelMatrix.Lanes) + lane);
                    }
                }
            }
        }
    }

    private static void Scores(in AttentionScratch scratch, float* block, int stride, int columns, int head)
    {
        float* sums = stackalloc float[TileHeads * TileTokens * PanelMatrix.Lanes];
        float* queries = scratch.Queries + ((long)head * scratch.QueryStride);
        for (int token = 0; token < BlockTokens; token += TileTokens)
        {
            ScoreTile(queries, scratch.QueryStride, block + (token * stride), stride, columns, sums);
            for (int h = 0; h < TileHeads; h++)
            {
                for (int t = 0; t < TileTokens; t++)
                {
                    TVector sum = TSimd.Load(sums + (((h * TileTokens) + t) * TSimd.Lanes));
                    scratch.Scores[(h * ChunkTokens) + token + t] = TSimd.Sum(sum);
                }
            }
        }
    }

    /// <summary>Four heads with four tokens; the sums of each lane go to memory, head by head.</summary>
    private static void ScoreTile(float* q, int queryStride, float* k, int stride, int columns, float* sums)
    {
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
        TVector d0 = TSimd.Zero,
            d1 = TSimd.Zero,
            d2 = TSimd.Zero,
            d3 = TSimd.Zero;
        for (int d = 0; d < columns; d += TSimd.Lanes)
        {
            TVector k0 = TSimd.Load(k + d),
                k1 = TSimd.Load(k + stride + d),
                k2 = TSimd.Load(k + (2 * stride) + d),
                k3 = TSimd.Load(k + (3 * stride) + d);
            TVector query = TSimd.Load(q + d);
            a0 = TSimd.MultiplyAdd(query, k0, a0);
            a1 = TSimd.MultiplyAdd(query, k1, a1);
            a2 = TSimd.MultiplyAdd(query, k2, a2);
            a3 = TSimd.MultiplyAdd(query, k3, a3);
            query = TSimd.Load(q + queryStride + d);
            b0 = TSimd.MultiplyAdd(query, k0, b0);
            b1 = TSimd.MultiplyAdd(query, k1, b1);
            b2 = TSimd.MultiplyAdd(query, k2, b2);
            b3 = TSimd.MultiplyAdd(query, k3, b3);
            query = TSimd.Load(q + (2 * queryStride) + d);
            c0 = TSimd.MultiplyAdd(query, k0, c0);
            c1 = TSimd.MultiplyAdd(query, k1, c1);
            c2 = TSimd.MultiplyAdd(query, k2, c2);
            c3 = TSimd.MultiplyAdd(query, k3, c3);
            query = TSimd.Load(q + (3 * queryStride) + d);
            d0 = TSimd.MultiplyAdd(query, k0, d0);
            d1 = TSimd.MultiplyAdd(query, k1, d1);
            d2 = TSimd.MultiplyAdd(query, k2, d2);
            d3 = TSimd.MultiplyAdd(query, k3, d3);
        }

        Store4(a0, a1, a2, a3, sums);
        Store4(b0, b1, b2, b3, sums + (4 * TSimd.Lanes));
        Store4(c0, c1, c2, c3, sums + (8 * TSimd.Lanes));
        Store4(d0, d1, d2, d3, sums + (12 * TSimd.Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(TVector v0, TVector v1, TVector v2, TVector v3, float* target)
    {
        TSimd.Store(v0, target);
        TSimd.Store(v1, target + TSimd.Lanes);
        TSimd.Store(v2, target + (2 * TSimd.Lanes));
        TSimd.Store(v3, target + (3 * TSimd.Lanes));
    }

    private static void Values(in AttentionScratch scratch, float* block, int stride, int columns, int head)
    {
        float* sums = scratch.Sums + ((long)head * scratch.SumStride);
        int c = 0;
        for (; c + (4 * TSimd.Lanes) <= columns; c += 4 * TSimd.Lanes)
        {
            ValueTile(scratch.Scores, block + c, stride, sums + c, scratch.SumStride);
        }

        for (; c < columns; c += TSimd.Lanes)
        {
            ValueColumn(scratch.Scores, block + c, stride, sums + c, scratch.SumStride);
        }
    }

    /// <summary>Four heads with four registers of columns, over the block's tokens.</summary>
    private static void ValueTile(float* weights, float* v, int stride, float* sums, int sumStride)
    {
        int lanes = TSimd.Lanes;
        float* s1 = sums + sumStride,
            s2 = s1 + sumStride,
            s3 = s2 + sumStride;
        TVector a0 = TSimd.Load(sums),
            a1 = TSimd.Load(sums + lanes),
            a2 = TSimd.Load(sums + (2 * lanes)),
            a3 = TSimd.Load(sums + (3 * lanes));
        TVector b0 = TSimd.Load(s1),
            b1 = TSimd.Load(s1 + lanes),
            b2 = TSimd.Load(s1 + (2 * lanes)),
            b3 = TSimd.Load(s1 + (3 * lanes));
        TVector c0 = TSimd.Load(s2),
            c1 = TSimd.Load(s2 + lanes),
            c2 = TSimd.Load(s2 + (2 * lanes)),
            c3 = TSimd.Load(s2 + (3 * lanes));
        TVector d0 = TSimd.Load(s3),
            d1 = TSimd.Load(s3 + lanes),
            d2 = TSimd.Load(s3 + (2 * lanes)),
            d3 = TSimd.Load(s3 + (3 * lanes));
        for (int token = 0; token < BlockTokens; token++, v += stride, weights++)
        {
            TVector v0 = TSimd.Load(v),
                v1 = TSimd.Load(v + lanes),
                v2 = TSimd.Load(v + (2 * lanes)),
                v3 = TSimd.Load(v + (3 * lanes));
            TVector weight = TSimd.Floats(weights[0]);
            a0 = TSimd.MultiplyAdd(v0, weight, a0);
            a1 = TSimd.MultiplyAdd(v1, weight, a1);
            a2 = TSimd.MultiplyAdd(v2, weight, a2);
            a3 = TSimd.MultiplyAdd(v3, weight, a3);
            weight = TSimd.Floats(weights[ChunkTokens]);
            b0 = TSimd.MultiplyAdd(v0, weight, b0);
            b1 = TSimd.MultiplyAdd(v1, weight, b1);
            b2 = TSimd.MultiplyAdd(v2, weight, b2);
            b3 = TSimd.MultiplyAdd(v3, weight, b3);
            weight = TSimd.Floats(weights[2 * ChunkTokens]);
            c0 = TSimd.MultiplyAdd(v0, weight, c0);
            c1 = TSimd.MultiplyAdd(v1, weight, c1);
            c2 = TSimd.MultiplyAdd(v2, weight, c2);
            c3 = TSimd.MultiplyAdd(v3, weight, c3);
            weight = TSimd.Floats(weights[3 * ChunkTokens]);
            d0 = TSimd.MultiplyAdd(v0, weight, d0);
            d1 = TSimd.MultiplyAdd(v1, weight, d1);
            d2 = TSimd.MultiplyAdd(v2, weight, d2);
            d3 = TSimd.MultiplyAdd(v3, weight, d3);
        }

        Store4(a0, a1, a2, a3, sums);
        Store4(b0, b1, b2, b3, s1);
        Store4(c0, c1, c2, c3, s2);
        Store4(d0, d1, d2, d3, s3);
    }

    /// <summary>Four heads with one register of columns.</summary>
    private static void ValueColumn(float* weights, float* v, int stride, float* sums, int sumStride)
    {
        TVector a = TSimd.Load(sums),
            b = TSimd.Load(sums + sumStride),
            c = TSimd.Load(sums + (2 * sumStride)),
            d = TSimd.Load(sums + (3 * sumStride));
        for (int token = 0; token < BlockTokens; token++, v += stride, weights++)
        {
            TVector values = TSimd.Load(v);
            a = TSimd.MultiplyAdd(values, TSimd.Floats(weights[0]), a);
            b = TSimd.MultiplyAdd(values, TSimd.Floats(weights[ChunkTokens]), b);
            c = TSimd.MultiplyAdd(values, TSimd.Floats(weights[2 * ChunkTokens]), c);
            d = TSimd.MultiplyAdd(values, TSimd.Floats(weights[3 * ChunkTokens]), d);
        }

        TSimd.Store(a, sums);
        TSimd.Store(b, sums + sumStride);
        TSimd.Store(c, sums + (2 * sumStride));
        TSimd.Store(d, sums + (3 * sumStride));
    }
}
