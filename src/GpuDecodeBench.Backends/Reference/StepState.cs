using System.Numerics;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Reference;

/// <summary>The values between the operations of a step, in double precision.</summary>
public sealed class StepState
{
    private readonly double[][] _buffers;
    private readonly Dictionary<(int Sequence, int Head, bool IsValue), (byte[] Codes, ushort ScaleBits)> _appended =
    [];

    /// <summary>The state before a step's first operation.</summary>
    public StepState(DecodeStepPlan plan, StepInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(inputs);
        Tokens = [.. inputs.Tokens];
        Batch = plan.Conditions.Batch;
        _buffers = new double[Enum.GetValues<StepBuffer>().Length][];
        for (int i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = [];
        }
    }

    /// <summary>The token ids that the step is given.</summary>
    public int[] Tokens { get; }

    /// <summary>Sequences in the batch.</summary>
    public int Batch { get; }

    /// <summary>All of a buffer's values, sequence by sequence; empty before the first operation that writes it.</summary>
    public double[] Buffer(StepBuffer buffer) => _buffers[(int)buffer];

    /// <summary>One sequence's values of a buffer.</summary>
    public Span<double> Row(StepBuffer buffer, int sequence)
    {
        double[] values = Buffer(buffer);
        int length = values.Length / Batch;
        return values.AsSpan(sequence * length, length);
    }

    /// <summary>Replaces a buffer's values.</summary>
    public void Set(StepBuffer buffer, double[] values) => _buffers[(int)buffer] = values;

    /// <summary>Replaces a buffer's values by single-precision ones.</summary>
    public void Set(StepBuffer buffer, ReadOnlySpan<float> values)
    {
        double[] target = Buffer(buffer);
        if (target.Length != values.Length)
        {
            target = new double[values.Length];
            Set(buffer, target);
        }

        int done = 0;
        for (; done <= values.Length - Vector<float>.Count; done += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[done..]), out Vector<double> low, out Vector<double> high);
            low.CopyTo(target, done);
            high.CopyTo(target, done + Vector<double>.Count);
        }

        for (; done < values.Length; done++)
        {
            target[done] = values[done];
        }
    }

    /// <summary>Remembers what the current layer's cache holds for the new token.</summary>
    public void SetAppended(int sequence, int head, bool isValue, byte[] codes, ushort scaleBits) =>
        _appended[(sequence, head, isValue)] = (codes, scaleBits);

    /// <summary>What the current layer's cache holds for the new token.</summary>
    public (byte[] Codes, ushort ScaleBits) Appended(int sequence, int head, bool isValue) =>
        _appended[(sequence, head, isValue)];
}
