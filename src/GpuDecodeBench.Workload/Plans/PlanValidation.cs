using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>Refuses conditions that a model cannot be run in, one sentence each.</summary>
internal static class PlanValidation
{
    public static void Check(ModelShape model, StepConditions conditions, int? layers)
    {
        if (conditions.Batch is < 1 or > StepConditions.LargestBatch)
        {
            throw NotABatch(conditions.Batch);
        }

        foreach (int context in conditions.ContextTokens)
        {
            if (context < 1 || context > model.MaxContextTokens)
            {
                throw new InputException(
                    $"context {context} is not accepted for {model.Name}; give 1 to {model.MaxContextTokens} tokens."
                );
            }
        }

        if (layers is int count && (count < 1 || count > model.Layers.Length))
        {
            throw new InputException(
                $"layers {count} is not accepted for {model.Name}; give 1 to {model.Layers.Length}, or auto."
            );
        }

        if (!StepConditions.KvBlockSizes.Contains(conditions.KvBlockTokens))
        {
            throw new InputException(
                $"KV blocks of {conditions.KvBlockTokens} tokens are not accepted; give {string.Join(", ", StepConditions.KvBlockSizes)}."
            );
        }

        CheckTensorParallel(model, conditions.TensorParallel);
    }

    private static void CheckTensorParallel(ModelShape model, int degree)
    {
        if (degree < 1)
        {
            throw new InputException($"tensor-parallel degree {degree} is not accepted; give 1 or more.");
        }

        foreach (LayerShape layer in model.Layers.Distinct())
        {
            RequireDivides(model, degree, layer.Attention.Heads, "attention heads");
            if (
                layer.Attention is GroupedQueryAttention attention
                && attention.KvHeads % degree != 0
                && degree % attention.KvHeads != 0
            )
            {
                throw new InputException(
                    $"tensor-parallel degree {degree} does not fit the {attention.KvHeads} KV heads of {model.Name}; give a degree that divides them or that they divide."
                );
            }

            if (layer.FeedForward is GatedFeedForward feedForward)
            {
                RequireDivides(model, degree, feedForward.IntermediateSize, "feed-forward rows");
            }

            if (layer.FeedForward is MixtureOfExperts experts)
            {
                RequireDivides(model, degree, experts.ExpertIntermediateSize, "feed-forward rows of an expert");
                RequireDivides(model, degree, experts.SharedIntermediateSize, "feed-forward rows of the shared expert");
            }
        }
    }

    private static void RequireDivides(ModelShape model, int degree, int count, string what)
    {
        if (count % degree != 0)
        {
            throw new InputException(
                $"tensor-parallel degree {degree} does not divide the {count} {what} of {model.Name}."
            );
        }
    }

    /// <summary>Refuses a batch before there is a list of its contexts.</summary>
    /// <exception cref="InputException">It is larger than any that is planned.</exception>
    public static void CheckBatch(int batch)
    {
        if (batch > StepConditions.LargestBatch)
        {
            throw NotABatch(batch);
        }
    }

    private static InputException NotABatch(int batch) =>
        new($"batch {batch} is not accepted; give 1 to {StepConditions.LargestBatch}.");
}
