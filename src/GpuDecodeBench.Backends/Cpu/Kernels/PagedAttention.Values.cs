using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <content>Weighted sums of the values of a chunk of blocks.</content>
internal static unsafe partial class PagedAttention<TDecoder, TSimd, TVector>
{
    private static void Values(
        in AttentionArguments arguments,
        in AttentionScratch scratch,
        int firstBlock,
        int blocks,
        in AttentionTile tile
    )
    {
        PagedKvCache cache = arguments.Cache;
        for (int i = 0; i < blocks; i++)
        {
            long cacheBlock = arguments.BlockTable[firstBlock + i];
            ushort* scales = cache.Layout.Format == KvFormat.Int8 ? cache.Scales(cacheBlock, tile.KvHead) : null;
            if (scales is not null || TDecoder.InputFactor != 1)
            {
                Weigh(scratch.Scores + (i * BlockTokens), tile.Heads, scales is null ? null : scales + BlockTokens);
            }
        }

        int firstLine = WideValues(in arguments, in scratch, firstBlock, blocks, in tile);
        for (int i = 0; i < blocks && firstLine < cache.ValueLines; i++)
        {
            byte* values = cache.Values(arguments.BlockTable[firstBlock + i], tile.KvHead);
            float* weights = scratch.Scores + (i * BlockTokens);

            byte* ahead = Next(in arguments, firstBlock + i, in tile, values: true);
            for (int line = firstLine; line < cache.ValueLines; line++)
            {
                float* sums = scratch.Sums + ((long)tile.Head * scratch.SumStride) + (line * cache.ColumnsPerLine);
                int offset = line * BlockTokens * LineBytes;
                byte* codes = values + offset;
                for (int half = 0; half < TDecoder.VectorsPerLine; half += 2)
                {
                    for (int lane = 0; lane < PanelMatrix.Lanes; lane += TSimd.Lanes)
                    {
                        byte* part = codes + (lane * sizeof(float));
                        float* target = sums + (half * PanelMatrix.Lanes) + lane;
                        if (tile.Heads == 1)
                        {
                            Value1(part, ahead + offset, half, weights, target);
                        }
                        else
                        {
                            Value4(part, ahead + offset, half, weights, target, scratch.SumStride);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Works the power of two that the decoder leaves out, and INT8's scale of each token, into a block's weights.</summary>
    private static void Weigh(float* weights, int heads, ushort* scales)
    {
        for (int lane = 0; lane < BlockTokens; lane += TSimd.Lanes)
        {
            TVector factor = TSimd.Floats(TDecoder.InputFactor);
            if (scales is not null)
            {
                factor = TSimd.Multiply(factor, HalfScales(scales + lane));
            }

            for (int h = 0; h < heads; h++)
            {
                float* target = weights + (h * ChunkTokens) + lane;
                TSimd.Store(TSimd.Multiply(TSimd.Load(target), factor), target);
            }
        }
    }

    private static void Value1(byte* codes, byte* ahead, int half, float* weights, float* sums)
    {
        TVector a = TSimd.Load(sums),
            b = TSimd.Load(sums + PanelMatrix.Lanes);
        for (int t = 0; t < BlockTokens; t++)
        {
            TSimd.Prefetch(ahead + (t * LineBytes));
            TVector line = TSimd.LoadLine(codes + (t * LineBytes));
            TVector weight = TSimd.Floats(weights[t]);
            a = TSimd.MultiplyAdd(Decode(line, half), weight, a);
            b = TSimd.MultiplyAdd(Decode(line, half + 1), weight, b);
        }

        TSimd.Store(a, sums);
        TSimd.Store(b, sums + PanelMatrix.Lanes);
    }

    private static void Value4(byte* codes, byte* ahead, int half, float* weights, float* sums, int stride)
    {
        float* s1 = sums + stride,
            s2 = sums + (2 * stride),
            s3 = sums + (3 * stride);
        TVector a0 = TSimd.Load(sums),
            b0 = TSimd.Load(sums + PanelMatrix.Lanes);
        TVector a1 = TSimd.Load(s1),
            b1 = TSimd.Load(s1 + PanelMatrix.Lanes);
        TVector a2 = TSimd.Load(s2),
            b2 = TSimd.Load(s2 + PanelMatrix.Lanes);
        TVector a3 = TSimd.Load(s3),
            b3 = TSimd.Load(s3 + PanelMatrix.Lanes);
        for (int t = 0; t < BlockTokens; t++)
        {
            TSimd.Prefetch(ahead + (t * LineBytes));
            TVector line = TSimd.LoadLine(codes + (t * LineBytes));
            TVector low = Decode(line, half);
            TVector high = Decode(line, half + 1);
            TVector weight = TSimd.Floats(weights[t]);
            a0 = TSimd.MultiplyAdd(low, weight, a0);
            b0 = TSimd.MultiplyAdd(high, weight, b0);
            weight = TSimd.Floats(weights[t + ChunkTokens]);
            a1 = TSimd.MultiplyAdd(low, weight, a1);
            b1 = TSimd.MultiplyAdd(high, weight, b1);
            weight = TSimd.Floats(weights[t + (2 * ChunkTokens)]);
            a2 = TSimd.MultiplyAdd(low, weight, a2);
            b2 = TSimd.MultiplyAdd(high, weight, b2);
            weight = TSimd.Floats(weights[t + (3 * ChunkTokens)]);
            a3 = TSimd.MultiplyAdd(low, weight, a3);
            b3 = TSimd.MultiplyAdd(high, weight, b3);
        }

        TSimd.Store(a0, sums);
        TSimd.Store(b0, sums + PanelMatrix.Lanes);
        TSimd.Store(a1, s1);
        TSimd.Store(b1, s1 + PanelMatrix.Lanes);
        TSimd.Store(a2, s2);
        TSimd.Store(b2, s2 + PanelMatrix.Lanes);
        TSimd.Store(a3, s3);
        TSimd.Store(b3, s3 + PanelMatrix.Lanes);
    }
}
