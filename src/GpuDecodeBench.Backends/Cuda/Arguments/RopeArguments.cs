using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>rope</c> (<c>kernels/rope.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct RopeArguments
{
    /// <summary>What is turned.</summary>
    public ulong Rows { get; init; }

    /// <summary>FP32 cosines and sines of each token.</summary>
    public ulong Table { get; init; }

    /// <summary>Elements from one token to the next.</summary>
    public int Stride { get; init; }

    /// <summary>Heads.</summary>
    public int Heads { get; init; }

    /// <summary>Elements from one head to the next.</summary>
    public int HeadStride { get; init; }

    /// <summary>The first turned element of the first head.</summary>
    public int Offset { get; init; }

    /// <summary>Elements of a head that are turned.</summary>
    public int Dimensions { get; init; }
}
