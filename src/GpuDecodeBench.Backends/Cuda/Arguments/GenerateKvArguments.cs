using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>generate_kv_*</c> (<c>kernels/fill.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct GenerateKvArguments
{
    /// <summary>The layer's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>4096 codes of keys.</summary>
    public ulong KeyTable { get; init; }

    /// <summary>4096 codes of values.</summary>
    public ulong ValueTable { get; init; }

    /// <summary>The cache of the layer.</summary>
    public ulong Cache { get; init; }

    /// <summary>The cache blocks of each sequence in order.</summary>
    public ulong Blocks { get; init; }

    /// <summary>Tokens of each sequence, the last of which is left for the step to write.</summary>
    public ulong Contexts { get; init; }

    /// <summary>Entries from one sequence's blocks to the next's.</summary>
    public int BlockStride { get; init; }

    /// <summary>Pages of 16 tokens in a block.</summary>
    public int PagesPerBlock { get; init; }

    /// <summary>KV heads.</summary>
    public int Heads { get; init; }

    /// <summary>Elements of a head.</summary>
    public int Dimension { get; init; }

    /// <summary>1 where there are keys alone.</summary>
    public int Latent { get; init; }
}
