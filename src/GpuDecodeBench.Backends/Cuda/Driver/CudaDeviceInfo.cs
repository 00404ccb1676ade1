namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>A GPU as its driver describes it.</summary>
internal sealed record CudaDeviceInfo
{
    /// <summary>The place among the visible devices, as users count them.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The driver's own handle.</summary>
    public required int Handle { get; init; }

    public required string Name { get; init; }

    /// <summary>As nvidia-smi writes it: GPU-, or MIG- for an instance, and the identity; empty where the driver hides it.</summary>
    public required string Uuid { get; init; }

    public required string PciBusId { get; init; }

    public required long TotalBytes { get; init; }

    public required int ComputeMajor { get; init; }

    public required int ComputeMinor { get; init; }

    public required int MultiprocessorCount { get; init; }

    public required long L2Bytes { get; init; }

    /// <summary>0 where the driver does not tell.</summary>
    public required int MemoryClockKilohertz { get; init; }

    /// <summary>0 where the driver does not tell.</summary>
    public required int MemoryBusBits { get; init; }

    public required int ClockKilohertz { get; init; }

    /// <summary>The most shared memory that a block may opt in to.</summary>
    public required int SharedBytesPerBlock { get; init; }

    public required int SharedBytesPerMultiprocessor { get; init; }

    public required int RegistersPerMultiprocessor { get; init; }

    public required int ThreadsPerMultiprocessor { get; init; }

    public required int WarpSize { get; init; }

    public required bool HasEcc { get; init; }

    /// <summary>Whether the GPU shares the host's memory.</summary>
    public required bool IsIntegrated { get; init; }

    /// <summary>Whether the device looks like a MIG instance: a part of a GPU, whose bandwidth is a part as well.</summary>
    public required bool IsMigInstance { get; init; }

    /// <summary>Whether an administrator has forbidden all computing on it.</summary>
    public required bool IsProhibited { get; init; }

    /// <summary>The compute capability as one number: 80 for 8.0.</summary>
    public int Compute => (ComputeMajor * 10) + ComputeMinor;
}
