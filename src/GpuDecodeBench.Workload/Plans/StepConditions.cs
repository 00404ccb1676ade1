using System.Collections.Immutable;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>What a decode step is asked to do: how many sequences, how long, in which formats, on how many devices.</summary>
public sealed record StepConditions
{
    /// <summary>The formats.</summary>
    public required StepFormats Formats { get; init; }

    /// <summary>Tokens that each sequence attends to, the step's own token included; its length is the batch.</summary>
    public required ImmutableArray<int> ContextTokens { get; init; }

    /// <summary>Devices that share every matrix by rows or columns.</summary>
    public int TensorParallel { get; init; } = 1;

    /// <summary>Sequences decoded together.</summary>
    public int Batch => ContextTokens.Length;

    /// <summary>Conditions in which every sequence has the same context.</summary>
    public static StepConditions Uniform(StepFormats formats, int batch, int contextTokens, int tensorParallel = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        return new StepConditions
        {
            Formats = formats,
            ContextTokens = [.. Enumerable.Repeat(contextTokens, batch)],
            TensorParallel = tensorParallel,
        };
    }
}
