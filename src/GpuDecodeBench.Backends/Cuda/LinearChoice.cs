using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>How a matrix product is launched.</summary>
/// <param name="TokensPerBlock">Tokens that a block computes; a kernel of its own for each number.</param>
/// <param name="UsesMatrixInstructions">Whether products run on tensor cores.</param>
/// <param name="TeamsPerTile">Teams that share the columns of a tile of sixteen rows.</param>
internal readonly record struct LinearChoice(int TokensPerBlock, bool UsesMatrixInstructions, int TeamsPerTile)
{
    /// <summary>Teams of 32 lanes in a block.</summary>
    private const int Teams = 8;

    /// <summary>Teams that a multiprocessor should have to itself so that enough loads are on their way.</summary>
    private const int TeamsPerMultiprocessor = 32;

    /// <summary>
    /// What should do well without having been measured: tensor cores wherever there are any, the narrowest kernel that takes all
    /// tokens at once, and as few teams a tile as fill the device.
    /// </summary>
    public static LinearChoice Guess(TileLayout layout, int matrices, int tokens, bool hasMatrix, int multiprocessors)
    {
        int perBlock =
            hasMatrix
                ? tokens switch
                {
                    <= 8 => 8,
                    <= 16 => 16,
                    <= 32 => 32,
                    _ => 64,
                }
            : tokens == 1 ? 1
            : 4;
        int chunksOfTokens = (tokens + perBlock - 1) / perBlock;
        long teams = layout.Tiles * matrices * chunksOfTokens;
        int perTile = 1;
        while (
            perTile < Teams
            && perTile < layout.Groups
            && teams * perTile < (long)TeamsPerMultiprocessor * multiprocessors
        )
        {
            perTile *= 2;
        }

        return new LinearChoice(perBlock, hasMatrix, perTile);
    }

    /// <summary>The same for blocks that need at least two tiles, one of gates and one of ups.</summary>
    public LinearChoice ForPairsOfTiles() => this with { TeamsPerTile = Math.Min(TeamsPerTile, Teams / 2) };

    /// <summary>The kernel's name.</summary>
    public string KernelName(WeightFormat format) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"linear_{(UsesMatrixInstructions ? "mma" : "fma")}_{format.Name()}_t{TokensPerBlock}"
        );

    /// <summary>Blocks for so many matrices and tokens.</summary>
    public CudaDim3 Grid(TileLayout layout, int matrices, int tokens)
    {
        int tilesPerBlock = Teams / TeamsPerTile;
        return new CudaDim3(
            checked((int)((layout.Tiles + tilesPerBlock - 1) / tilesPerBlock)),
            matrices,
            (tokens + TokensPerBlock - 1) / TokensPerBlock
        );
    }

    /// <summary>Threads of a block.</summary>
    public static CudaDim3 Block => new(Teams * 32);
}
