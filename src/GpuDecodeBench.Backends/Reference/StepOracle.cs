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
public sealed class StepOracle
{
    private readonly DecodeStepPlan _plan;
    private readonly ulong _seed;
    private readonly IKvSource _kv;
    private readonly double[] _inverseFrequencies;

    /// <summary>An oracle for a step on weights made from a seed.</summary>
    public StepOracle(DecodeStepPlan plan, ulong seed, StepInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(inputs);
        _plan = plan;
        _seed = seed;
        _kv = inputs.Kv;
        var attention = (GroupedQueryAttention)plan.Model.Layers[0].Attention;
        _inverseFrequencies = plan.Model.Rope.InverseFrequencies(attention.HeadDimension);
    }

    /// <summary>Elements that one sequence's output of an operation has.</summary>
    public int OutputLength(PlanOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation.Kind switch
        {
            OperationKind.Argmax => 1,
            OperationKind.KvAppend => 0,
            OperationKind.Linear => (int)operation.Weight!.Layout.Rows,
            _ => (int)(_plan.BufferElements(operation.Output) / _plan.Conditions.Batch),
        };
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
        if (operation.Kind == OperationKind.Linear)
        {
            ExpectLinear(operation, state, sequences, elements, expected);
            return;
        }

        for (int i = 0; i < sequences.Length; i++)
        {
            Span<double> target = expected.Slice(i * elements.Length, elements.Length);
            if (operation.Kind == OperationKind.Attention)
            {
                ExpectAttention(operation, state, sequences[i], elements, target);
                continue;
            }

            double[] whole = WholeRow(operation, state, sequences[i]);
            for (int j = 0; j < elements.Length; j++)
            {
                target[j] = whole[elements[j]];
            }
        }
    }

    /// <summary>The codes that the new token's key or value must have in the cache.</summary>
    /// <param name="operation">The append.</param>
    /// <param name="state">The values before it.</param>
    /// <param name="sequence">The sequence.</param>
    /// <param name="head">The KV head.</param>
    /// <param name="isValue">Whether the value is meant, not the key.</param>
    /// <param name="scaleBits">The bits of the head's FP16 scale for int8, else 0.</param>
    public byte[] ExpectAppended(
        PlanOperation operation,
        StepState state,
        int sequence,
        int head,
        bool isValue,
        out ushort scaleBits
    )
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(state);
        GroupedQueryAttention attention = AttentionOf(operation);
        KvLayout layout = _plan.KvLayoutOf(operation.Layer!.Value);
        int dimension = attention.HeadDimension;
        int firstHead = attention.Heads + (isValue ? attention.KvHeads : 0) + head;
        Span<double> row = state.Row(StepBuffer.Qkv, sequence).Slice(firstHead * dimension, dimension);
        var values = new float[dimension];
        for (int i = 0; i < dimension; i++)
        {
            values[i] = (float)row[i];
        }

