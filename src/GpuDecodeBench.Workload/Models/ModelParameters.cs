using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Models;

/// <summary>Exact counts that follow from a model's shape alone.</summary>
public static class ModelParameters
{
    /// <summary>
    /// Every parameter of the model: embedding, LM head (unless it is the embedding), and per layer the projections, their
    /// biases, the two norms and the norms of queries and keys; then the last norm.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <exception cref="NotSupportedException">A layer's attention or feed-forward kind has no count here yet.</exception>
    public static long Count(ModelShape model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long embedding = (long)model.VocabularySize * model.HiddenSize;
        long total = model.TieEmbeddings ? embedding : 2 * embedding;
        foreach (LayerShape layer in model.Layers)
        {
            total += CountLayer(layer, model.HiddenSize);
        }

        return total + model.HiddenSize;
    }

    /// <summary>The parameters of one layer, its two norms included.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="hiddenSize">Elements of the residual stream.</param>
    /// <exception cref="NotSupportedException">The attention or feed-forward kind has no count here yet.</exception>
    public static long CountLayer(LayerShape layer, int hiddenSize)
    {
        ArgumentNullException.ThrowIfNull(layer);
        long attention = layer.Attention switch
        {
            GroupedQueryAttention grouped => CountAttention(grouped, hiddenSize),
            _ => throw new NotSupportedException($"No parameter count for {layer.Attention.GetType().Name}."),
        };
        long feedForward = layer.FeedForward switch
        {
            GatedFeedForward gated => CountFeedForward(gated, hiddenSize),
            _ => throw new NotSupportedException($"No parameter count for {layer.FeedForward.GetType().Name}."),
        };
        return attention + feedForward + (2L * hiddenSize);
    }

    /// <summary>
    /// Bytes that one token adds to the KV cache, over all layers: codes and per-token scales, not the scales that a layer has
    /// once. A layer with a sliding window counts in full: it forgets old tokens, but stores each new one.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="format">How keys and values are stored.</param>
    /// <exception cref="NotSupportedException">A layer's attention kind has no KV layout here yet.</exception>
    public static long KvBytesPerToken(ModelShape model, KvFormat format)
    {
        ArgumentNullException.ThrowIfNull(model);
        long total = 0;
        foreach (LayerShape layer in model.Layers)
        {
            total += layer.Attention switch
            {
                GroupedQueryAttention grouped => new KvLayout(
                    format,
                    grouped.KvHeads,
                    grouped.HeadDimension
                ).BytesPerToken,
                _ => throw new NotSupportedException($"No KV layout for {layer.Attention.GetType().Name}."),
            };
        }

        return total;
    }

    private static long CountAttention(GroupedQueryAttention attention, int hiddenSize)
    {
        long queryRows = (long)attention.Heads * attention.HeadDimension;
        long keyValueRows = 2L * attention.KvHeads * attention.HeadDimension;
        long weights = ((2 * queryRows) + keyValueRows) * hiddenSize;
        long biases =
            (attention.QkvBias ? queryRows + keyValueRows : 0) + (attention.OutputBias ? (long)hiddenSize : 0);
        long norms = attention.QueryKeyNorm ? 2L * attention.HeadDimension : 0;
        return weights + biases + norms;
    }

    private static long CountFeedForward(GatedFeedForward feedForward, int hiddenSize)
    {
        long weights = 3L * feedForward.IntermediateSize * hiddenSize;
        long biases = feedForward.Bias ? (2L * feedForward.IntermediateSize) + hiddenSize : 0;
        return weights + biases;
    }
}
