namespace GpuDecodeBench.Ptx.Memory;

/// <summary>What an access does to memory.</summary>
internal enum AccessKind
{
    Read,

    /// <summary>A read of what nobody writes while the kernel runs: ld.global.nc.</summary>
    ConstantRead,
    Write,
    Atomic,
}
