using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Tests.Cuda.Tuning;

/// <summary>The ways of launching a product or attention that tuning tries.</summary>
public sealed class CandidateTests
{
    private static readonly GroupedQueryAttention s_attention = new()
    {
        Rope = new RopeShape { Theta = 10_000 },
        Heads = 32,
        KvHeads = 8,
        HeadDimension = 128,
    };

    [Theory]
    [InlineData(1, false, true, "fma1 mma8")]
    [InlineData(2, false, true, "fma1 fma4 mma8")]
    [InlineData(8, false, true, "fma4 mma8")]
    [InlineData(9, false, true, "fma4 mma16 mma8")]
    [InlineData(64, false, true, "mma16 mma32 mma64")]
    [InlineData(65, false, true, "mma128 mma32 mma64")]
    [InlineData(200, false, true, "mma128 mma64")]
    [InlineData(1, false, false, "fma1")]
    [InlineData(8, false, false, "fma4")]
    [InlineData(64, false, false, "fma4")]
    [InlineData(64, true, true, "fma4 mma16 mma32 mma64 mma8")]
    public void KernelsAreNoWiderThanTheTokensAndNotMuchNarrower(
        int tokens,
        bool areExperts,
        bool hasMatrix,
        string expected
    )
    {
        IReadOnlyList<LinearChoice> candidates = Linear(tokens, areExperts, hasMatrix);
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                candidates
                    .Select(choice => (choice.UsesMatrixInstructions ? "mma" : "fma") + choice.TokensPerBlock)
                    .Distinct()
                    .Order(StringComparer.Ordinal)
            )
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(300)]
    public void TheGuessOfAProductComesFirstAndNoneTwice(int tokens)
    {
        IReadOnlyList<LinearChoice> candidates = Linear(tokens, areExperts: false, hasMatrix: true);
        Assert.Equal(
            LinearChoice.Guess(Layout(4096), 1, tokens, areExperts: false, hasMatrix: true, 132),
            candidates[0]
        );
        Assert.Equal(candidates.Count, candidates.Distinct().Count());
        Assert.Equal(candidates.Count, candidates.Select(choice => choice.ToString()).Distinct().Count());
    }

    [Theory]
    [InlineData(4096, "1 2 4 8")]
    [InlineData(512, "1 2 4")]
    [InlineData(256, "1 2")]
    [InlineData(100, "1")]
    public void TeamsDivideABlockAndAllHaveColumns(int columns, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                LinearChoice
                    .Candidates(Layout(columns), 1, 1, areExperts: false, hasMatrix: false, multiprocessors: 1)
                    .Where(choice => choice.SetsInTurn == 1)
                    .Select(choice => choice.TeamsPerTile)
                    .Order()
            )
        );

    [Fact]
    public void AProductsShapeSaysWhatDecides()
    {
        Assert.Equal("bf16 64x4096, 1 matrix, 1 token", LinearChoice.Shape(Layout(4096), 1, 1, areExperts: false));
        Assert.Equal("bf16 64x4096, 8 experts, 4 tokens", LinearChoice.Shape(Layout(4096), 8, 4, areExperts: true));
        Assert.Equal(
            "mma t8, 2 teams a tile",
            new LinearChoice(TokensPerBlock: 8, UsesMatrixInstructions: true, TeamsPerTile: 2).ToString()
        );
        Assert.Equal(
            "mma t64, 1 team a tile, 2 tiles a team, 4 splits",
            new LinearChoice(64, UsesMatrixInstructions: true, TeamsPerTile: 1, RowTiles: 2, Splits: 4).ToString()
        );
        Assert.Equal("fma t1, 8 teams a tile, 7 in turn", new LinearChoice(1, false, 8, SetsInTurn: 7).ToString());
    }

    /// <summary>Two blocks of each of 132 multiprocessors are 264.</summary>
    [Theory]
    [InlineData(28_672, 1, 8, 7, 256)]
    [InlineData(28_672, 1, 2, 2, 224)]
    [InlineData(4096, 1, 8, 1, 256)]
    public void ABlockTakesSetsInTurnWhereThereAreMoreThanRunAtATime(
        int rows,
        int tokens,
        int teams,
        int turns,
        int blocks
    )
    {
        var layout = new TileLayout(new WeightLayout(WeightFormat.Bf16, rows, 4096));
        LinearChoice most = LinearChoice
            .Candidates(layout, 1, tokens, false, true, 132)
            .Where(choice => choice is { UsesMatrixInstructions: true, Splits: 1 } && choice.TeamsPerTile == teams)
            .MaxBy(choice => choice.SetsInTurn);
        Assert.Equal((turns, blocks), (most.SetsInTurn, most.Grid(layout, 1, tokens).Y));
    }

    /// <summary>Rows, columns, tokens; whether columns may be split among blocks of 132 multiprocessors.</summary>
    [Theory]
    [InlineData(1024, 4096, 1, true)]
    [InlineData(1024, 4096, 64, true)]
    [InlineData(28_672, 4096, 1, false)]
    [InlineData(128_256, 4096, 64, false)]
    [InlineData(64, 128, 1, false)]
    public void ColumnsAreSplitAmongBlocksOnlyWhereTilesAreTooFew(int rows, int columns, int tokens, bool isSplit)
    {
        var layout = new TileLayout(new WeightLayout(WeightFormat.Bf16, rows, columns));
        IReadOnlyList<LinearChoice> candidates = LinearChoice.Candidates(layout, 1, tokens, false, true, 132);
        Assert.Equal(isSplit, candidates.Any(choice => choice.Splits > 1));
        Assert.All(candidates, choice => Assert.InRange(choice.Splits * choice.TeamsPerTile, 1, layout.Groups));
        Assert.All(candidates, choice => Assert.InRange(choice.Grid(layout, 1, tokens).Y, 1, 65_535));
        Assert.InRange(candidates.Count, 2, 80);
    }

    /// <summary>
    /// By the table in kernels/linear.cu: inputs bound from 32 tokens on, sooner for small codes, and then a block should
    /// have many rows; with few tokens a tile's columns are spread until there are enough loads on their way.
    /// </summary>
    [Theory]
    [InlineData(WeightFormat.Bf16, 28_672, 1, "mma t8, 4 teams a tile")]
    [InlineData(WeightFormat.Bf16, 28_672, 64, "mma t64, 1 team a tile, 2 tiles a team")]
    [InlineData(WeightFormat.Int4, 57_344, 64, "mma t64, 1 team a tile, 2 tiles a team")]
    [InlineData(WeightFormat.Bf16, 57_344, 128, "mma t128, 1 team a tile")]
    [InlineData(WeightFormat.Int4, 57_344, 128, "mma t64, 1 team a tile, 2 tiles a team")]
    public void TheGuessIsTheCheapestByItsBytes(WeightFormat format, int rows, int tokens, string expected)
    {
        var layout = new TileLayout(new WeightLayout(format, rows, 8192));
        Assert.Equal(expected, LinearChoice.Guess(layout, 1, tokens, false, true, 132).ToString());
    }

    [Fact]
    public void AttentionIsTriedWithSplitsAroundTheGuessOnEveryKernelThatCanDoIt()
    {
        IReadOnlyList<AttentionChoice> candidates = Attention(s_attention, [8192], hasMatrix: true);
        Assert.Equal(
            AttentionChoice.Of(s_attention, Kv(s_attention), [8192], hasMatrix: true, TwoOfEach),
            candidates[0]
        );
        int guess = candidates[0].Splits;
        Assert.Equal(
            new[] { guess / 2, guess, 2 * guess, 4 * guess }.Select(splits => Math.Min(splits, 64)).Distinct(),
            candidates.Where(each => each.Kernel == candidates[0].Kernel).Select(each => each.Splits).Order()
        );
        Assert.Equal(
            ["attention_fma_bf16", "attention_mma_bf16_d128_h8"],
            candidates.Select(each => each.Kernel).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Equal(candidates.Count, candidates.Select(each => each.ToString()).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AttentionIsSplitUntilTheBlocksThatTheDriverSaysRunAtOnceAreUsed(int blocksEach)
    {
        var asked = new List<(string, string, int)>();
        AttentionChoice guess = AttentionChoice.Of(
            s_attention,
            Kv(s_attention),
            [8192],
            hasMatrix: true,
            (module, kernel, threads) =>
            {
                asked.Add((module, kernel, threads));
                return blocksEach * 132;
            }
        );

        Assert.Contains(("attention_bf16", "attention_mma_bf16_d128_h8", 128), asked);
        double waves = guess.Grid(1).Count / (blocksEach * 132.0);
        Assert.InRange(waves / Math.Ceiling(waves), 0.8, 1);
    }

    [Fact]
    public void WideGroupsAreTriedAtOnceAndInHalves() =>
        Assert.Equal(
            ["attention_mma_bf16_d128_h16", "attention_mma_bf16_d128_h8", "attention_fma_bf16"],
            Attention(s_attention with { KvHeads = 2 }, [8192], hasMatrix: true).Select(each => each.Kernel).Distinct()
        );

    [Theory]
    [InlineData(16, "h16")]
    [InlineData(17, "h32 h16")]
    [InlineData(32, "h32 h16")]
    [InlineData(128, "h64 h32 h16")]
    public void LatentsAreTriedWithBlocksNoWiderThanTheirHeadsNeed(int heads, string expected)
    {
        var attention = new MultiHeadLatentAttention
        {
            Heads = heads,
            QueryLatentDimension = null,
            LatentDimension = 512,
            PlainDimension = 128,
            RotatedDimension = 64,
            HeadValueDimension = 128,
            Rope = new RopeShape { Theta = 10_000 },
        };
        IEnumerable<string> kernels = AttentionChoice
            .Candidates(
                attention,
                new KvLayout(KvFormat.Bf16, 1, 576) { IsLatent = true },
                [8192],
                hasMatrix: true,
                TwoOfEach
            )
            .Select(each => each.Kernel)
            .Distinct();
        Assert.Equal(
            expected
                .Split(' ')
                .Select(width => $"attention_latent_mma_bf16_d576_{width}")
                .Append("attention_latent_fma_bf16"),
            kernels
        );
    }

    [Fact]
    public void AShortContextIsNotSplitBeyondItsWork()
    {
        AttentionChoice only = Assert.Single(Attention(s_attention, [10], hasMatrix: false));
        Assert.Equal(1, only.Splits);
        Assert.All(Attention(s_attention, [256], hasMatrix: false), each => Assert.InRange(each.Splits, 1, 16));
    }

    [Fact]
    public void AnAttentionsShapeSaysWhatDecides()
    {
        Assert.Equal(
            "bf16 8 KV heads of 128, groups of 4, 2 x 30 tokens",
            AttentionChoice.Shape(s_attention, Kv(s_attention), [30, 30])
        );
        Assert.Equal(
            "bf16 8 KV heads of 128, groups of 4, 2 x 30 to 70 tokens, 100 in all, window 50",
            AttentionChoice.Shape(s_attention with { Window = 50 }, Kv(s_attention), [70, 30])
        );
    }

    private static TileLayout Layout(int columns) => new(new WeightLayout(WeightFormat.Bf16, 64, columns));

    private static IReadOnlyList<LinearChoice> Linear(int tokens, bool areExperts, bool hasMatrix) =>
        LinearChoice.Candidates(Layout(4096), 1, tokens, areExperts, hasMatrix, 132);

    private static KvLayout Kv(GroupedQueryAttention attention) =>
        new(KvFormat.Bf16, attention.KvHeads, attention.HeadDimension);

    private static IReadOnlyList<AttentionChoice> Attention(
        GroupedQueryAttention attention,
        int[] contexts,
        bool hasMatrix
    ) => AttentionChoice.Candidates(attention, Kv(attention), contexts, hasMatrix, TwoOfEach);

    /// <summary>132 multiprocessors that hold two blocks of every kernel.</summary>
    private static int TwoOfEach(string module, string kernel, int threads) => 2 * 132;
}
