using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Weight matrices of one shape behind each other, in the tiled layout of <c>kernels/include/weights.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct MatricesArguments
{
    /// <summary>The codes.</summary>
    public ulong Codes { get; init; }

    /// <summary>The scales; 0 where the format has none.</summary>
    public ulong Scales { get; init; }

    /// <summary>The zero points of int4, else 0.</summary>
    public ulong ZeroPoints { get; init; }

    /// <summary>A scale for each matrix, nvfp4 only, else 0.</summary>
    public ulong TensorScales { get; init; }

    /// <summary>Bytes of codes from one matrix to the next.</summary>
    public ulong CodesBytes { get; init; }

    /// <summary>Bytes of scales from one matrix to the next.</summary>
    public ulong ScalesBytes { get; init; }

    /// <summary>Bytes of zero points from one matrix to the next.</summary>
    public ulong ZeroPointsBytes { get; init; }

    /// <summary>Rows of a matrix.</summary>
    public int Rows { get; init; }

    /// <summary>Columns of a matrix.</summary>
    public int Columns { get; init; }
}
