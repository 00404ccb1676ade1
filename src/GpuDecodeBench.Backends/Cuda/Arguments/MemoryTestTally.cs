using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>What a team of <c>memory_check</c> found (<c>kernels/memory_test.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct MemoryTestTally
{
    /// <summary>Words that were wrong.</summary>
    public ulong WrongWords { get; init; }

    /// <summary>The first of them, by its number in the whole test; all ones where there is none.</summary>
    public ulong FirstWord { get; init; }

    /// <summary>Every bit that was wrong in some word.</summary>
    public ulong Bits { get; init; }

    /// <summary>What stood in the first.</summary>
    public ulong FirstRead { get; init; }
}
