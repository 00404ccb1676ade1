using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>linear_mma_*</c> and <c>linear_fma_*</c> (<c>kernels/linear.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct LinearArguments
{
    /// <summary>The matrices.</summary>
    public MatricesArguments Weights { get; init; }

    /// <summary>A bias for each row of each matrix; 0 where there is none.</summary>
    public ulong Bias { get; init; }

    /// <summary>The inputs.</summary>
    public ulong X { get; init; }

    /// <summary>The outputs.</summary>
    public ulong Y { get; init; }

    /// <summary>What <c>group_by_expert</c> writes; 0 where all tokens take the matrix of the block.</summary>
    public ulong Groups { get; init; }

    /// <summary>The rows of the outputs by expert.</summary>
    public ulong Entries { get; init; }

    /// <summary>Where gates and ups go joined; 0 where the outputs are neither. Then <see cref="Y"/> may be 0.</summary>
    public ulong Gated { get; init; }

    /// <summary>Where splits leave their sums; 0 where there are none.</summary>
    public ulong Partials { get; init; }

    /// <summary>A counter for each block but its splits, all zero; 0 where there are no splits.</summary>
    public ulong Arrivals { get; init; }

    /// <summary>Experts that the groups have room for.</summary>
    public int GroupCapacity { get; init; }

    /// <summary>An entry divided by this is its row of the inputs.</summary>
    public int XDivisor { get; init; }

    /// <summary>Tokens.</summary>
    public int Tokens { get; init; }

    /// <summary>Elements from one input to the next.</summary>
    public int XStride { get; init; }

    /// <summary>Elements from one output to the next.</summary>
    public int YStride { get; init; }

    /// <summary>Elements of an input from one matrix to the next, heads only.</summary>
    public int XMatrixStride { get; init; }

    /// <summary>Elements of an output from one matrix to the next, heads only.</summary>
    public int YMatrixStride { get; init; }

    /// <summary>Teams that share a tile; divides the teams of a block.</summary>
    public int TeamsPerTile { get; init; }

    /// <summary>Blocks that share the columns of their tiles.</summary>
    public int Splits { get; init; }

    /// <summary>The activation of <see cref="Gated"/>: kernels/include/gates.h.</summary>
    public int Gate { get; init; }

    /// <summary>Elements from one joined output to the next.</summary>
    public int GatedStride { get; init; }

    /// <summary>Groups behind its first that a team asks the second-level cache for while earlier kernels end.</summary>
    public int Ahead { get; init; }
}
