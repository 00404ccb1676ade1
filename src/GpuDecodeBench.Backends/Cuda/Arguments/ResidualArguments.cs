using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>residual</c> (<c>kernels/elementwise.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ResidualArguments
{
    /// <summary>What is added to.</summary>
    public ulong Hidden { get; init; }

    /// <summary>What is added.</summary>
    public ulong Delta { get; init; }

    /// <summary>Elements from one row to the next.</summary>
    public int HiddenStride { get; init; }

    /// <summary>Elements from one added row to the next.</summary>
    public int DeltaStride { get; init; }

    /// <summary>Elements of a row.</summary>
    public int Width { get; init; }
}
