namespace GpuDecodeBench.Ptx;

/// <summary>What a kernel did that it must not do.</summary>
public enum PtxFaultKind
{
    /// <summary>An address outside every live allocation, or past the end of one.</summary>
    OutOfBounds,

    /// <summary>An address in an allocation already freed.</summary>
    UseAfterFree,

    /// <summary>An address that is not a multiple of the access width.</summary>
    Misaligned,

    /// <summary>A read of bytes nobody wrote.</summary>
    UninitialisedRead,

    /// <summary>Two threads touch the same byte with no synchronisation between, at least one of them writing.</summary>
    Race,

    /// <summary>A kernel touches what an earlier launch, which on a GPU may still run, writes, or writes what that one reads.</summary>
    Overlap,

    /// <summary>Threads that wait for one another and can never go on.</summary>
    Deadlock,

    /// <summary>A synchronising instruction used against its rules.</summary>
    BarrierMisuse,

    /// <summary>The kernel ran a trap instruction.</summary>
    Trap,

    /// <summary>A warp ran more instructions than the device's options allow.</summary>
    InstructionLimit,

    /// <summary>Anything else undefined: bad operand at run time, write to constant memory.</summary>
    IllegalOperation,
}
