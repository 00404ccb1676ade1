using GpuDecodeBench.Backends.Cuda.Weights;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// What a product's bytes cost by the arithmetic of <c>kernels/linear.cu</c>: weights from memory, and weights and inputs through
/// both caches. It orders guesses; what is measured decides.
/// </summary>
internal static class LinearCost
{
    /// <summary>A choice is taken for a later one only where that costs less than this share.</summary>
    public const double ClearlyLess = 0.98;

    /// <summary>An H200's memory: https://www.nvidia.com/en-us/data-center/h200/.</summary>
    private const double MemoryBytesPerSecond = 4.8e12;

    /// <summary>About what its second-level cache gives: an assumption, between what an H100's does for 40 and for 58 MB.</summary>
    private const double SecondLevelBytesPerSecond = 5.5e12;

    /// <summary>What its first-level caches give: 128 bytes a clock of 132 multiprocessors at 1.755 GHz.</summary>
    private const double FirstLevelBytesPerSecond = 132 * 128 * 1.755e9;

    /// <summary>What splits take beside their bytes, two fences, an atomic and a pass of the last block: an assumption.</summary>
    private const double SplitSeconds = 1.5e-6;

    /// <summary>Bytes that a multiprocessor should have on their way.</summary>
    private const double BytesWanted = 48 * 1024;

    /// <summary>Bytes of codes that a team has on its way for each tile: four blocks of two loads of 16 bytes a lane.</summary>
    private const double BytesOfTeam = 4 * 2 * 32 * 16;

    /// <summary>Seconds on an H200, were nothing but bytes and their spread over the device to count.</summary>
    public static double Of(
        LinearChoice choice,
        TileLayout layout,
        int matrices,
        int tokens,
        bool areExperts,
        int multiprocessors
    )
    {
        // Of experts each has tokens for about one chunk.
        double chunks = areExperts ? 1 : Math.Ceiling((double)tokens / choice.TokensPerBlock);
        double inputBytes =
            (double)matrices * Math.Min(chunks * choice.TokensPerBlock, tokens) * layout.Matrix.Columns * 2;
        double weights = (double)layout.ReadBytes * matrices;
        double firstLevel = (chunks * weights) + (inputBytes * Math.Ceiling((double)layout.Tiles / choice.RowTiles));
        double blocksOfTiles = Math.Ceiling((double)layout.Tiles / choice.TilesPerBlock);
        double secondLevel =
            (chunks * weights) + (inputBytes * blocksOfTiles) + (2 * choice.PartialBytes(layout, matrices, tokens));
        double seconds = Math.Max(
            weights / MemoryBytesPerSecond,
            Math.Max(secondLevel / SecondLevelBytesPerSecond, firstLevel / FirstLevelBytesPerSecond)
        );

        // The multiprocessor with the most blocks ends last, and must have enough loads on their way.
        double sets = blocksOfTiles * choice.Splits * matrices * chunks;
        double blocks = Math.Ceiling(blocksOfTiles / choice.SetsInTurn) * choice.Splits * matrices * chunks;
        double most = Math.Ceiling(blocks / multiprocessors);
        double imbalance = most * choice.SetsInTurn * multiprocessors / sets;
        double inFlight = most * LinearChoice.Teams * choice.RowTiles * BytesOfTeam;
        return (seconds * imbalance * Math.Max(1, BytesWanted / inFlight)) + (choice.Splits > 1 ? SplitSeconds : 0);
    }
}
