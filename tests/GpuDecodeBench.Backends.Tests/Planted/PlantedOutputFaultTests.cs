using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Planted;

/// <summary>The checker finds every fault planted in an operation's output, and blames that operation alone.</summary>
public sealed class PlantedOutputFaultTests : PlantedFaultTestBase
{
    private static readonly int s_batch = SmallPlan.Conditions.Batch;

    [Fact]
    public void EveryKindOfOperationIsPlantedWithFaults() =>
        Assert.Equal(
            Enum.GetValues<OperationKind>().Where(kind => kind != OperationKind.AllReduce),
            SmallPlan
                .Operations.Concat(PlantedArchitectureFaultTests.Plans.SelectMany(plan => plan.Operations))
                .Select(operation => operation.Kind)
                .Distinct()
                .Order()
        );

    [Fact]
    public void WithoutAFaultEverythingPasses() =>
        Assert.True(Check(SmallPlan, CheckSelection.Everything, new Fault { Operation = -1 }).Passed);

    [Theory]
    [MemberData(nameof(Outputs))]
    public void AnElementOffByAThousandthIsFoundWhereverItLies(int operation)
    {
        if (SmallPlan.Operations[operation].Kind == OperationKind.Argmax)
        {
            AWrongNextTokenIsFound(0);
            return;
        }

        (int Sequence, double Place)[] places = [(0, 0), (1, 0.5), (s_batch - 1, 1)];
        foreach ((int sequence, double place) in places)
        {
            string failure = AssertOnlyBlames(
                SmallPlan,
                new Fault
                {
                    Operation = operation,
                    Output = (context, values) =>
                        Nudge(values, context.Length, sequence, (int)(place * (context.Length - 1)), 1e-3),
                }
            );
            Assert.Contains($"sequence {sequence}, element ", failure, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void AWrongNextTokenIsFound(int sequence) =>
        AssertOnlyBlames(
            SmallPlan,
            new Fault
            {
                Operation = SmallPlan.Operations.Length - 1,
                Output = (_, values) =>
                {
                    values[sequence] = (values[sequence] + 1) % SmallPlan.Model.VocabularySize;
                    return values;
                },
            }
        );

    [Theory]
    [MemberData(nameof(Outputs))]
    public void TwoRowsSwappedAreFound(int operation)
    {
        if (SmallPlan.Operations[operation].Kind == OperationKind.Argmax)
        {
            // One row a sequence: nothing to swap but sequences, which is a test of its own.
            SequencesExchangedAreFound(operation);
            return;
        }

        AssertOnlyBlames(
            SmallPlan,
            new Fault
            {
                Operation = operation,
                Output = (context, values) =>
                {
                    for (int sequence = 0; sequence < s_batch; sequence++)
                    {
                        int first = (sequence * context.Length) + 5;
                        (values[first], values[first + 1]) = (values[first + 1], values[first]);
                    }

                    return values;
                },
            }
        );
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public void SequencesExchangedAreFound(int operation) =>
        AssertOnlyBlames(
            SmallPlan,
            new Fault
            {
                Operation = operation,
                Output = (context, values) =>
                {
                    float[] first = values[..context.Length];
                    values.AsSpan((s_batch - 1) * context.Length).CopyTo(values);
                    first.CopyTo(values, (s_batch - 1) * context.Length);
                    return values;
                },
            }
        );

    /// <summary>
    /// What is not a number spreads to what is computed from it, so later operations are blamed too; the first one blamed, and
    /// the one that the result names, is the one that left it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Outputs))]
    public void AnUnwrittenElementIsFoundAndNamed(int index)
    {
        PlanOperation operation = SmallPlan.Operations[index];
        StepCheckResult result = Check(
            SmallPlan,
            CheckSelection.Everything,
            new Fault
            {
                Operation = index,
                Output = (context, values) =>
                {
                    values[context.Length] = float.NaN; // sequence 1, element 0
                    return values;
                },
            }
        );
        OperationCheck check = result.Operations.Single(check => check.Name == operation.Name);
        string layer = operation.Layer is int number ? $" of layer {number}" : "";
        Assert.Equal($"{operation.Name}{layer} left element 0 of sequence 1 unwritten or not finite", check.Failure);
        Assert.Equal(double.PositiveInfinity, check.WorstRelativeError);
        Assert.DoesNotContain(result.Operations, other => double.IsNaN(other.WorstRelativeError));
        if (operation.Layer != 0)
        {
            // In the last layer and after it no name comes again, so the order of names is the order of operations.
            Assert.Equal(operation.Name, result.Worst.Name);
        }
    }

    [Theory]
    [MemberData(nameof(AllOperations))]
    public void AnOperationThatShowsNothingIsFound(int operation) =>
        Assert.EndsWith(
            "showed no result",
            AssertOnlyBlames(
                SmallPlan,
                new Fault
                {
                    Operation = operation,
                    Output = (_, _) => null,
                    Append = (_, _) => null,
                }
            ),
            StringComparison.Ordinal
        );

    [Theory]
    [MemberData(nameof(Outputs))]
    public void TooFewOrTooManyValuesAreFound(int operation)
    {
        AssertOnlyBlames(SmallPlan, new Fault { Operation = operation, Output = (_, values) => values[..^1] });
        AssertOnlyBlames(SmallPlan, new Fault { Operation = operation, Output = (_, values) => [.. values, 0] });
        AssertOnlyBlames(SmallPlan, new Fault { Operation = operation, Output = (_, _) => [] });
    }

    public static TheoryData<int> OutputsOfTheSecondLayer =>
        [
            .. SmallPlan
                .Operations.Where(operation => operation.Layer == 1 && operation.Kind != OperationKind.KvAppend)
                .Select(operation => operation.Index),
        ];

    [Theory]
    [MemberData(nameof(OutputsOfTheSecondLayer))]
    public void AnotherLayersOutputIsFound(int operation) =>
        AssertOnlyBlames(
            SmallPlan,
            new Fault
            {
                Operation = operation,
                Output = (context, _) => [.. context.Earlier[(context.Operation.Name, 0)]],
            }
        );

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void AQueryHeadThatReadsAnotherKvHeadIsFound(int layer)
    {
        int operation = SmallPlan.Operations.Single(o => o.Kind == OperationKind.Attention && o.Layer == layer).Index;
        var attention = (GroupedQueryAttention)SmallPlan.Model.Layers[layer].Attention;
        AssertOnlyBlames(
            SmallPlan,
            new Fault
            {
                Operation = operation,
                Output = (context, values) =>
                {
                    // Query head 0 put where head 2 stands meets KV head 1 in place of KV head 0.
                    int dimension = attention.HeadDimension;
                    for (int sequence = 0; sequence < s_batch; sequence++)
                    {
                        Span<double> queries = context.State.Row(StepBuffer.Qkv, sequence);
                        double[] kept = queries.Slice(2 * dimension, dimension).ToArray();
                        queries[..dimension].CopyTo(queries[(2 * dimension)..]);
                        float[] wrong = context.Expected();
                        kept.CopyTo(queries[(2 * dimension)..]);
                        int row = sequence * context.Length;
                        wrong.AsSpan(row + (2 * dimension), dimension).CopyTo(values.AsSpan(row));
                    }

                    return values;
                },
            }
        );
    }
}
