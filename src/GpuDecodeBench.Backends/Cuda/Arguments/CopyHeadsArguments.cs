using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>copy_heads</c> (<c>kernels/elementwise.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CopyHeadsArguments
{
    /// <summary>What is copied.</summary>
    public ulong Source { get; init; }

    /// <summary>Where it goes.</summary>
    public ulong Target { get; init; }

    /// <summary>Elements from one token to the next.</summary>
    public int SourceStride { get; init; }

    /// <summary>Elements from one copied token to the next.</summary>
    public int TargetStride { get; init; }

    /// <summary>Elements from one head to the next.</summary>
    public int SourceHeadStride { get; init; }

    /// <summary>Elements from one copied head to the next.</summary>
    public int TargetHeadStride { get; init; }

    /// <summary>The first head's first element.</summary>
    public int SourceOffset { get; init; }

    /// <summary>The first copied head's first element.</summary>
    public int TargetOffset { get; init; }

    /// <summary>Elements of a head that are copied.</summary>
    public int Columns { get; init; }

    /// <summary>Heads.</summary>
    public int Heads { get; init; }
}
