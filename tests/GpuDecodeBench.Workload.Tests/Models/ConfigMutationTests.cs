using System.Text;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using Xunit.Abstractions;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>
/// Published configurations of every architecture, spoiled at random: each is either read, and then planned, or refused with one
/// sentence, and neither takes much memory.
/// </summary>
public class ConfigMutationTests(ITestOutputHelper output)
{
    private const int Seed = 20_250_917;
    private const int MutationsPerConfig = 1500;
    private const long MaxBytesToRead = 4 << 20;

    public static TheoryData<string> Names => [.. TestConfigs.Names];

    [Fact]
    public void MoreThanTwentyThousandCasesAreTried() =>
        Assert.InRange(TestConfigs.Names.Count * MutationsPerConfig, 20_001, 100_000);

    [Theory]
    [MemberData(nameof(Names))]
    public void AMutatedConfigIsReadOrRefused(string name)
    {
        output.WriteLine($"seed {Seed}");
        var mutator = new ConfigMutator(Seed, TestConfigs.Names);
        byte[] original = TestConfigs.Bytes(name);
        int read = 0;
        for (int i = 0; i < MutationsPerConfig; i++)
        {
            byte[] mutated = mutator.Mutate(original);
            try
            {
                if (Read(mutated) is ModelShape shape)
                {
                    Check(shape);
                    read++;
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"Seed {Seed}, mutation {i}: {Encoding.UTF8.GetString(mutated)}",
                    e
                );
            }
        }

        output.WriteLine($"{read} of {MutationsPerConfig} read, the others refused");
        Assert.InRange(read, 1, MutationsPerConfig - 1);
    }

    private static ModelShape? Read(byte[] json)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return HuggingFaceConfigReader.Read(json, TestConfigs.File);
        }
        catch (InputException e)
        {
            TestConfigs.AssertSentence(e.Message);
            return null;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytesToRead);
        }
    }

    /// <summary>What is read can be used: it has a count, a cache, finite rotations, and a plan or a refusal of one.</summary>
    private static void Check(ModelShape shape)
    {
        Assert.InRange(ModelParameters.Count(shape), 1, ConfigLimits.MaxParameters);
        Assert.InRange(ModelParameters.CountActive(shape), 1, ModelParameters.Count(shape));
        Assert.True(ModelParameters.KvBytesPerToken(shape, KvFormat.Int8) > 0);
        Assert.True(double.IsFinite(shape.EmbeddingScale));
        foreach (LayerShape layer in shape.Layers.Distinct(ReferenceEqualityComparer.Instance).Cast<LayerShape>())
        {
            CheckAttention(layer.Attention);
        }

        CheckPlan(shape);
    }

    private static void CheckAttention(AttentionShape attention)
    {
        int dimension = attention is MultiHeadLatentAttention latent
            ? latent.RotatedDimension
            : attention.QueryDimension;
        Assert.True(double.IsFinite(attention.ScoreScale) && attention.ScoreScale > 0);
        Assert.True(double.IsFinite(attention.Rope.Magnitude) && attention.Rope.Magnitude > 0);
        foreach (int context in (int[])[1, 1 << 26])
        {
            foreach (double frequency in attention.Rope.InverseFrequencies(dimension, context))
            {
                Assert.True(double.IsFinite(frequency) && frequency >= 0);
            }
        }
    }

    private static void CheckPlan(ModelShape shape)
    {
        StepConditions conditions = StepConditions.Uniform(
            Plans.PlanExamples.Formats(WeightFormat.MxFp4),
            batch: 3,
            Math.Min(shape.MaxContextTokens, 300)
        );
        try
        {
            var plan = DecodeStepPlan.Create(shape, conditions, Math.Min(shape.Layers.Length, 6));
            Assert.All(
                (long[])[plan.Totals.CompulsoryReadBytes, plan.Totals.Flops, plan.Memory.WeightBytes],
                total => Assert.True(total > 0)
            );
        }
        catch (InputException e)
        {
            TestConfigs.AssertSentence(e.Message);
        }
    }
}
