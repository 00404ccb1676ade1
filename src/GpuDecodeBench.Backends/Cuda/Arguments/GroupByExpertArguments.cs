using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>group_by_expert</c> (<c>kernels/route.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct GroupByExpertArguments
{
    /// <summary>The chosen experts.</summary>
    public ulong Experts { get; init; }

    /// <summary>Receives the number of distinct experts, the experts, and the first entry of each and the end.</summary>
    public ulong Groups { get; init; }

    /// <summary>Receives the entries by expert.</summary>
    public ulong Entries { get; init; }

    /// <summary>Tokens times slots, up to 4096.</summary>
    public int EntryCount { get; init; }

    /// <summary>Experts that the groups have room for.</summary>
    public int Capacity { get; init; }
}
