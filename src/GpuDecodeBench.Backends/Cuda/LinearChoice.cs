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

    private const int MostChunks = 4;
    private const int MostExpertChunks = 16;

    private static readonly int[] s_plainTokens = [1, 4];
    private static readonly int[] s_matrixTokens = [8, 16, 32, 64];

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

    /// <summary>
    /// All that may be fastest, the guess first: of both kinds of kernel those for no more tokens than there are at once, and every
    /// number of teams that leaves none without columns. A narrower kernel reads the weights again for each of its chunks of tokens,
    /// so that no more than <see cref="MostChunks"/> are worth a try; but where tokens are spread among experts most chunks are
    /// empty.
    /// </summary>
    public static IReadOnlyList<LinearChoice> Candidates(
        TileLayout layout,
        int matrices,
        int tokens,
        bool areExperts,
        bool hasMatrix,
        int multiprocessors
    )
    {
        LinearChoice guess = Guess(layout, matrices, tokens, hasMatrix, multiprocessors);
        var found = new List<LinearChoice> { guess };
        int mostChunks = areExperts ? MostExpertChunks : MostChunks;
        IEnumerable<(int Tokens, bool IsMatrix)> kernels = Widths(s_matrixTokens, tokens, mostChunks, true)
            .Where(_ => hasMatrix)
            .Select(width => (width, true))
            .Concat(Widths(s_plainTokens, tokens, mostChunks, !hasMatrix).Select(width => (width, false)));
        foreach ((int width, bool isMatrix) in kernels)
        {
            for (int teams = 1; teams <= Math.Min(Teams, Math.Max(1, layout.Groups)); teams *= 2)
            {
                var candidate = new LinearChoice(width, isMatrix, teams);
                if (candidate != guess)
                {
                    found.Add(candidate);
                }
            }
        }

        return found;
    }

    /// <summary>What of a product decides how it is best launched.</summary>
    public static string Shape(TileLayout layout, int matrices, int tokens, bool areExperts) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{layout.Matrix.Format.Name()} {layout.Matrix.Rows}x{layout.Matrix.Columns}, {matrices} {(areExperts ? "experts" : matrices == 1 ? "matrix" : "matrices")}, {tokens} {(tokens == 1 ? "token" : "tokens")}"
        );

    /// <summary>The choice in words, for records.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(UsesMatrixInstructions ? "mma" : "fma")} t{TokensPerBlock}, {TeamsPerTile} {(TeamsPerTile == 1 ? "team" : "teams")} a tile"
        );

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

    /// <summary>
    /// Kernels no wider than the narrowest that takes all tokens, and not so narrow that chunks are too many; the widest of them
    /// whatever its chunks where there must be one.
    /// </summary>
    private static IEnumerable<int> Widths(int[] widths, int tokens, int mostChunks, bool mustHaveOne)
    {
        int needed = widths.FirstOrDefault(width => width >= tokens, widths[^1]);
        return widths.Where(width =>
            (width == needed && mustHaveOne) || (width <= needed && (tokens + width - 1) / width <= mostChunks)
        );
    }
}
