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

    private static int Align(int floats) => (floats + PanelMatrix.Lanes - 1) / PanelMatrix.Lanes * PanelMatrix.Lanes;
}
