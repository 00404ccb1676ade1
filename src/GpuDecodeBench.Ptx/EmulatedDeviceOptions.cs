namespace GpuDecodeBench.Ptx;

/// <summary>What an emulated device has and checks.</summary>
public sealed record EmulatedDeviceOptions
{
    /// <summary>Number of multiprocessors, as <c>%nsmid</c> shows it.</summary>
    public int MultiprocessorCount { get; init; } = 1;

    /// <summary>Most shared memory of a CTA, static and dynamic.</summary>
    public int SharedBytesPerBlock { get; init; } = 227 * 1024;

    /// <summary>Most bytes of all live allocations.</summary>
    public long TotalMemoryBytes { get; init; } = 8L << 30;

    /// <summary>Whether unsynchronised accesses to shared memory are faults.</summary>
    public bool CheckRaces { get; init; } = true;

    /// <summary>Whether reads of memory nobody wrote are faults.</summary>
    public bool CheckUninitialisedReads { get; init; } = true;

    /// <summary>Host threads that run CTAs; 0 takes as many as the host has cores.</summary>
    public int Workers { get; init; }

    /// <summary>Most instructions of one warp before the launch is taken for endless.</summary>
    public ulong WarpInstructionLimit { get; init; } = 1_000_000_000;
}
