namespace GpuDecodeBench.Backends.Cuda.Ceilings;

/// <summary>How much is done for the ceilings.</summary>
internal sealed record CudaCeilingSizes
{
    /// <summary>
    /// Bytes that are read in one pass; null for 16 last-level caches, or for what memory gives in 1 ms by its clock and bus (a
    /// fortieth of it at most) where that is more, between 256 MiB and 4 GiB.
    /// </summary>
    public long? ReadBytes { get; init; }

    /// <summary>Bytes of noise that the host makes; the buffer has them again and again.</summary>
    public int NoiseBytes { get; init; } = 64 << 20;

    /// <summary>Passes over memory that one figure is the median of.</summary>
    public int Passes { get; init; } = 15;

    /// <summary>How long a pass of arithmetic takes: long enough for clocks to follow the load.</summary>
    public double ComputePassSeconds { get; init; } = 0.01;
}
