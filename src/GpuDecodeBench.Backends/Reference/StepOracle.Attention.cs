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

    /// <summary>Attention of several sequences, which many threads share.</summary>
    private void ExpectAttention(
        PlanOperation operation,
        StepState state,
        ReadOnlySpan<int> sequences,
        ReadOnlySpan<int> elements,
        Span<double> expected
    )
    {
        int[] which = sequences.ToArray();
        int[] wanted = elements.ToArray();
        var results = new double[which.Length][];
        Parallel.For(0, which.Length, i => results[i] = AttentionOutput(operation, state, which[i], wanted));
        for (int i = 0; i < which.Length; i++)
        {
            results[i].CopyTo(expected[(i * wanted.Length)..]);
        }
    }

    /// <summary>Elements of one sequence's attention, ascending.</summary>
    private double[] AttentionOutput(PlanOperation operation, StepState state, int sequence, int[] elements)
    {
        AttentionShape attention = AttentionOf(operation);
        KvLayout layout = _plan.KvLayoutOf(operation.Layer!.Value);
        int dimension = layout.HeadDimension;
        int valueDimension = operation.OutputWidth / attention.Heads;
        int headsPerKvHead = attention.Heads / layout.KvHeads;
        double[]? sinks = operation.Weight is { } tensor ? VectorOf(tensor) : null;
        double[] queries = state.Row(operation.Input, sequence).ToArray();
        int[] heads = [.. elements.Select(element => element / valueDimension).Distinct()];
        var results = new Dictionary<int, double[]>();
        foreach (IGrouping<int, int> sharing in heads.GroupBy(head => head / headsPerKvHead))
        {
            var span = new CachedSpan(_plan, _seed, _kv, operation, state, sequence, sharing.Key);
            AttentionQuery[] asked =
            [
                .. sharing.Select(head => new AttentionQuery(
                    queries.AsMemory(head * dimension, dimension),
                    new AttentionScoring(
                        attention.ScoreScale,
                        (attention as GroupedQueryAttention)?.LogitSoftCap,
                        sinks?[head]
                    )
                )),
            ];
            double[][] answers = span.Attend(asked, valueDimension);
            foreach ((int head, double[] answer) in sharing.Zip(answers))
            {
                results.Add(head, answer);
            }
        }

        return [.. elements.Select(element => results[element / valueDimension][element % valueDimension])];
    }
}
