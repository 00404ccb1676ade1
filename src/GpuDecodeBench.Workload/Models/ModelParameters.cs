using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Models;

/// <summary>Exact counts that follow from a model's shape alone.</summary>
public static class ModelParameters
{
    /// <summary>
    /// Every parameter of the model: embedding, LM head (unless it is the embedding), and per layer the projections, their
    /// biases and norms, the experts all; then the last norm.
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

    /// <summary>
    /// Parameters that one token's step computes with: of the experts those that it chooses, of the embedding one row only where the
    /// model does not tie it.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <exception cref="NotSupportedException">A layer's attention or feed-forward kind has no count here yet.</exception>
    public static long CountActive(ModelShape model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long total = Count(model) - (model.TieEmbeddings ? 0 : (long)(model.VocabularySize - 1) * model.HiddenSize);
        foreach (LayerShape layer in model.Layers)
        {
            if (layer.FeedForward is MixtureOfExperts experts)
            {
                total -= (experts.Experts - experts.ExpertsPerToken) * CountExpert(experts, model.HiddenSize);
            }
        }

        return total;
    }

    /// <summary>The parameters of one layer, its norms included.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="hiddenSize">Elements of the residual stream.</param>
    /// <exception cref="NotSupportedException">The attention or feed-forward kind has no count here yet.</exception>
    public static long CountLayer(LayerShape layer, int hiddenSize)
    {
        ArgumentNullException.ThrowIfNull(layer);
        long attention = layer.Attention switch
        {
            GroupedQueryAttention grouped => CountAttention(grouped, hiddenSize),
            MultiHeadLatentAttention latent => CountLatentAttention(latent, hiddenSize),
            _ => throw new NotSupportedException($"No parameter count for {layer.Attention.GetType().Name}."),
        };
        long feedForward = layer.FeedForward switch
        {
            GatedFeedForward gated => CountFeedForward(gated.IntermediateSize, gated.Bias, hiddenSize),
            MixtureOfExperts experts => CountExperts(experts, hiddenSize),
            _ => throw new NotSupportedException($"No parameter count for {layer.FeedForward.GetType().Name}."),
        };
        return attention + feedForward + ((layer.PostNorms ? 4L : 2L) * hiddenSize);
    }

    /// <summary>
    /// Bytes that one token adds to the KV cache, over all layers: codes and per-token scales, not the scales that a layer has
    /// once. A layer with a sliding window counts in full: it forgets old tokens, but stores each new one. What is held of a whole
    /// context is <see cref="Plans.DecodeStepPlan.Memory"/>.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="format">How keys and values are stored.</param>
    public static long KvBytesPerToken(ModelShape model, KvFormat format)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Layers.Sum(layer => layer.Attention.KvLayout(format, 1).BytesPerToken);
    }

    /// <summary>
    /// Bytes by which the cache of a sequence grows with a token once every sliding window is full: the layers that see the whole of
    /// the model's longest context alone.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="format">How keys and values are stored.</param>
    public static long KvBytesPerTokenBeyondWindows(ModelShape model, KvFormat format)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model
            .Layers.Where(layer => !layer.Attention.Forgets(model.MaxContextTokens))
            .Sum(layer => layer.Attention.KvLayout(format, 1).BytesPerToken);
    }

    private static long CountAttention(GroupedQueryAttention attention, int hiddenSize)
    {
        long queryRows = (long)attention.Heads * attention.HeadDimension;
        long keyValueRows = 2L * attention.KvHeads * attention.HeadDimension;
        long weights = ((2 * queryRows) + keyValueRows) * hiddenSize;
        long biases =
            (attention.QkvBias ? queryRows + keyValueRows : 0) + (attention.OutputBias ? (long)hiddenSize : 0);
        long norms = attention.QueryKeyNorm ? 2L * attention.HeadDimension : 0;
        return weights + biases + norms + (attention.Sinks ? attention.Heads : 0);
    }

    private static long CountLatentAttention(MultiHeadLatentAttention attention, int hiddenSize)
    {
        long queryRows = (long)attention.Heads * attention.QueryDimension;
        long query = attention.QueryLatentDimension is int rank
            ? ((hiddenSize + queryRows) * rank) + rank
            : queryRows * hiddenSize;
        long down = (long)attention.CachedDimension * hiddenSize;
        long up =
            (long)attention.Heads
            * (attention.PlainDimension + attention.HeadValueDimension)
            * attention.LatentDimension;
        long output = (long)attention.Heads * attention.HeadValueDimension * hiddenSize;
        return query + down + attention.LatentDimension + up + output;
    }

    private static long CountFeedForward(long intermediateSize, bool bias, int hiddenSize) =>
        (3 * intermediateSize * hiddenSize) + (bias ? (2 * intermediateSize) + hiddenSize : 0);

    private static long CountExpert(MixtureOfExperts experts, int hiddenSize) =>
        CountFeedForward(experts.ExpertIntermediateSize, experts.Bias, hiddenSize);

    private static long CountExperts(MixtureOfExperts experts, int hiddenSize)
    {
        long router =
            (long)experts.Experts * (hiddenSize + (experts.Router.Bias ? 1 : 0) + (experts.Router.ChoiceBias ? 1 : 0));
        return router
            + (experts.Experts * CountExpert(experts, hiddenSize))
            + CountFeedForward(experts.SharedIntermediateSize, bias: false, hiddenSize);
    }
}
