using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>How a matrix product is launched.</summary>
/// <param name="TokensPerBlock">Tokens that a block computes; a kernel of its own for each number.</param>
/// <param name="UsesMatrixInstructions">Whether products run on tensor cores.</param>
/// <param name="TeamsPerTile">Teams that share the columns of a tile of sixteen rows.</param>
/// <param name="RowTiles">Tiles that a team computes with the same inputs; a kernel of its own for each number.</param>
/// <param name="Splits">Blocks that share the columns of their tiles.</param>
/// <param name="SetsInTurn">
/// Sets of tiles that a block computes one after another, the next one's weights on their way while a set's results are written.
/// </param>
internal readonly record struct LinearChoice(
    int TokensPerBlock,
    bool UsesMatrixInstructions,
    int TeamsPerTile,
    int RowTiles = 1,
    int Splits = 1,
    int SetsInTurn = 1
)
{
    /// <summary>Teams of 32 lanes in a block.</summary>
    internal const int Teams = 8;

    private const int MostChunks = 4;
    private const int MostExpertChunks = 16;
    private const int MostSplits = 8;

    /// <summary>
    /// Blocks that a multiprocessor takes at a time, at least for few tokens: beyond them splitting columns brings no better balance, and
    /// a block may as well take sets in turn.
    /// </summary>
    internal const int EnoughBlocks = 2;

    /// <summary>Tokens from which on inputs weigh as much as weights, so that a block's teams should share them.</summary>
    private const int WideTokens = 32;

    /// <summary>The most blocks that a grid has in any but its first direction.</summary>
    private const int MostBlocksAcross = 65_535;

    private static readonly int[] s_plainTokens = [1, 4];
    private static readonly int[] s_matrixTokens = [8, 16, 32, 64, 128];

    /// <summary>Tiles of a matrix that a block computes at a time.</summary>
    public int TilesPerBlock => Teams / TeamsPerTile * RowTiles;

    /// <summary>
    /// What should do well without having been measured: tensor cores wherever there are any, the narrowest kernel that takes all
    /// tokens at once, and of what is left the cheapest by <see cref="LinearCost"/>. Of more than 64 tokens several chunks may be
    /// cheaper; of experts each has few of the tokens.
    /// </summary>
    public static LinearChoice Guess(
        TileLayout layout,
        int matrices,
        int tokens,
        bool areExperts,
        bool hasMatrix,
        int multiprocessors
    )
    {
        int[] widths = hasMatrix ? s_matrixTokens : s_plainTokens;
        int needed = widths.FirstOrDefault(width => width >= tokens, widths[^1]);
        int least = Math.Min(needed, 64);
        int most = areExperts ? least : needed;
        LinearChoice? best = null;
        double bestCost = double.PositiveInfinity;
        foreach (
            LinearChoice choice in All(layout, matrices, tokens, areExperts, hasMatrix, multiprocessors)
                .Where(choice => choice.UsesMatrixInstructions == hasMatrix)
                .Where(choice => choice.TokensPerBlock >= least && choice.TokensPerBlock <= most)
        )
        {
            double cost = LinearCost.Of(choice, layout, matrices, tokens, areExperts, multiprocessors);
            if (cost < LinearCost.ClearlyLess * bestCost)
            {
                (best, bestCost) = (choice, cost);
            }
        }

        return best!.Value;
    }

    /// <summary>
    /// All that may be fastest, the guess first: of both kinds of kernel those for no more tokens than there are at once, and every
    /// number of teams that leaves none without columns. A narrower kernel reads the weights again for each of its chunks of tokens,
    /// so that no more than <see cref="MostChunks"/> are worth a try; but where tokens are spread among experts most chunks are
    /// empty. Columns are split among blocks where there are too few for the device; with few tokens only those that
    /// already share a tile among all their teams.
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
        LinearChoice guess = Guess(layout, matrices, tokens, areExperts, hasMatrix, multiprocessors);
        return
        [
            guess,
            .. All(layout, matrices, tokens, areExperts, hasMatrix, multiprocessors).Where(choice => choice != guess),
        ];
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
            $"{(UsesMatrixInstructions ? "mma" : "fma")} t{TokensPerBlock}, {TeamsPerTile} {(TeamsPerTile == 1 ? "team" : "teams")} a tile{(RowTiles > 1 ? $", {RowTiles} tiles a team" : "")}{(Splits > 1 ? $", {Splits} splits" : "")}{(SetsInTurn > 1 ? $", {SetsInTurn} in turn" : "")}"
        );

    /// <summary>The same for blocks that need at least two tiles, one of gates and one of ups.</summary>
    public LinearChoice ForPairsOfTiles() => this with { TeamsPerTile = Math.Min(TeamsPerTile, Teams / 2) };

    /// <summary>The kernel's name.</summary>
    public string KernelName(WeightFormat format) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"linear_{(UsesMatrixInstructions ? "mma" : "fma")}_{format.Name()}_t{TokensPerBlock}{(RowTiles > 1 ? $"_r{RowTiles}" : "")}"
        );

    /// <summary>Blocks for so many matrices and tokens: chunks of tokens, tiles and their splits, matrices.</summary>
    public CudaDim3 Grid(TileLayout layout, int matrices, int tokens) =>
        new(Chunks(tokens), checked((int)((Sets(layout) + SetsInTurn - 1) / SetsInTurn * Splits)), matrices);

    /// <summary>Bytes of the sums that splits leave for each other; none where there are no splits.</summary>
    public long PartialBytes(TileLayout layout, int matrices, int tokens) =>
        Splits == 1
            ? 0
            : Arrivals(layout, matrices, tokens)
                * Splits
                * TilesPerBlock
                * TileLayout.TileRows
                * TokensPerBlock
                * sizeof(float);

    /// <summary>Counters of splits that have arrived; none where there are no splits.</summary>
    public long Arrivals(TileLayout layout, int matrices, int tokens) =>
        Splits == 1 ? 0 : Chunks(tokens) * Sets(layout) * matrices;

    /// <summary>Threads of a block.</summary>
    public static CudaDim3 Block => new(Teams * 32);

    private static IEnumerable<LinearChoice> All(
        TileLayout layout,
        int matrices,
        int tokens,
        bool areExperts,
        bool hasMatrix,
        int multiprocessors
    )
    {
        int mostChunks = areExperts ? MostExpertChunks : MostChunks;
        IEnumerable<(int Tokens, bool IsMatrix)> kernels = Widths(s_matrixTokens, tokens, mostChunks, true)
            .Where(_ => hasMatrix)
            .Select(width => (width, true))
            .Concat(Widths(s_plainTokens, tokens, mostChunks, !hasMatrix).Select(width => (width, false)));
        return from kernel in kernels
            from rowTiles in Powers(kernel is { IsMatrix: true, Tokens: 32 or 64 } ? 2 : 1)
            from splits in Powers(MostSplits)
            from teams in Powers(Teams)
            let once = new LinearChoice(kernel.Tokens, kernel.IsMatrix, teams, rowTiles, splits)
            where once.IsWorthATry(layout, matrices, tokens, multiprocessors)
            from choice in once.WithTurns(layout, matrices, tokens, multiprocessors)
            select choice;
    }

    private static IEnumerable<int> Powers(int most)
    {
        for (int power = 1; power <= most; power *= 2)
        {
            yield return power;
        }
    }

    /// <summary>The choice, and the same with no more blocks than run at a time where it has more.</summary>
    private IEnumerable<LinearChoice> WithTurns(TileLayout layout, int matrices, int tokens, int multiprocessors)
    {
        yield return this;
        long blocksOfSets = Math.Max(1, (long)EnoughBlocks * multiprocessors / ((long)Chunks(tokens) * matrices));
        long turns = (Sets(layout) + blocksOfSets - 1) / blocksOfSets;
        if (Splits == 1 && turns > 1)
        {
            yield return this with
            {
                SetsInTurn = checked((int)turns),
            };
        }
    }

    private bool IsWorthATry(TileLayout layout, int matrices, int tokens, int multiprocessors)
    {
        if (TeamsPerTile * Splits > Math.Max(1, layout.Groups) || Sets(layout) * Splits > MostBlocksAcross)
        {
            return false;
        }

        if (Splits == 1)
        {
            return true;
        }

        bool isSpreadBefore = TokensPerBlock < WideTokens ? TeamsPerTile == Teams : TeamsPerTile <= 2;
        return isSpreadBefore && Grid(layout, matrices, tokens).Count / 2 < (long)EnoughBlocks * multiprocessors;
    }

    /// <summary>Sets of the tiles that a block computes at a time.</summary>
    public long Sets(TileLayout layout) => (layout.Tiles + TilesPerBlock - 1) / TilesPerBlock;

    private int Chunks(int tokens) => (tokens + TokensPerBlock - 1) / TokensPerBlock;

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
