using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>sustained_multiply_adds</c> (<c>kernels/load.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct MultiplyAddsArguments
{
    /// <summary>4 bytes for each team.</summary>
    public ulong Sums { get; init; }

    /// <summary>How often each thread does 64 multiply-adds.</summary>
    public ulong Rounds { get; init; }

    /// <summary>What is multiplied by.</summary>
    public float Factor { get; init; }

    /// <summary>What is added.</summary>
    public float Addend { get; init; }
}
