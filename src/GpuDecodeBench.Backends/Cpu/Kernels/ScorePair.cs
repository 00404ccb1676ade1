namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>The keys of two blocks that are scored together, and what is brought near meanwhile.</summary>
internal readonly unsafe struct ScorePair
{
    /// <summary>The first block's keys.</summary>
    public required byte* First { get; init; }

    /// <summary>The second block's keys.</summary>
    public required byte* Second { get; init; }

    /// <summary>As many lines that are needed later.</summary>
    public required byte* FirstAhead { get; init; }

    /// <summary>As many lines that are needed later.</summary>
    public required byte* SecondAhead { get; init; }
}
