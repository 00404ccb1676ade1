using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>residual_norm</c> (<c>kernels/rms_norm.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ResidualNormArguments
{
    /// <summary>What is added to.</summary>
    public ulong Hidden { get; init; }

    /// <summary>What is added.</summary>
    public ulong Delta { get; init; }

    /// <summary>The sum's norm.</summary>
    public ulong Y { get; init; }

    /// <summary>The weight of the sum's norm.</summary>
    public ulong Weight { get; init; }

    /// <summary>The weight of a norm of what is added; 0 where there is none.</summary>
    public ulong DeltaWeight { get; init; }

    /// <summary>Where what is added goes once it is normed; 0 where nobody looks at it.</summary>
    public ulong NormedDelta { get; init; }

    /// <summary>What is added to the mean square.</summary>
    public float Epsilon { get; init; }

    /// <summary>Elements of a row.</summary>
    public int Width { get; init; }

    /// <summary>Elements from one row to the next.</summary>
    public int HiddenStride { get; init; }

    /// <summary>Elements from one added row to the next.</summary>
    public int DeltaStride { get; init; }

    /// <summary>Elements from one output to the next.</summary>
    public int YStride { get; init; }
}
