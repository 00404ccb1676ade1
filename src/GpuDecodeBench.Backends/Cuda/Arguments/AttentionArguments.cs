using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary><c>AttentionArgs</c> of kernels/include/attention.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct AttentionArguments
{
    /// <summary>bfloat16, of token 0 and head 0.</summary>
    public ulong Queries { get; init; }

    /// <summary>bfloat16, of token 0 and head 0.</summary>
    public ulong Output { get; init; }

    /// <summary>The layer's page 0.</summary>
    public ulong Cache { get; init; }

    /// <summary>int32 [token]: tokens in the cache, the new one included.</summary>
    public ulong Contexts { get; init; }

    /// <summary>int32 [token][<see cref="MaxBlocks"/>].</summary>
    public ulong BlockTables { get; init; }

    /// <summary>bfloat16 [head]; 0 where there are none.</summary>
    public ulong Sinks { get; init; }

    /// <summary>FP32 room for the parts of several splits; 0 where <see cref="Splits"/> is 1.</summary>
    public ulong Partials { get; init; }
    public ulong PageBytes { get; init; }

    /// <summary>A head's part of a page.</summary>
    public int HeadBytes { get; init; }

    /// <summary>Elements from token to token.</summary>
    public int QueryStride { get; init; }
    public int OutputStride { get; init; }
    public int MaxBlocks { get; init; }

    /// <summary>Blocks are 1, 2 or 4 pages.</summary>
    public int BlockPagesLog2 { get; init; }
    public int Tokens { get; init; }
    public int Heads { get; init; }
    public int KvHeads { get; init; }
    public int Dimension { get; init; }
    public int ValueDimension { get; init; }

    /// <summary>Tokens that count, the new one included; 0 for all.</summary>
    public int Window { get; init; }
    public int Splits { get; init; }
    public float ScoreScale { get; init; }

    /// <summary>0 for none.</summary>
    public float SoftCap { get; init; }

    /// <summary>The layer's for fp8, else 1.</summary>
    public float KeyScale { get; init; }
    public float ValueScale { get; init; }
}
