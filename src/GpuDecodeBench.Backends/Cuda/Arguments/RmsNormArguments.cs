using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>rms_norm</c> (<c>kernels/rms_norm.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct RmsNormArguments
{
    /// <summary>The inputs.</summary>
    public ulong X { get; init; }

    /// <summary>The outputs; may be the inputs.</summary>
    public ulong Y { get; init; }

    /// <summary>The weight.</summary>
    public ulong Weight { get; init; }

    /// <summary>What is added to the mean square.</summary>
    public float Epsilon { get; init; }

    /// <summary>Elements that are normed.</summary>
    public int Width { get; init; }

    /// <summary>Elements from one input to the next.</summary>
    public int XStride { get; init; }

    /// <summary>Elements from one output to the next.</summary>
    public int YStride { get; init; }

    /// <summary>The first of them in an input.</summary>
    public int XOffset { get; init; }

    /// <summary>The first of them in an output.</summary>
    public int YOffset { get; init; }
}