        var codes = new byte[dimension * layout.BytesPerElement];
        float layerScale = new SyntheticKv(_seed, operation.Layer.Value, layout).LayerScale(isValue);
        KvCodec.Encode(layout.Format, values, layerScale, codes, out scaleBits);
        return codes;
    }

    private GroupedQueryAttention AttentionOf(PlanOperation operation) =>
        (GroupedQueryAttention)_plan.Model.Layers[operation.Layer!.Value].Attention;

    private double[] WholeRow(PlanOperation operation, StepState state, int sequence)
    {
        var result = new double[OutputLength(operation)];
        switch (operation.Kind)
        {
            case OperationKind.Embedding:
                new SyntheticMatrix(_seed, operation.Weight!).DecodeRow(state.Tokens[sequence], result);
                break;
            case OperationKind.RmsNorm:
                ReferenceMath.RmsNorm(
                    state.Row(StepBuffer.Hidden, sequence),
                    VectorOf(operation.Weight!),
                    _plan.Model.RmsNormEpsilon,
                    result
                );
                break;
            case OperationKind.HeadNorm:
                state.Row(StepBuffer.Qkv, sequence).CopyTo(result);
                NormHeads(operation, result);
                break;
            case OperationKind.Rope:
                state.Row(StepBuffer.Qkv, sequence).CopyTo(result);
                RotateHeads(operation, sequence, result);
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
                Span<double> gateUp = state.Row(StepBuffer.GateUp, sequence);
                for (int i = 0; i < result.Length; i++)
                {
                    result[i] = ReferenceMath.GatedSilu(gateUp[i], gateUp[result.Length + i]);
                }

                break;
            case OperationKind.Argmax:
                result[0] = ReferenceMath.Argmax(state.Row(StepBuffer.Logits, sequence));
                break;
            default:
                throw new NotSupportedException($"The reference has no operation {operation.Kind}.");
        }

        return result;
    }

    private double[] VectorOf(WeightTensor tensor)
    {
        var values = new double[tensor.Layout.Columns];
        new SyntheticMatrix(_seed, tensor).DecodeRow(0, values);
        return values;
    }

    private void NormHeads(PlanOperation operation, double[] qkv)
    {
        GroupedQueryAttention attention = AttentionOf(operation);
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

    private void RotateHeads(PlanOperation operation, int sequence, double[] qkv)
    {
        GroupedQueryAttention attention = AttentionOf(operation);
        int position = _plan.Conditions.ContextTokens[sequence] - 1;
        for (int head = 0; head < attention.Heads + attention.KvHeads; head++)
        {
            ReferenceMath.Rope(
                qkv.AsSpan(head * attention.HeadDimension, attention.HeadDimension),
                position,
                _inverseFrequencies
            );
        }
    }

    private void ExpectLinear(
        PlanOperation operation,
        StepState state,
        ReadOnlySpan<int> sequences,
        ReadOnlySpan<int> rows,
        Span<double> expected
    )
    {
        var matrix = new SyntheticMatrix(_seed, operation.Weight!);
        double[]? bias = operation.SecondWeight is null ? null : VectorOf(operation.SecondWeight);
        var weights = new double[operation.Weight!.Layout.Columns];
        for (int j = 0; j < rows.Length; j++)
        {
            matrix.DecodeRow(rows[j], weights);
            for (int i = 0; i < sequences.Length; i++)
            {
                expected[(i * rows.Length) + j] =
                    ReferenceMath.Dot(weights, state.Row(operation.Input, sequences[i])) + (bias?[rows[j]] ?? 0);
            }
        }
    }

    private void ExpectAttention(
        PlanOperation operation,
        StepState state,
        int sequence,
        ReadOnlySpan<int> elements,
        Span<double> expected
    )
    {
        GroupedQueryAttention attention = AttentionOf(operation);
        int dimension = attention.HeadDimension;
        var result = new double[dimension];
        int computedHead = -1;
        int loadedKvHead = -1;
        double[] keys = [];
        double[] values = [];
        for (int j = 0; j < elements.Length; j++)
        {
            int head = elements[j] / dimension;
            if (head != computedHead)
            {
                int kvHead = head / attention.GroupSize;
                if (kvHead != loadedKvHead)
                {
                    keys = LoadSpan(operation, state, sequence, kvHead, isValue: false);
                    values = LoadSpan(operation, state, sequence, kvHead, isValue: true);
                    loadedKvHead = kvHead;
                }

                Span<double> query = state.Row(StepBuffer.Qkv, sequence).Slice(head * dimension, dimension);
                ReferenceMath.Attention(query, keys, values, result);
                computedHead = head;
            }

            expected[j] = result[elements[j] % dimension];
        }
    }

    /// <summary>The keys or values of the tokens that a sequence attends to, the new one last; tokens × D.</summary>
    private double[] LoadSpan(PlanOperation operation, StepState state, int sequence, int kvHead, bool isValue)
    {
        GroupedQueryAttention attention = AttentionOf(operation);
        int dimension = attention.HeadDimension;
        int context = _plan.Conditions.ContextTokens[sequence];
        int span = attention.SpanTokens(context);
        int layer = operation.Layer!.Value;
        KvLayout layout = _plan.KvLayoutOf(layer);
        float layerScale = new SyntheticKv(_seed, layer, layout).LayerScale(isValue);
        var result = new double[(long)span * dimension];
        var old = new byte[dimension * layout.BytesPerElement];
        for (int i = 0; i < span - 1; i++)
        {
            ushort oldScaleBits = _kv.FillHead(layer, sequence, context - span + i, kvHead, isValue, old);
            KvCodec.Decode(layout.Format, old, layerScale, oldScaleBits, result.AsSpan(i * dimension, dimension));
        }

        (byte[] codes, ushort scaleBits) = state.Appended(sequence, kvHead, isValue);
        KvCodec.Decode(layout.Format, codes, layerScale, scaleBits, result.AsSpan((span - 1) * dimension, dimension));
        return result;
    }
}
