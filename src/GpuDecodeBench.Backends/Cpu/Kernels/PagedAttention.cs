using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// Attention of one new token over a paged cache, <c>softmax(scale × q·k) · v</c>, for the query heads that share a KV head, with a
/// running maximum and sum (online softmax, arXiv 1805.02867) so that keys and values are read once.
/// </summary>
/// <remarks>
/// Lanes: for the scores, lane j is token j of a block, and each key element meets a broadcast query element; for the weighted
/// sum, lane j is column j, 16 + j … of the head, and each value vector meets a broadcast weight. AVX-512 works on the sixteen
/// lanes of a line at once; AVX2 on lanes 0 … 7 of a block, then 8 … 15, and the portable path on four at a time: the block
/// stays in the first-level cache between. Masks, on every path by plain stores: tokens of a block that lie before the span or
/// after its end get a score of −∞.
/// Bytes: the span's keys and values once for all query heads of the group. Bound by memory while the group is small.
/// </remarks>
/// <typeparam name="TDecoder">How a line of codes is decoded.</typeparam>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
internal static unsafe partial class PagedAttention<TDecoder, TSimd, TVector>
    where TDecoder : struct, ICodeDecoder
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
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
                OnlineSoftmax<TSimd, TVector>.Add(in scratch, blocks * BlockTokens, head, heads);
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
        float scale = TDecoder.InputFactor * arguments.Scale;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Decode(TVector line, int index) => TDecoder.Decode<TSimd, TVector>(line, index);
}
