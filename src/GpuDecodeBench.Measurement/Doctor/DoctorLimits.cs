namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>How much of everything an examination does: its limits add up to less than it may take.</summary>
public sealed record DoctorLimits
{
    /// <summary>All of it; what has not begun by then is skipped.</summary>
    public required TimeSpan Total { get; init; }

    /// <summary>The memory test.</summary>
    public required TimeSpan Memory { get; init; }

    /// <summary>The share of free memory that is tested.</summary>
    public required double MemoryShare { get; init; }

    /// <summary>The most memory that is tested, in bytes.</summary>
    public long MemoryMaximumBytes { get; init; } = long.MaxValue;

    /// <summary>The ceilings.</summary>
    public required TimeSpan Ceilings { get; init; }

    /// <summary>The sweep of working sets.</summary>
    public required TimeSpan Sweep { get; init; }

    /// <summary>The copies.</summary>
    public required TimeSpan Copies { get; init; }

    /// <summary>The short kernels.</summary>
    public required TimeSpan ShortKernels { get; init; }

    /// <summary>How many of them.</summary>
    public required int ShortKernelCount { get; init; }

    /// <summary>The load, its two phases together.</summary>
    public required TimeSpan Load { get; init; }

    /// <summary>A GPU's: 58 s of 85; the rest is for loading kernels and for what a limit is overrun by.</summary>
    public static DoctorLimits ForGpu { get; } =
        new()
        {
            Total = TimeSpan.FromSeconds(85),
            Memory = TimeSpan.FromSeconds(20),
            MemoryShare = 0.97,
            Ceilings = TimeSpan.FromSeconds(6),
            Sweep = TimeSpan.FromSeconds(5),
            Copies = TimeSpan.FromSeconds(4),
            ShortKernels = TimeSpan.FromSeconds(3),
            ShortKernelCount = 4000,
            Load = TimeSpan.FromSeconds(20),
        };

    /// <summary>A CPU's: 20 s of 28.</summary>
    public static DoctorLimits ForCpu { get; } =
        new()
        {
            Total = TimeSpan.FromSeconds(28),
            Memory = TimeSpan.FromSeconds(5),
            MemoryShare = 0.25,
            MemoryMaximumBytes = 8L << 30,
            Ceilings = TimeSpan.FromSeconds(4),
            Sweep = TimeSpan.FromSeconds(3),
            Copies = TimeSpan.Zero,
            ShortKernels = TimeSpan.FromSeconds(1),
            ShortKernelCount = 4000,
            Load = TimeSpan.FromSeconds(7),
        };

    /// <summary>An emulated GPU's: as little as proves that it works.</summary>
    public static DoctorLimits ForEmulator { get; } =
        ForGpu with
        {
            MemoryMaximumBytes = 1 << 20,
            ShortKernelCount = 4,
        };

    /// <summary>The same in another time.</summary>
    public DoctorLimits Within(TimeSpan total)
    {
        double factor = total / Total;
        return this with
        {
            Total = total,
            Memory = Memory * factor,
            Ceilings = Ceilings * factor,
            Sweep = Sweep * factor,
            Copies = Copies * factor,
            ShortKernels = ShortKernels * factor,
            Load = Load * factor,
        };
    }
}
