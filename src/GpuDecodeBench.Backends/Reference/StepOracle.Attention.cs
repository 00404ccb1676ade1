using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Reference;

/// <summary>What attention must give, and what the cache must hold of the new token.</summary>
public sealed partial class StepOracle
{
    /// <summary>The codes that the new token's key, value or latent must have in the cache.</summary>
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
        KvLayout layout = _plan.KvLayoutOf(operation.Layer!.Value);
        int dimension = layout.HeadDimension;
        Span<double> row = state.Row(operation.Input, sequence);
        // Keys and values, or the latent, are the last elements of the row.
        int first = row.Length - (layout.VectorsPerHead * layout.KvHeads * dimension);
        int vector = (isValue ? layout.KvHeads : 0) + head;
        var values = new float[dimension];
        for (int i = 0; i < dimension; i++)
        {
            values[i] = (float)row[first + (vector * dimension) + i];
        }

        var codes = new byte[dimension * layout.BytesPerElement];
        float layerScale = new SyntheticKv(_seed, operation.Layer.Value, layout).LayerScale(isValue);
        KvCodec.Encode(layout.Format, values, layerScale, codes, out scaleBits);
        return codes;
    }

    private void ExpectAttention(
        PlanOperation operation,
        StepState state,
        int sequence,
        ReadOnlySpan<int> elements,
        Span<double> expected
    )
    {
        AttentionShape attention = AttentionOf(operation);
        KvLayout layout = _plan.KvLayoutOf(operation.Layer!.Value);
        int dimension = layout.HeadDimension;
        int valueDimension = operation.OutputWidth / attention.Heads;
        double[]? sinks = operation.Weight is { } tensor ? VectorOf(tensor) : null;
        var result = new double[valueDimension];
        int computedHead = -1;
        int loadedKvHead = -1;
        double[] keys = [];
        double[] values = [];
        for (int j = 0; j < elements.Length; j++)
        {
            int head = elements[j] / valueDimension;
            if (head != computedHead)
            {
                int kvHead = head / (attention.Heads / layout.KvHeads);
                if (kvHead != loadedKvHead)
                {
                    keys = LoadSpan(operation, state, sequence, kvHead, isValue: false);
                    values = layout.IsLatent ? keys : LoadSpan(operation, state, sequence, kvHead, isValue: true);
                    loadedKvHead = kvHead;
                }

                Span<double> query = state.Row(operation.Input, sequence).Slice(head * dimension, dimension);
                var scoring = new AttentionScoring(
                    attention.ScoreScale,
                    (attention as GroupedQueryAttention)?.LogitSoftCap,
                    sinks?[head]
                );
                ReferenceMath.Attention(query, keys, values, dimension, scoring, result);
                computedHead = head;
            }

            expected[j] = result[elements[j] % valueDimension];
        }
    }

    /// <summary>The keys or values of the tokens that a sequence attends to, the new one last; tokens × D.</summary>
    private double[] LoadSpan(PlanOperation operation, StepState state, int sequence, int kvHead, bool isValue)
    {
        int layer = operation.Layer!.Value;
        int context = _plan.Conditions.ContextTokens[sequence];
        int span = AttentionOf(operation).SpanTokens(context);
        KvLayout layout = _plan.KvLayoutOf(layer);
        int dimension = layout.HeadDimension;
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
