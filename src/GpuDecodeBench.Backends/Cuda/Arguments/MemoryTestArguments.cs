using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>memory_fill</c> and <c>memory_check</c> (<c>kernels/memory_test.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct MemoryTestArguments
{
    /// <summary>The piece.</summary>
    public ulong Memory { get; init; }

    /// <summary>What is found, a <see cref="MemoryTestTally"/> for each team; not used for filling.</summary>
    public ulong Tallies { get; init; }

    /// <summary>Pieces of 16 bytes.</summary>
    public ulong Chunks { get; init; }

    /// <summary>The word of the whole test with which the piece begins.</summary>
    public ulong FirstWord { get; init; }

    /// <summary>The pattern's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>0, or all ones to invert every word.</summary>
    public ulong Invert { get; init; }
}
