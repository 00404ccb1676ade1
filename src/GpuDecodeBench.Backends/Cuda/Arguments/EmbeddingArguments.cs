using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>embedding_*</c> (<c>kernels/embedding.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct EmbeddingArguments
{
    /// <summary>The matrix of the vocabulary.</summary>
    public MatricesArguments Table { get; init; }

    /// <summary>A token id for each sequence.</summary>
    public ulong Tokens { get; init; }

    /// <summary>The outputs.</summary>
    public ulong Y { get; init; }

    /// <summary>A factor on each row.</summary>
    public float Scale { get; init; }

    /// <summary>Elements from one output to the next.</summary>
    public int YStride { get; init; }
}
