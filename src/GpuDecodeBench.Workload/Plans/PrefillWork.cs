using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>
/// The floating-point operations of taking prompts in, as serving engines do it, worked out from the plan of a decode step. They are
/// those of the decode step for every token, but for three parts:
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>attention: a token attends to itself and those before it, within the layer's window, so to half the context on average where
/// there is no window (<see cref="AttentionShape.CausalPairs"/>);</item>
/// <item>latent attention is not absorbed: keys and values of a token are written out once, by the FLOPs of the two up-projections
/// that a decode step applies to queries and results, and a pair costs those of the heads' own dimensions
/// (<see cref="AttentionShape.FlopsPerPair"/>);</item>
/// <item>the last norm, the LM head and the choice behind it are needed for a sequence's last token alone.</item>
/// </list>
/// Not counted: softmax, as in decoding; up-projections that are done again for each piece of a prompt that is taken in piecewise.
/// </remarks>
public static class PrefillWork
{
    /// <summary>
    /// FLOPs of one of the plan's devices for an input token, on average over the tokens of prompts as long as the plan's contexts.
    /// </summary>
    /// <param name="plan">A decode step at those contexts.</param>
    public static double FlopsPerToken(DecodeStepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        StepConditions conditions = plan.Conditions;
        long everyToken = 0;
        long lastToken = 0;
        foreach (PlanOperation operation in plan.Operations.Where(one => one.Kind != OperationKind.Attention))
        {
            // Of the operations outside layers, the embedding alone is done for every token.
            if (operation.Layer is null && operation.Kind != OperationKind.Embedding)
            {
                lastToken += operation.Flops;
            }
            else
            {
                everyToken += operation.Flops;
            }
        }

        double attention = plan
            .Model.Layers.Take(plan.Layers)
            .GroupBy(layer => layer.Attention)
            .Sum(alike =>
                (double)alike.Count()
                * alike.Key.FlopsPerPair
                / conditions.TensorParallel
                * conditions.ContextTokens.Sum(alike.Key.CausalPairs)
            );
        double tokens = conditions.ContextTokens.Sum(tokens => (double)tokens);
        return ((double)everyToken / conditions.Batch) + ((lastToken + attention) / tokens);
    }
}
