using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>wait_nanoseconds</c> (<c>kernels/stream.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct WaitArguments
{
    /// <summary>How long.</summary>
    public ulong Nanoseconds { get; init; }
}
