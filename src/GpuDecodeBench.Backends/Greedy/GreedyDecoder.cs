using System.Collections.Immutable;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Greedy;

/// <summary>
/// Decodes greedily from an empty cache: the first tokens come from the seed, each later one is the device's own argmax, and the
/// cache holds what the device itself stored. Every step is checked against the reference, operation by operation.
/// </summary>
public static class GreedyDecoder
{
    /// <summary>Runs steps one by one, each when it is asked for; ends after the first that fails its check.</summary>
    /// <param name="model">The weights on the device.</param>
    /// <param name="plan">A step with the model, layers, formats and batch; its contexts are replaced.</param>
    /// <param name="steps">How many steps; step t, from 0, attends to t + 1 tokens.</param>
    /// <param name="selection">How much of each output is compared.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static IEnumerable<GreedyStep> Run(
        IDeviceModel model,
        DecodeStepPlan plan,
        int steps,
        CheckSelection selection,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        return Steps(model, plan, steps, selection, cancellation);
    }

    private static IEnumerable<GreedyStep> Steps(
        IDeviceModel model,
        DecodeStepPlan plan,
        int steps,
        CheckSelection selection,
        CancellationToken cancellation
    )
    {
        var cache = new RecordedKv();
        ImmutableArray<int> tokens = [.. SyntheticInputs.Tokens(model.Seed, plan)];
        for (int position = 0; position < steps; position++)
        {
            cancellation.ThrowIfCancellationRequested();
            using IDecodeSession session = model.OpenSession(
                AtPosition(plan, position),
                new StepInputs(tokens, cache),
                cancellation
            );
            var recorder = new StepRecorder(cache, position);
            StepCheckResult check = StepChecker.Check(session, selection, recorder);
            yield return new GreedyStep(position, tokens, recorder.NextTokens, recorder.Logits, cache, check);
            if (!check.Passed)
            {
                yield break;
            }

            tokens = recorder.NextTokens;
        }
    }

    private static DecodeStepPlan AtPosition(DecodeStepPlan plan, int position)
    {
        ImmutableArray<int> contexts = [.. Enumerable.Repeat(position + 1, plan.Conditions.Batch)];
        return DecodeStepPlan.Create(plan.Model, plan.Conditions with { ContextTokens = contexts }, plan.Layers);
    }

    /// <summary>Keeps what later steps and readers need of a step.</summary>
    private sealed class StepRecorder(RecordedKv cache, int position) : IStepTrace
    {
        public float[] Logits { get; private set; } = [];

        public ImmutableArray<int> NextTokens { get; private set; } = [];

        public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values)
        {
            if (operation.Output == StepBuffer.Logits)
            {
                Logits = values.ToArray();
            }
            else if (operation.Output == StepBuffer.NextTokens)
            {
                // Token ids are below 2^22 (ConfigLimits), so single precision holds them exactly.
                NextTokens = [.. values.ToArray().Select(token => (int)token)];
            }
        }

        public void OnKvAppended(
            PlanOperation operation,
            int sequence,
            int head,
            bool isValue,
            ReadOnlySpan<byte> codes,
            ushort scaleBits
        ) => cache.Record(operation.Layer!.Value, sequence, position, head, isValue, codes, scaleBits);
    }
}
