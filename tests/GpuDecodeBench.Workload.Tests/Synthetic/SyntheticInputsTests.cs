using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;
using GpuDecodeBench.Workload.Tests.Plans;

namespace GpuDecodeBench.Workload.Tests.Synthetic;

public class SyntheticInputsTests
{
    private const ulong Seed = SyntheticExamples.Seed;

    [Fact]
    public void TokensLieWithinTheVocabularyAndFollowFromTheSeed()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("tiny", PlanExamples.Formats(), 5000, 1);
        int[] tokens = SyntheticInputs.Tokens(Seed, plan);
        Assert.Equal(5000, tokens.Length);
        Assert.All(tokens, token => Assert.InRange(token, 0, 2047));

        // 5000 draws of 2048 leave 9 % out: 2048 e^(-5000 / 2048) = 178.
        Assert.InRange(tokens.Distinct().Count(), 1800, 1950);
        Assert.Equal(tokens, SyntheticInputs.Tokens(Seed, plan));
        Assert.NotEqual(tokens, SyntheticInputs.Tokens(Seed + 1, plan));
    }

    [Fact]
    public void BlockTablesAreAPermutationOfAllBlocks()
    {
        DecodeStepPlan plan = PlanExamples.Mixed("tiny", PlanExamples.Formats(), 1, 16, 17, 4096, 100);
        int[][] tables = SyntheticInputs.BlockTables(Seed, plan);
        Assert.Equal([1, 1, 2, 256, 7], tables.Select(table => table.Length));
        Assert.Equal(Enumerable.Range(0, 267), tables.SelectMany(table => table).Order());
    }

    [Fact]
    public void LargerBlocksAreFewerAndShuffledAlike()
    {
        DecodeStepPlan plan = PlanExamples.Mixed("tiny", PlanExamples.Formats(), 1, 64, 65, 4096);
        plan = DecodeStepPlan.Create(plan.Model, plan.Conditions with { KvBlockTokens = 64 });
        int[][] tables = SyntheticInputs.BlockTables(Seed, plan);
        Assert.Equal([1, 1, 2, 64], tables.Select(table => table.Length));
        int[] blocks = [.. tables.SelectMany(table => table)];
        Assert.Equal(Enumerable.Range(0, 68), blocks.Order());
        Assert.InRange(blocks.Where((block, i) => block == i).Count(), 0, 6);
    }

    [Fact]
    public void BlocksAreReallyScattered()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("tiny", PlanExamples.Formats(), 16, 4096);
        int[][] tables = SyntheticInputs.BlockTables(Seed, plan);
        int[] blocks = [.. tables.SelectMany(table => table)];

        // Of 4096 shuffled blocks about one stays in its place and about one follows its neighbour.
        Assert.InRange(blocks.Where((block, i) => block == i).Count(), 0, 6);
        Assert.InRange(blocks.Zip(blocks.Skip(1)).Count(pair => pair.Second == pair.First + 1), 0, 6);

        // A sequence's blocks come from the whole cache: the mean is near the middle, 2048 ± four standard errors of 74.
        Assert.All(tables, table => Assert.InRange(table.Average(), 2048 - 300, 2048 + 300));
        Assert.NotEqual(blocks, SyntheticInputs.BlockTables(Seed + 1, plan).SelectMany(table => table));
        Assert.Equal(blocks, SyntheticInputs.BlockTables(Seed, plan).SelectMany(table => table));
    }
}
