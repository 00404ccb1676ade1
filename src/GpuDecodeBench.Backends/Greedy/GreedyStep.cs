using System.Collections.Immutable;
using GpuDecodeBench.Backends.Verification;

namespace GpuDecodeBench.Backends.Greedy;

/// <summary>One step of a greedy run, as the device computed it.</summary>
/// <param name="Position">The position of the step's token in every sequence, from 0.</param>
/// <param name="Tokens">The token that each sequence fed in.</param>
/// <param name="NextTokens">The token that the device chose for each sequence.</param>
/// <param name="Logits">The device's logits, sequence by sequence: batch × vocabulary.</param>
/// <param name="Cache">What the device's cache holds since the run began, this step's token included.</param>
/// <param name="Check">How each operation compared with the reference.</param>
public sealed record GreedyStep(
    int Position,
    ImmutableArray<int> Tokens,
    ImmutableArray<int> NextTokens,
    float[] Logits,
    IKvSource Cache,
    StepCheckResult Check
);
