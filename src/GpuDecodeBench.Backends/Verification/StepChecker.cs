using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Verification;

/// <summary>
/// Holds a session's step against the reference, operation by operation: each operation is given the very values that the
/// session computed before it, so an error is found where it is made and never hidden or inflated by others.
/// </summary>
public sealed class StepChecker : IStepTrace
{
    private readonly DecodeStepPlan _plan;
    private readonly CheckSelection _selection;
    private readonly StepOracle _oracle;
    private readonly StepState _state;
    private readonly ulong _seed;
    private readonly Dictionary<string, OperationCheck> _checks = [];
    private readonly List<string> _order = [];
    private readonly HashSet<int> _seen = [];
    private readonly HashSet<(int Operation, int Sequence, int Head, bool IsValue)> _appended = [];
    private int _next;

    private StepChecker(IDecodeSession session, CheckSelection selection)
    {
        _plan = session.Plan;
        _seed = session.Seed;
        _selection = selection;
        _oracle = new StepOracle(_plan, _seed, session.Inputs);
        _state = new StepState(_plan, session.Inputs);
    }

    /// <summary>Runs a session's step once and compares it.</summary>
    /// <param name="session">The session.</param>
    /// <param name="selection">How much of each output is compared.</param>
    /// <param name="witness">Is shown what the check sees, in the same run; null where nobody else looks.</param>
    public static StepCheckResult Check(IDecodeSession session, CheckSelection selection, IStepTrace? witness = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(selection);
        var checker = new StepChecker(session, selection);
        session.RunStepTraced(witness is null ? checker : new SharedTrace(checker, witness));
        return checker.Finish();
    }

    /// <inheritdoc />
    public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(operation);
        PassTo(operation.Index);
        _seen.Add(operation.Index);
        int length = operation.OutputWidth;
        int[] sequences = ChooseSequences(operation);
        int[] elements = ChooseElements(operation, length);
        string? failure = null;
        double worst = 0;
        bool isUsable = values.Length == length * _state.Batch;
        if (!isUsable)
        {
            failure = $"{Where(operation)} gave {values.Length} values, not {length} × {_state.Batch}";
        }
        else if (FirstUnwritten(operation, values) is int unwritten)
        {
            worst = double.PositiveInfinity;
            failure =
                $"{Where(operation)} left element {unwritten % length} of sequence {unwritten / length} unwritten or not finite";
            // Operations after a choice of experts can only be judged if there are such experts.
            isUsable = operation.Kind != OperationKind.Route;
        }
        else
        {
            var expected = new double[sequences.Length * elements.Length];
            _oracle.Expect(operation, _state, sequences, elements, expected);
            (worst, failure) = Compare(operation, values, length, sequences, elements, expected);
        }

        Record(operation, (long)sequences.Length * elements.Length, worst, failure);
        if (isUsable)
        {
            _state.Set(operation.Output, values);
        }
        else
        {
            SetExpected(operation);
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
        PassTo(operation.Index);
        _seen.Add(operation.Index);
        _appended.Add((operation.Index, sequence, head, isValue));
        byte[] expected = _oracle.ExpectAppended(
            operation,
            _state,
            sequence,
            head,
            isValue,
            out ushort expectedScaleBits
        );
        bool equal = codes.SequenceEqual(expected) && scaleBits == expectedScaleBits;
        string what = isValue ? "value" : "key";
        Record(
            operation,
            codes.Length,
            equal ? 0 : double.PositiveInfinity,
            equal ? null : $"{Where(operation)} stored other codes for the {what} of sequence {sequence}, head {head}"
        );
        _state.SetAppended(sequence, head, isValue, codes.ToArray(), scaleBits);
    }

    private StepCheckResult Finish()
    {
        PassTo(_plan.Operations.Length);
        return new StepCheckResult([.. _order.Select(name => _checks[name])]);
    }

    /// <summary>
    /// Closes the operations before one. Those that showed nothing have failed; what they should have given takes its place, so
    /// that the operations after them are still judged by what they did themselves.
    /// </summary>
    private void PassTo(int index)
    {
        for (; _next < index; _next++)
        {
            PlanOperation operation = _plan.Operations[_next];
            if (!_seen.Contains(_next))
            {
                Record(operation, 0, double.PositiveInfinity, $"{Where(operation)} showed no result");
            }

            if (operation.Kind == OperationKind.KvAppend)
            {
                CloseAppend(operation);
            }
            else if (!_seen.Contains(_next))
            {
                SetExpected(operation);
            }
        }
    }

    private void CloseAppend(PlanOperation operation)
    {
        KvLayout layout = _plan.KvLayoutOf(operation.Layer!.Value);
        int vectors = layout.VectorsPerHead;
        int wanted = _state.Batch * layout.KvHeads * vectors;
        int got = 0;
        for (int entry = 0; entry < wanted; entry++)
        {
            int sequence = entry / (vectors * layout.KvHeads);
            int head = entry / vectors % layout.KvHeads;
            bool isValue = entry % vectors != 0;
            if (_appended.Contains((operation.Index, sequence, head, isValue)))
            {
                got++;
                continue;
            }

            byte[] codes = _oracle.ExpectAppended(operation, _state, sequence, head, isValue, out ushort scaleBits);
            _state.SetAppended(sequence, head, isValue, codes, scaleBits);
        }

        if (got != wanted)
        {
            Record(operation, 0, double.PositiveInfinity, $"{Where(operation)} stored {got} heads, not {wanted}");
        }
    }

