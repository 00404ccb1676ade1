using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Planted;

/// <summary>
/// What a sample of the results must find, and what it may miss. It must find: anything unwritten, wherever it lies; a wrong
/// first or last row of a matrix or head of an attention, in the first and the last sequence; a fault that reaches all rows, a
/// quarter of them or whole sequences of them; every fault in the cache; every fault of an operation on activations in a
/// sequence that is looked at. It may miss: a finite wrong value in a row, head or sequence that is not looked at.
/// </summary>
public sealed class PlantedSampleTests : PlantedFaultTestBase
{
    private const int Batch = 8;

    private static DecodeStepPlan Plan { get; } =
        TestModels.Plan(TestModels.Everything, contexts: [50, 3, 97, 16, 17, 40, 1, 64]);

    public static TheoryData<int> BigOutputs => Outputs;

    public static TheoryData<int> Linears => OfKind(OperationKind.Linear);

    public static TheoryData<int> Attentions => OfKind(OperationKind.Attention);

    [Fact]
    public void WithoutAFaultASamplePasses() =>
        Assert.True(Check(Plan, CheckSelection.Sample, new Fault { Operation = -1 }).Passed);

    [Theory]
    [MemberData(nameof(BigOutputs))]
    public void AnUnwrittenElementIsFoundInEverySequence(int operation)
    {
        var random = new Random(operation);
        for (int sequence = 0; sequence < Batch; sequence++)
        {
            int row = sequence;
            // Token ids cannot be NaN: what the CPU shows for one that was not written is its poison, -1.
            float poison = Plan.Operations[operation].Kind == OperationKind.Argmax ? -1 : float.NaN;
            StepCheckResult result = Check(
                Plan,
                CheckSelection.Sample,
                new Fault
                {
                    Operation = operation,
                    Output = (context, values) =>
                    {
                        values[(row * context.Length) + random.Next(context.Length)] = poison;
                        return values;
                    },
                }
            );
            Assert.False(
                result.Operations.Single(check => check.Name == Plan.Operations[operation].Name).Passed,
                $"{Plan.Operations[operation].Name}, sequence {sequence}"
            );
        }
    }

    [Theory]
    [MemberData(nameof(Linears))]
    public void TheFirstAndTheLastRowOfTheFirstAndTheLastSequenceAreAlwaysLookedAt(int operation)
    {
        foreach (int sequence in (int[])[0, Batch - 1])
        {
            AssertFound(operation, (values, length) => Nudge(values, length, sequence, 0, 1e-3));
            AssertFound(operation, (values, length) => Nudge(values, length, sequence, length - 1, 1e-3));
        }
    }

    [Theory]
    [MemberData(nameof(Attentions))]
    public void TheFirstAndTheLastHeadOfTheFirstAndTheLastSequenceAreAlwaysLookedAt(int operation)
    {
        int dimension = ((GroupedQueryAttention)Plan.Model.Layers[0].Attention).HeadDimension;
        foreach (int sequence in (int[])[0, Batch - 1])
        {
            AssertFound(operation, (values, length) => Nudge(values, length, sequence, dimension - 1, 1e-3));
            AssertFound(operation, (values, length) => Nudge(values, length, sequence, length - dimension, 1e-3));
        }
    }

    [Theory]
    [MemberData(nameof(Linears))]
    public void AQuarterOfTheRowsWrongIsFound(int operation)
    {
        for (int quarter = 0; quarter < 4; quarter++)
        {
            int block = quarter;
            AssertFound(
                operation,
                (values, length) =>
                {
                    for (int sequence = 0; sequence < Batch; sequence++)
                    {
                        values.AsSpan((sequence * length) + (block * length / 4), length / 4).Reverse();
                    }

                    return values;
                }
            );
        }
    }

    [Theory]
    [MemberData(nameof(BigOutputs))]
    public void FirstAndLastSequencesExchangedAreFound(int operation) =>
        AssertFound(
            operation,
            (values, length) =>
            {
                float[] first = values[..length];
                values.AsSpan((Batch - 1) * length).CopyTo(values);
                first.CopyTo(values, (Batch - 1) * length);
                return values;
            }
        );

    [Fact]
    public void EveryHeadOfEverySequenceInTheCacheIsLookedAt()
    {
        int operation = Plan.Operations.First(o => o.Kind == OperationKind.KvAppend).Index;
        for (int entry = 0; entry < Batch * 4; entry++)
        {
            (int sequence, int head, bool isValue) = (entry / 4, entry / 2 % 2, entry % 2 != 0);
            AssertOnlyBlames(
                Plan,
                new Fault
                {
                    Operation = operation,
                    Append = (_, stored) =>
                    {
                        if (stored.Sequence == sequence && stored.Head == head && stored.IsValue == isValue)
                        {
                            stored.Codes[^1] ^= 1;
                        }

                        return stored;
                    },
                },
                CheckSelection.Sample
            );
        }
    }

    /// <summary>The price of a sample, on record: of a matrix's rows sixteen are compared, of eight sequences four.</summary>
    [Fact]
    public void AFiniteWrongValueInARowOrSequenceThatIsNotLookedAtIsMissed()
    {
        int operation = Plan.Operations.First(o => o.Name == "o_proj").Index;
        int length = Plan.Model.HiddenSize;
        int rows = Enumerable
            .Range(0, length)
            .Count(row => IsFound(operation, (values, width) => Nudge(values, width, 0, row, 1e-3)));
        Assert.Equal(16, rows);
        int sequences = Enumerable
            .Range(0, Batch)
            .Count(sequence => IsFound(operation, (values, width) => Nudge(values, width, sequence, 0, 1e-3)));
        Assert.Equal(4, sequences);
    }

    private static TheoryData<int> OfKind(OperationKind kind) =>
        [.. Plan.Operations.Where(operation => operation.Kind == kind).Select(operation => operation.Index)];

    private static Fault Output(int operation, Func<float[], int, float[]> corrupt) =>
        new() { Operation = operation, Output = (context, values) => corrupt(values, context.Length) };

    private void AssertFound(int operation, Func<float[], int, float[]> corrupt) =>
        AssertOnlyBlames(Plan, Output(operation, corrupt), CheckSelection.Sample);

    private bool IsFound(int operation, Func<float[], int, float[]> corrupt) =>
        !Check(Plan, CheckSelection.Sample, Output(operation, corrupt)).Passed;
}
