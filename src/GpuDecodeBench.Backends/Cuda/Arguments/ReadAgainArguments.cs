using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>read_again</c> (<c>kernels/load.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ReadAgainArguments
{
    /// <summary>What is read.</summary>
    public ulong Source { get; init; }

    /// <summary>4 bytes for each team.</summary>
    public ulong Sums { get; init; }

    /// <summary>Pieces of 16 bytes.</summary>
    public ulong Chunks { get; init; }

    /// <summary>How often.</summary>
    public ulong Rounds { get; init; }
}