    private void SetExpected(PlanOperation operation)
    {
        int[] sequences = [.. Enumerable.Range(0, _state.Batch)];
        int[] elements = [.. Enumerable.Range(0, operation.OutputWidth)];
        var expected = new double[sequences.Length * elements.Length];
        _oracle.Expect(operation, _state, sequences, elements, expected);
        _state.Set(operation.Output, expected);
    }

    private ulong Stream(PlanOperation operation, ulong purpose) =>
        SyntheticRandom.Derive(SyntheticRandom.Derive(_seed, 0x436865636BUL + purpose), (ulong)operation.Index);

    /// <summary>A choice of experts is checked for every sequence: it costs little, and everything after it hangs on it.</summary>
    private int[] ChooseSequences(PlanOperation operation) =>
        CheckSelection.Choose(
            _state.Batch,
            operation.Kind == OperationKind.Route ? _state.Batch : _selection.Sequences,
            Stream(operation, 1)
        );

    private int[] ChooseElements(PlanOperation operation, int length)
    {
        switch (operation.Kind)
        {
            case OperationKind.Linear or OperationKind.ExpertLinear or OperationKind.HeadLinear:
                return CheckSelection.Choose(length, _selection.LinearRows, Stream(operation, 2));
            case OperationKind.Attention:
                int allHeads = _plan.Model.Layers[operation.Layer!.Value].Attention.Heads;
                int dimension = length / allHeads;
                int[] heads = CheckSelection.Choose(allHeads, _selection.AttentionHeads, Stream(operation, 3));
                return [.. heads.SelectMany(head => Enumerable.Range(head * dimension, dimension))];
            default:
                return [.. Enumerable.Range(0, length)];
        }
    }

    private int? FirstUnwritten(PlanOperation operation, ReadOnlySpan<float> values)
    {
        int finite = FiniteValues.CountFirst(values);
        if (finite < values.Length)
        {
            return finite;
        }

        if (operation.Kind is not (OperationKind.Argmax or OperationKind.Route))
        {
            return null;
        }

        for (int i = 0; i < values.Length; i++)
        {
            // Numbers of tokens and experts are integers on a device and cannot be poisoned with NaN; one that does not exist was
            // never chosen.
            int? choices = Choices(operation, i % operation.OutputWidth);
            if (choices is int count && !(values[i] >= 0 && values[i] < count))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>How many things an element chooses one of by its number; null where it is a value.</summary>
    private int? Choices(PlanOperation operation, int element) =>
        operation.Kind switch
        {
            OperationKind.Argmax => _plan.Model.VocabularySize,
            OperationKind.Route when element < operation.Slots => (
                (MixtureOfExperts)_plan.Model.Layers[operation.Layer!.Value].FeedForward
            ).Experts,
            _ => null,
        };

    private (double Worst, string? Failure) Compare(
        PlanOperation operation,
        ReadOnlySpan<float> values,
        int length,
        int[] sequences,
        int[] elements,
        double[] expected
    )
    {
        ActivationFormat activations = _plan.Conditions.Formats.Activations;
        double bound = BoundOf(operation);
        double rounding = bound == 0 ? 0 : CheckBounds.RoundingShare(activations);
        double worst = 0;
        string? failure = null;
        for (int i = 0; i < sequences.Length; i++)
        {
            ReadOnlySpan<double> wanted = expected.AsSpan(i * elements.Length, elements.Length);
            // The numbers of experts must be equal, and say nothing about the size of the weights behind them.
            int numbers = operation.Kind == OperationKind.Route ? operation.Slots : 0;
            ReadOnlySpan<double> sized = wanted[numbers..];
            double rms = Math.Sqrt(ReferenceMath.Dot(sized, sized) / sized.Length);
            for (int j = 0; j < elements.Length; j++)
            {
                double got = values[(sequences[i] * length) + elements[j]];
                double difference = Math.Abs(got - wanted[j]);
                double unexplained = Math.Max(0, difference - (rounding * Math.Abs(wanted[j])));
                double relative = unexplained == 0 ? 0 : unexplained / Math.Max(rms, double.Epsilon);
                if (double.IsNaN(relative) || (j < numbers && difference != 0))
                {
                    // An input was not a number, so nothing is expected of the output and nothing has been shown about it.
                    relative = double.PositiveInfinity;
                }

                worst = Math.Max(worst, relative);
                if (relative > bound && failure is null)
                {
                    failure =
                        $"{Where(operation)}, sequence {sequences[i]}, element {elements[j]}: {got:g6}, where the reference has {wanted[j]:g6}";
                }
            }
        }

        return (worst, failure);
    }

    private double BoundOf(PlanOperation operation) =>
        CheckBounds.RelativeError(
            operation.Kind,
            _plan.Conditions.Formats,
            operation.Kind == OperationKind.Attention && _plan.KvLayoutOf(operation.Layer!.Value).IsLatent
                ? _plan.Model.Layers[operation.Layer.Value].Attention.Heads
                : 0
        );

    private void Record(PlanOperation operation, long elements, double worst, string? failure)
    {
        if (!_checks.TryGetValue(operation.Name, out OperationCheck? check))
        {
            _order.Add(operation.Name);
            check = new OperationCheck(operation.Name, operation.Kind, 0, 0, 0, BoundOf(operation), null);
        }

        _checks[operation.Name] = check with
        {
            Operations = check.Operations + 1,
            Elements = check.Elements + elements,
            WorstRelativeError = Math.Max(check.WorstRelativeError, worst),
            Failure = check.Failure ?? failure,
        };
    }

    private static string Where(PlanOperation operation) =>
        operation.Layer is int layer ? $"{operation.Name} of layer {layer}" : operation.Name;
}
