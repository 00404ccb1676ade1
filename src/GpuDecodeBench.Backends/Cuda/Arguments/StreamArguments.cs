using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>read_stream_*</c>, <c>copy_stream</c> and <c>write_stream</c> (<c>kernels/stream.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct StreamArguments
{
    /// <summary>What is read.</summary>
    public ulong Source { get; init; }

    /// <summary>What is written; for reads 4 bytes for each team.</summary>
    public ulong Target { get; init; }

    /// <summary>Pieces of 16 bytes.</summary>
    public ulong Chunks { get; init; }
}
