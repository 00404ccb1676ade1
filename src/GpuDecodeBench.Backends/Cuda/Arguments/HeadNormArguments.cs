using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>head_norm</c> (<c>kernels/rms_norm.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct HeadNormArguments
{
    /// <summary>Queries, then keys, of each token.</summary>
    public ulong Rows { get; init; }

    /// <summary>The weight of queries.</summary>
    public ulong QueryWeight { get; init; }

    /// <summary>The weight of keys.</summary>
    public ulong KeyWeight { get; init; }

    /// <summary>What is added to the mean square.</summary>
    public float Epsilon { get; init; }

    /// <summary>Elements from one token to the next.</summary>
    public int Stride { get; init; }

    /// <summary>Query and key heads.</summary>
    public int Heads { get; init; }

    /// <summary>Query heads.</summary>
    public int QueryHeads { get; init; }

    /// <summary>Elements of a head.</summary>
    public int Dimension { get; init; }
}
