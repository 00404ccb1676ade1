namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>Where the attention kernel keeps its running values for one group of query heads.</summary>
internal readonly unsafe struct AttentionScratch
{
    /// <summary>Tokens whose scores are held at once: eight blocks.</summary>
    public const int ChunkTokens = 128;

    /// <summary>Query heads that share the registers of one pass.</summary>
    public const int TileHeads = 4;

    public AttentionScratch(float* memory, int heads, int dimension, int paddedDimension)
    {
        int padded = PaddedHeads(heads);
        Queries = memory;
        QueryStride = Align(dimension + 3);
        Sums = Queries + (padded * QueryStride);
        SumStride = Align(paddedDimension);
        Scores = Sums + (padded * SumStride);
        Largest = Scores + (TileHeads * ChunkTokens);
        Totals = Largest + Align(padded);
    }

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
    public static int Floats(int heads, PagedKvCache cache)
    {
        int padded = PaddedHeads(heads);
        int columns = cache.ValueLines * cache.ColumnsPerLine;
        return (padded * (Align(cache.Layout.HeadDimension + 3) + Align(columns)))
            + (TileHeads * ChunkTokens)
            + (2 * Align(padded))
            + (cache.Layout.IsLatent ? PagedKvCache.BlockTokens * columns : 0);
    }

    private static int Align(int floats) => (floats + PanelMatrix.Lanes - 1) / PanelMatrix.Lanes * PanelMatrix.Lanes;
}
