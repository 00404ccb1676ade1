using System.Collections.Immutable;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends;

/// <summary>What a step is given besides its plan and the model's weights.</summary>
/// <param name="Tokens">The token id that each sequence feeds in.</param>
/// <param name="Kv">The keys and values of the tokens before the step's own.</param>
public sealed record StepInputs(ImmutableArray<int> Tokens, IKvSource Kv)
{
    /// <summary>Synthetic tokens over a synthetic cache: what is measured.</summary>
    /// <param name="plan">The step.</param>
    /// <param name="seed">The seed of the model.</param>
    public static StepInputs Synthetic(DecodeStepPlan plan, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new StepInputs([.. SyntheticInputs.Tokens(seed, plan)], new SyntheticKvSource(plan, seed));
    }

    /// <summary>Refuses inputs that are not for a plan.</summary>
    /// <exception cref="ArgumentException">There is not one token of the vocabulary for each sequence.</exception>
    public void RequireFit(DecodeStepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        int vocabulary = plan.Model.VocabularySize;
        if (Tokens.Length != plan.Conditions.Batch || Tokens.Any(token => token < 0 || token >= vocabulary))
        {
            throw new ArgumentException(
                $"The plan has {plan.Conditions.Batch} sequences and {vocabulary} tokens; the inputs are {string.Join(", ", Tokens)}.",
                nameof(plan)
            );
        }
    }
}
