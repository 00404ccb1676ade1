using System.Collections.Immutable;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>What a decode step is asked to do: how many sequences, how long, in which formats, on how many devices.</summary>
public sealed record StepConditions
{
    /// <summary>The formats.</summary>
    public required StepFormats Formats { get; init; }

    /// <summary>Tokens that each sequence attends to, the step's own token included; its length is the batch.</summary>
    public required ImmutableArray<int> ContextTokens { get; init; }

    /// <summary>Tokens in a block of the paged cache where nothing else is asked for.</summary>
    public const int DefaultKvBlockTokens = KvLayout.PageTokens;

    /// <summary>The sizes of blocks that there are.</summary>
    public static ImmutableArray<int> KvBlockSizes { get; } = [16, 32, 64];

    /// <summary>Tokens in a block of the paged cache: what a block table names, and what lies together in memory.</summary>
    public int KvBlockTokens { get; init; } = DefaultKvBlockTokens;

    /// <summary>Devices that share every matrix by rows or columns.</summary>
    public int TensorParallel { get; init; } = 1;

    /// <summary>The largest batch accepted: far beyond any server's, small enough that no byte count overflows.</summary>
    public const int LargestBatch = 65_536;

    /// <summary>Sequences decoded together.</summary>
    public int Batch => ContextTokens.Length;

    /// <summary>Conditions in which every sequence has the same context.</summary>
    /// <exception cref="InputException">The batch is larger than any that is planned.</exception>
    public static StepConditions Uniform(StepFormats formats, int batch, int contextTokens, int tensorParallel = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        PlanValidation.CheckBatch(batch);
        return new StepConditions
        {
            Formats = formats,
            ContextTokens = [.. Enumerable.Repeat(contextTokens, batch)],
            TensorParallel = tensorParallel,
        };
    }
}
