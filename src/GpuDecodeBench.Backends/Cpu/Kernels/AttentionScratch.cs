using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>Where the attention kernel keeps its running values for the query heads of a piece.</summary>
internal readonly unsafe struct AttentionScratch
{
    /// <summary>
    /// Tokens whose scores are held at once: two blocks. All KV heads of a chunk are read before the next one, so that a block,
    /// which holds them side by side, is read from end to end: memory gives a half more for that than for a head at a time.
    /// </summary>
    public const int ChunkTokens = 32;

    /// <summary>Query heads that share the registers of one pass.</summary>
    public const int TileHeads = 4;

    /// <summary>The memory's division.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="kvHeads">KV heads.</param>
    /// <param name="heads">Query heads that share a KV head.</param>
    /// <param name="cache">The cache.</param>
    public AttentionScratch(float* memory, int kvHeads, int heads, PagedKvCache cache)
    {
        HeadsPerKvHead = PaddedHeads(heads);
        int padded = kvHeads * HeadsPerKvHead;
        Queries = memory;
        QueryStride = Align(cache.Layout.HeadDimension + 3);
        Sums = Queries + (padded * QueryStride);
        SumStride = Align(cache.ValueLines * cache.ColumnsPerLine);
        Scores = Sums + (padded * SumStride);
        Largest = Scores + (TileHeads * ChunkTokens);
        Totals = Largest + Align(padded);
    }

    /// <summary>Query heads of a KV head, those that only fill the last tile included.</summary>
    public int HeadsPerKvHead { get; }

    /// <summary>Scaled queries, heads × <see cref="QueryStride"/>, zeros for the heads that fill the last tile.</summary>
    public float* Queries { get; }

    public int QueryStride { get; }

    /// <summary>Weighted sums of values, heads × <see cref="SumStride"/>.</summary>
    public float* Sums { get; }

    public int SumStride { get; }

    /// <summary>Scores of one tile's heads, tile × chunk.</summary>
    public float* Scores { get; }

    /// <summary>The largest score so far of each head.</summary>
    public float* Largest { get; }

    /// <summary>The sum of exponentials so far of each head.</summary>
    public float* Totals { get; }

    /// <summary>What lies behind: for latents a block of them as floats.</summary>
    public float* End => Totals + (Totals - Largest);

    public static int PaddedHeads(int heads) => (heads + TileHeads - 1) / TileHeads * TileHeads;

    /// <summary>Floats that a worker needs.</summary>
    public static int Floats(int kvHeads, int heads, PagedKvCache cache)
    {
        int padded = kvHeads * PaddedHeads(heads);
        int columns = cache.ValueLines * cache.ColumnsPerLine;
        return (padded * (Align(cache.Layout.HeadDimension + 3) + Align(columns)))
            + (TileHeads * ChunkTokens)
            + (2 * Align(padded))
            + (cache.Layout.IsLatent ? PagedKvCache.BlockTokens * columns : 0);
    }

    /// <summary>Whole registers of the widest path.</summary>
    public static int Align(int floats) => (floats + PanelMatrix.Lanes - 1) / PanelMatrix.Lanes * PanelMatrix.Lanes;

    /// <summary>A query head's place: each KV head's last tile is filled.</summary>
    /// <param name="head">The head, counted over all KV heads.</param>
    /// <param name="heads">Query heads that share a KV head.</param>
    public int Place(int head, int heads) => (head / heads * HeadsPerKvHead) + (head % heads);

    /// <summary>Takes the queries, times a factor, and clears what is summed up. Heads that fill a last tile have queries of zero.</summary>
    public void Begin<TSimd, TVector>(in AttentionArguments arguments, float factor)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int padded = arguments.KvHeads * HeadsPerKvHead;
        int dimension = arguments.Cache.Layout.HeadDimension;
        new Span<float>(Queries, padded * QueryStride).Clear();
        new Span<float>(Sums, padded * SumStride).Clear();
        for (int head = 0; head < arguments.KvHeads * arguments.Heads; head++)
        {
            int place = Place(head, arguments.Heads);
            float* source = arguments.Queries + ((long)head * dimension);
            float* target = Queries + ((long)place * QueryStride);
            int d = 0;
            for (; d + TSimd.Lanes <= dimension; d += TSimd.Lanes)
            {
                TSimd.Store(TSimd.Multiply(TSimd.Load(source + d), TSimd.Floats(factor)), target + d);
            }

            for (; d < dimension; d++)
            {
                target[d] = source[d] * factor;
            }
        }

        new Span<float>(Largest, padded).Fill(float.NegativeInfinity);
        new Span<float>(Totals, padded).Clear();
    }

    /// <summary>Gives the tokens of a block that lie before the span or after its end a score of −∞.</summary>
    /// <param name="start">The block's first score in the chunk.</param>
    /// <param name="heads">Heads of the tile.</param>
    /// <param name="first">The span's first token, counted from the block's.</param>
    /// <param name="end">The token after the span's last, counted from the block's first.</param>
    public void Mask(int start, int heads, int first, int end)
    {
        if (first <= 0 && end >= PagedKvCache.BlockTokens)
        {
            return;
        }

        for (int head = 0; head < heads; head++)
        {
            float* scores = Scores + (head * ChunkTokens) + start;
            for (int token = 0; token < PagedKvCache.BlockTokens; token++)
            {
                if (token < first || token >= end)
                {
                    scores[token] = float.NegativeInfinity;
                }
            }
        }
    }
}
