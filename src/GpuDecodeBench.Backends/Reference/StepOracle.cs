using System.Collections.Immutable;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Reference;

/// <summary>
/// Says what an operation of a step must produce from the values before it, for any choice of sequences and elements. Weights
/// come from the seed and the cache from the step's inputs, never from a backend's memory.
/// </summary>
public sealed partial class StepOracle
{
    private readonly DecodeStepPlan _plan;
    private readonly ulong _seed;
    private readonly IKvSource _kv;

    /// <summary>An oracle for a step on weights made from a seed.</summary>
    public StepOracle(DecodeStepPlan plan, ulong seed, StepInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(inputs);
        _plan = plan;
        _seed = seed;
        _kv = inputs.Kv;
    }

    /// <summary>
    /// The values that an operation must produce. The cache's part of it, <see cref="OperationKind.KvAppend"/>, is
    /// <see cref="ExpectAppended"/>.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="state">The values before it.</param>
    /// <param name="sequences">The sequences asked for.</param>
    /// <param name="elements">The elements of each sequence's output asked for, ascending.</param>
    /// <param name="expected">Receives sequences × elements values.</param>
    public void Expect(
        PlanOperation operation,
        StepState state,
        ReadOnlySpan<int> sequences,
        ReadOnlySpan<int> elements,
        Span<double> expected
    )
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(state);
        switch (operation.Kind)
        {
            case OperationKind.Linear:
                ExpectLinear(operation, state, sequences, elements, expected);
                return;
            case OperationKind.ExpertLinear:
                ExpectExpertLinear(operation, state, sequences, elements, expected);
                return;
            case OperationKind.Attention:
                ExpectAttention(operation, state, sequences, elements, expected);
                return;
            default:
                break;
        }

        for (int i = 0; i < sequences.Length; i++)
        {
            Span<double> target = expected.Slice(i * elements.Length, elements.Length);
            if (operation.Kind == OperationKind.HeadLinear)
            {
                ExpectHeadLinear(operation, state.Row(operation.Input, sequences[i]), elements, target);
                continue;
            }

            double[] whole = WholeRow(operation, state, sequences[i]);
            for (int j = 0; j < elements.Length; j++)
            {
                target[j] = whole[elements[j]];
            }
        }
    }

    private AttentionShape AttentionOf(PlanOperation operation) => _plan.Model.Layers[operation.Layer!.Value].Attention;

    private double[] WholeRow(PlanOperation operation, StepState state, int sequence)
    {
        var result = new double[operation.OutputWidth];
        switch (operation.Kind)
        {
            case OperationKind.Embedding:
                new SyntheticMatrix(_seed, operation.Weight!).DecodeRow(state.Tokens[sequence], result);
                for (int i = 0; i < result.Length; i++)
                {
                    result[i] *= _plan.Model.EmbeddingScale;
                }

                break;
            case OperationKind.RmsNorm:
                Norm(operation, state.Row(operation.Input, sequence)[..result.Length], result);
                break;
            case OperationKind.Residual:
                Span<double> hidden = state.Row(StepBuffer.Hidden, sequence);
                Span<double> delta = state.Row(StepBuffer.Delta, sequence);
                for (int i = 0; i < result.Length; i++)
                {
                    result[i] = hidden[i] + delta[i];
                }

                break;
            case OperationKind.GatedActivation:
                JoinGates(operation, state.Row(operation.Input, sequence), result);
                break;
            case OperationKind.Argmax:
                result[0] = ReferenceMath.Argmax(state.Row(StepBuffer.Logits, sequence));
                break;
            case OperationKind.Route:
                Route(operation, state.Row(operation.Input, sequence), result);
                break;
            case OperationKind.ExpertCombine:
                Combine(operation, state, sequence, result);
                break;
            default:
                state.Row(operation.Input, sequence).CopyTo(result);
                ChangeInPlace(operation, sequence, result);
                break;
        }

        return result;
    }

    private void ChangeInPlace(PlanOperation operation, int sequence, double[] row)
    {
        switch (operation.Kind)
        {
            case OperationKind.HeadNorm:
                NormHeads(operation, row);
                break;
            case OperationKind.Rope:
                Rotate(operation, sequence, row);
                break;
            case OperationKind.LatentNorm:
                var attention = (MultiHeadLatentAttention)AttentionOf(operation);
                int first = row.Length - attention.CachedDimension;
                Span<double> latent = row.AsSpan(first, attention.LatentDimension);
                Norm(operation, latent.ToArray(), latent);
                break;
            case OperationKind.SoftCap:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = ReferenceMath.SoftCap(row[i], _plan.Model.LogitSoftCap!.Value);
                }

                break;
            default:
                throw new NotSupportedException($"The reference has no operation {operation.Kind}.");
        }
    }

    private void Norm(PlanOperation operation, ReadOnlySpan<double> values, Span<double> result) =>
        ReferenceMath.RmsNorm(values, VectorOf(operation.Weight!), _plan.Model.RmsNormEpsilon, result);

    private void JoinGates(PlanOperation operation, ReadOnlySpan<double> gateUp, Span<double> result)
    {
        GatedActivationKind kind = _plan.Model.Layers[operation.Layer!.Value].FeedForward.Activation;
        int size = result.Length / operation.Slots;
        for (int i = 0; i < result.Length; i++)
        {
            int gate = (i / size * 2 * size) + (i % size);
            result[i] = ReferenceMath.Gate(kind, gateUp[gate], gateUp[gate + size]);
        }
    }

    private double[] VectorOf(WeightTensor tensor, int index = 0)
    {
        var values = new double[tensor.Layout.Columns];
        new SyntheticMatrix(_seed, tensor, index).DecodeRow(0, values);
        return values;
    }

    private void NormHeads(PlanOperation operation, double[] qkv)
    {
        var attention = (GroupedQueryAttention)AttentionOf(operation);
        int dimension = attention.HeadDimension;
        double[] queryWeight = VectorOf(operation.Weight!);
        double[] keyWeight = VectorOf(operation.SecondWeight!);
        for (int head = 0; head < attention.Heads + attention.KvHeads; head++)
        {
            Span<double> values = qkv.AsSpan(head * dimension, dimension);
            ReferenceMath.RmsNorm(
                values.ToArray(),
                head < attention.Heads ? queryWeight : keyWeight,
                _plan.Model.RmsNormEpsilon,
                values
            );
        }
    }

    private void Rotate(PlanOperation operation, int sequence, double[] row)
    {
        RotarySpan span = operation.Rotary!.Value;
        RopeShape rope = _plan.Model.Layers[operation.Layer!.Value].Attention.Rope;
        int context = _plan.Conditions.ContextTokens[sequence];
        double[] frequencies = rope.InverseFrequencies(span.Dimensions, context);
        for (int head = 0; head < span.Heads; head++)
        {
            ReferenceMath.Rope(
                row.AsSpan(span.Offset + (head * span.HeadStride), span.Dimensions),
                context - 1,
                frequencies,
                rope.Magnitude
            );
        }
    }
}
