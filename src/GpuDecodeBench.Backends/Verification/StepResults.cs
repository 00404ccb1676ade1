using System.Runtime.InteropServices;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Verification;

/// <summary>
/// What a step leaves in the end: the logits, the chosen tokens, and the keys and values that each layer stored. As a trace it keeps
/// these of all that it is shown.
/// </summary>
public sealed class StepResults : IStepTrace
{
    private readonly Dictionary<StepBuffer, float[]> _outputs = [];
    private readonly Dictionary<AppendedKey, (byte[] Codes, ushort ScaleBits)> _appended = [];

    /// <summary>Numbers, codes and scales that are kept.</summary>
    public long Elements =>
        _outputs.Values.Sum(values => (long)values.Length) + _appended.Values.Sum(head => (long)head.Codes.Length);

    /// <summary>The logits of all sequences, one after another; empty where none were shown.</summary>
    public IReadOnlyList<float> Logits => _outputs.GetValueOrDefault(StepBuffer.Logits, []);

    /// <summary>The operations of a plan that leave a step's results: of those that change the logits the last one.</summary>
    public static IEnumerable<PlanOperation> OperationsOf(DecodeStepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        PlanOperation? logits = plan.Operations.LastOrDefault(operation => operation.Output == StepBuffer.Logits);
        return plan.Operations.Where(operation =>
            operation == logits || operation.Kind is OperationKind.Argmax or OperationKind.KvAppend
        );
    }

    /// <inheritdoc />
    public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.Output is StepBuffer.Logits or StepBuffer.NextTokens)
        {
            _outputs[operation.Output] = values.ToArray();
        }
    }

    /// <inheritdoc />
    public void OnKvAppended(
        PlanOperation operation,
        int sequence,
        int head,
        bool isValue,
        ReadOnlySpan<byte> codes,
        ushort scaleBits
    )
    {
        ArgumentNullException.ThrowIfNull(operation);
        _appended[new AppendedKey(operation.Index, operation.Layer ?? 0, sequence, head, isValue)] = (
            codes.ToArray(),
            scaleBits
        );
    }

    /// <summary>Shows what is kept to another trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="plan">The plan whose operations were shown.</param>
    public void ShowTo(IStepTrace trace, DecodeStepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (PlanOperation operation in OperationsOf(plan))
        {
            if (_outputs.TryGetValue(operation.Output, out float[]? values))
            {
                trace.OnOutput(operation, values);
            }

            foreach ((AppendedKey key, (byte[] codes, ushort scaleBits)) in _appended)
            {
                if (key.Operation == operation.Index)
                {
                    trace.OnKvAppended(operation, key.Sequence, key.Head, key.IsValue, codes, scaleBits);
                }
            }
        }
    }

    /// <summary>The first thing in which other results are not these, bit for bit, in words; null where there is none.</summary>
    /// <param name="others">The other results.</param>
    /// <param name="batch">Sequences of the step.</param>
    public string? FirstDifference(StepResults others, int batch)
    {
        ArgumentNullException.ThrowIfNull(others);
        foreach ((AppendedKey key, (byte[] codes, ushort scaleBits)) in _appended)
        {
            bool isThere = others._appended.TryGetValue(key, out (byte[] Codes, ushort ScaleBits) other);
            if (!isThere || scaleBits != other.ScaleBits || !codes.AsSpan().SequenceEqual(other.Codes))
            {
                string what = key.IsValue ? "value" : "key";
                return $"layer {key.Layer} stored other codes for the {what} of sequence {key.Sequence}, head {key.Head}";
            }
        }

        foreach ((StepBuffer buffer, float[] values) in _outputs)
        {
            float[] other = others._outputs.GetValueOrDefault(buffer, []);
            string what = buffer == StepBuffer.Logits ? "logits" : "next tokens";
            if (other.Length != values.Length)
            {
                return $"there are {other.Length} {what}, not {values.Length}";
            }

            int same = MemoryMarshal
                .Cast<float, int>(values.AsSpan())
                .CommonPrefixLength(MemoryMarshal.Cast<float, int>(other.AsSpan()));
            if (same < values.Length)
            {
                int width = values.Length / batch;
                return $"the {what} differ, first at element {same % width} of sequence {same / width}: {other[same]:g9}, where the traced step has {values[same]:g9}";
            }
        }

        return null;
    }

    private readonly record struct AppendedKey(int Operation, int Layer, int Sequence, int Head, bool IsValue);
}
