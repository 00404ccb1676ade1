using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary><c>LinearArgs</c> of kernels/linear.cu.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinearArguments
{
    public MatricesArguments Weights;

    /// <summary>bfloat16, matrix after matrix; 0 where there is none.</summary>
    public ulong Bias;
    public ulong X;
    public ulong Y;

    /// <summary>What group_by_expert made; 0 where all tokens take the matrix of their block.</summary>
    public ulong Groups;
    public ulong Entries;
    public int GroupCapacity;
    public int XDivisor;
    public int Tokens;

    /// <summary>Elements from token to token.</summary>
    public int XStride;
    public int YStride;

    /// <summary>Elements from matrix to matrix, where each has its own part of a row.</summary>
    public int XMatrixStride;
    public int YMatrixStride;
    public int TeamsPerTile;
}
