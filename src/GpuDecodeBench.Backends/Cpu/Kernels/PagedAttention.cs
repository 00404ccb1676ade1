using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// Attention of one new token over a paged cache, <c>softmax(scale × q·k) · v</c>, for the query heads of some KV heads, with a
/// running maximum and sum (online softmax, arXiv 1805.02867) so that keys and values are read once.
/// </summary>
/// <remarks>
/// Lanes: for the scores, lane j is token j of a block, and each key element meets a broadcast query element; for the weighted
/// sum, lane j is column j, 16 + j … of the head, and each value vector meets a broadcast weight. Reading order: chunk by chunk of
/// two blocks, in each all KV heads, keys before values. AVX-512 works on the sixteen
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
        var scratch = new AttentionScratch(arguments.Scratch, arguments.KvHeads, arguments.Heads, arguments.Cache);
        int firstBlock = arguments.FirstToken / BlockTokens;
        int endBlock = (arguments.EndToken + BlockTokens - 1) / BlockTokens;
        AskForFirst(in arguments, firstBlock, endBlock);
        scratch.Begin<TSimd, TVector>(in arguments, TDecoder.InputFactor * arguments.Scale);
        for (int block = firstBlock; block < endBlock; block += ChunkTokens / BlockTokens)
        {
            int blocks = Math.Min(ChunkTokens / BlockTokens, endBlock - block);
            for (int kvHead = 0; kvHead < arguments.KvHeads; kvHead++)
            {
                Chunk(in arguments, in scratch, block, blocks, kvHead);
            }
        }

        Finish(in arguments, in scratch);
        return scratch;
    }

    private static void Chunk(
        in AttentionArguments arguments,
        in AttentionScratch scratch,
        int block,
        int blocks,
        int kvHead
    )
    {
        for (int head = 0; head < arguments.Heads; head += AttentionScratch.TileHeads)
        {
            var tile = new AttentionTile
            {
                KvHead = arguments.KvHead + kvHead,
                Head = (kvHead * scratch.HeadsPerKvHead) + head,
                Heads = Math.Min(AttentionScratch.TileHeads, arguments.Heads - head),
                IsFirst = head == 0,
            };
            Scores(in arguments, in scratch, block, blocks, in tile);
            OnlineSoftmax<TSimd, TVector>.Add(in scratch, blocks * BlockTokens, tile.Head, tile.Heads);
            Values(in arguments, in scratch, block, blocks, in tile);
        }
    }

    /// <summary>Asks for what is read first, so that it comes while queries are scaled and sums are cleared.</summary>
    private static void AskForFirst(in AttentionArguments arguments, int firstBlock, int endBlock)
    {
        PagedKvCache cache = arguments.Cache;
        endBlock = Math.Min(endBlock, firstBlock + (ChunkTokens / BlockTokens));
        for (int block = firstBlock; block < endBlock; block++)
        {
            byte* head = cache.Keys(arguments.BlockTable[block], arguments.KvHead);
            for (int offset = 0; offset < cache.HeadBytes; offset += LineBytes)
            {
                TSimd.Prefetch(head + offset);
            }
        }
    }

    /// <summary>The power of two that the decoder left out, and FP8's scale of the layer.</summary>
    private static void Finish(in AttentionArguments arguments, in AttentionScratch scratch)
    {
        if (TDecoder.OutputFactor == 1 && arguments.Cache.ValueScale.Equals(1f))
        {
            return;
        }

        int columns = arguments.Cache.Layout.HeadDimension;
        for (int head = 0; head < arguments.KvHeads * scratch.HeadsPerKvHead; head++)
        {
            float* sums = scratch.Sums + ((long)head * scratch.SumStride);
            for (int d = 0; d < columns; d++)
            {
                sums[d] = sums[d] * TDecoder.OutputFactor * arguments.Cache.ValueScale;
            }
        }
    }

    /// <summary>
    /// Where the keys, or the values, of the KV head lie that comes after a block's: the next one of the same block, or the first
    /// one of the chunk after. They are brought near while their like are worked on: two steps ahead, as long as memory takes to
    /// answer. Only a KV head's first tile needs to.
    /// </summary>
    private static byte* Next(in AttentionArguments arguments, int block, in AttentionTile tile, bool values)
    {
        PagedKvCache cache = arguments.Cache;
        int kvHead = tile.KvHead;
        if (tile.IsFirst && kvHead + 1 < arguments.KvHead + arguments.KvHeads)
        {
            kvHead++;
        }
        else if (tile.IsFirst && block + (ChunkTokens / BlockTokens) < arguments.BlockTable.Length)
        {
            block += ChunkTokens / BlockTokens;
            kvHead = arguments.KvHead;
        }

        long cacheBlock = arguments.BlockTable[block];
        return values ? cache.Values(cacheBlock, kvHead) : cache.Keys(cacheBlock, kvHead);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Decode(TVector line, int index) => TDecoder.Decode<TSimd, TVector>(line, index);
}
