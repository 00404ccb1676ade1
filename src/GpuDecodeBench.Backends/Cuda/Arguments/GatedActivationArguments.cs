using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>gated_activation_*</c> (<c>kernels/elementwise.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct GatedActivationArguments
{
    /// <summary>Rows of gates, then ups.</summary>
    public ulong X { get; init; }

    /// <summary>The outputs.</summary>
    public ulong Y { get; init; }

    /// <summary>Elements from one input to the next.</summary>
    public int XStride { get; init; }

    /// <summary>Elements from one output to the next.</summary>
    public int YStride { get; init; }

    /// <summary>Gates of a row.</summary>
    public int Width { get; init; }
}
