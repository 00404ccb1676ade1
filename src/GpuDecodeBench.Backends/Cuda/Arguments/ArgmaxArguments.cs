using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>argmax</c> (<c>kernels/argmax.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ArgmaxArguments
{
    /// <summary>The logits.</summary>
    public ulong Logits { get; init; }

    /// <summary>Receives a token id for each sequence.</summary>
    public ulong Y { get; init; }

    /// <summary>16 bytes for each sequence, zeros before the first launch.</summary>
    public ulong Scratch { get; init; }

    /// <summary>Elements from one sequence to the next.</summary>
    public int Stride { get; init; }

    /// <summary>Logits of a sequence.</summary>
    public int Width { get; init; }
}
