namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>
/// What a multiprocessor holds, by compute capability: the table of technical specifications in
/// https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#compute-capabilities.
/// </summary>
/// <param name="Threads">The most threads at a time.</param>
/// <param name="Blocks">The most blocks at a time.</param>
/// <param name="SharedBytes">Shared memory of all its blocks.</param>
/// <param name="ReservedSharedBytes">Shared memory that the system takes of every block, since compute capability 8.0.</param>
/// <param name="SharedUnitBytes">Shared memory is given to a block in multiples of this.</param>
internal readonly record struct Multiprocessor(
    int Threads,
    int Blocks,
    int SharedBytes,
    int ReservedSharedBytes,
    int SharedUnitBytes
)
{
    /// <summary>Registers of 32 bits, as everywhere since 5.0.</summary>
    public const int Registers = 64 << 10;

    private const int WarpSize = 32;

    /// <summary>Parts with a scheduler and a fourth of the registers each; a warp stays in one.</summary>
    private const int Partitions = 4;

    /// <summary>Registers are given to a warp in multiples of this.</summary>
    private const int RegisterUnit = 256;

    private const int ReservedBytes = 1 << 10;

    /// <summary>The most shared memory of a block.</summary>
    public int SharedBytesPerBlock => SharedBytes - ReservedSharedBytes;

    /// <summary>The multiprocessor of a compute capability.</summary>
    public static Multiprocessor Of(int major, int minor) =>
        (major, minor) switch
        {
            (7, 5) => new(1024, 16, 64 << 10, 0, 256),
            (8, 0) => new(2048, 32, 164 << 10, ReservedBytes, 128),
            (8, 6) => new(1536, 16, 100 << 10, ReservedBytes, 128),
            (8, 7) => new(1536, 16, 164 << 10, ReservedBytes, 128),
            (8, 9) or (12, _) => new(1536, 24, 100 << 10, ReservedBytes, 128),
            (9 or 10, _) => new(2048, 32, 228 << 10, ReservedBytes, 128),
            (11, _) => new(1536, 24, 228 << 10, ReservedBytes, 128),
            _ => new(2048, 32, 96 << 10, 0, 256),
        };

    /// <summary>How many blocks of a kernel it runs at a time; 0 where not even one fits.</summary>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="registersPerThread">Registers of a thread.</param>
    /// <param name="sharedBytes">Shared memory of a block, static and dynamic.</param>
    public int BlocksOf(int threads, int registersPerThread, long sharedBytes)
    {
        int warps = DivideUp(threads, WarpSize);
        int registersPerWarp = DivideUp(registersPerThread * WarpSize, RegisterUnit) * RegisterUnit;
        int warpsByRegisters = Registers / Partitions / registersPerWarp * Partitions;
        int blocks = Math.Min(Blocks, Math.Min(Threads / WarpSize, warpsByRegisters) / warps);
        long shared = (sharedBytes + ReservedSharedBytes + SharedUnitBytes - 1) / SharedUnitBytes * SharedUnitBytes;
        return shared == 0 ? blocks : (int)Math.Min(blocks, SharedBytes / shared);
    }

    private static int DivideUp(int value, int unit) => (value + unit - 1) / unit;
}
