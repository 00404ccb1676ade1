using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>soft_cap</c> (<c>kernels/elementwise.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct SoftCapArguments
{
    /// <summary>What is capped.</summary>
    public ulong Rows { get; init; }

    /// <summary>The cap.</summary>
    public float Cap { get; init; }

    /// <summary>Elements from one row to the next.</summary>
    public int Stride { get; init; }

    /// <summary>Elements of a row.</summary>
    public int Width { get; init; }
}
