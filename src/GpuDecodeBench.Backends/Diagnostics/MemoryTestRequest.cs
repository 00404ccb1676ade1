namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>How much memory to test, and how long.</summary>
public sealed record MemoryTestRequest
{
    /// <summary>The share of what is free that is to be tested.</summary>
    public required double Share { get; init; }

    /// <summary>The most that is tested, in bytes.</summary>
    public long MaximumBytes { get; init; } = long.MaxValue;

    /// <summary>The time that the test may take. What was filled by half of it is read back in the rest.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>The seed of the pattern.</summary>
    public ulong Seed { get; init; } = 1;
}
