using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Planted;

/// <summary>What a faulty kernel knows: the values before it, what it should have given, and what was given before.</summary>
internal sealed record FaultContext(
    PlanOperation Operation,
    StepOracle Oracle,
    StepState State,
    IReadOnlyDictionary<(string Name, int? Layer), float[]> Earlier
)
{
    /// <summary>Elements of one sequence's output.</summary>
    public int Length => Operation.OutputWidth;

    /// <summary>The whole output that the oracle expects of the state as it is now.</summary>
    public float[] Expected()
    {
        int[] sequences = [.. Enumerable.Range(0, State.Batch)];
        int[] elements = [.. Enumerable.Range(0, Length)];
        var expected = new double[sequences.Length * elements.Length];
        Oracle.Expect(Operation, State, sequences, elements, expected);
        return [.. expected.Select(value => (float)value)];
    }

    /// <summary>What the oracle expects to be stored of a head.</summary>
    public AppendedHead ExpectedHead(int sequence, int head, bool isValue)
    {
        byte[] codes = Oracle.ExpectAppended(Operation, State, sequence, head, isValue, out ushort scaleBits);
        return new AppendedHead(sequence, head, isValue, codes, scaleBits);
    }
}

/// <summary>A fault planted in one operation of a step.</summary>
internal sealed record Fault
{
    /// <summary>The operation's place in the plan.</summary>
    public required int Operation { get; init; }

    /// <summary>Whether the device goes on with the faulty values; false where nothing can be computed from them.</summary>
    public bool Spreads { get; init; } = true;

    /// <summary>What the operation gives instead of an output; null where it shows nothing.</summary>
    public Func<FaultContext, float[], float[]?> Output { get; init; } = (_, values) => values;

    /// <summary>What it stores instead of a head; null where it shows nothing.</summary>
    public Func<FaultContext, AppendedHead, AppendedHead?> Append { get; init; } = (_, head) => head;
}
