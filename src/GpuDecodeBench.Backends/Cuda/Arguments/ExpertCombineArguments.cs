using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>expert_combine</c> (<c>kernels/expert_combine.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ExpertCombineArguments
{
    /// <summary>The experts' outputs, a row for each slot of each token.</summary>
    public ulong Outputs { get; init; }

    /// <summary>The weights of the slots.</summary>
    public ulong Weights { get; init; }

    /// <summary>The shared expert's output; 0 where there is none.</summary>
    public ulong Shared { get; init; }

    /// <summary>The sums.</summary>
    public ulong Y { get; init; }

    /// <summary>Elements from one output to the next.</summary>
    public int OutputsStride { get; init; }

    /// <summary>Elements from one shared output to the next.</summary>
    public int SharedStride { get; init; }

    /// <summary>Elements from one sum to the next.</summary>
    public int YStride { get; init; }

    /// <summary>Elements of a row.</summary>
    public int Width { get; init; }

    /// <summary>Experts of a token.</summary>
    public int Slots { get; init; }
}
