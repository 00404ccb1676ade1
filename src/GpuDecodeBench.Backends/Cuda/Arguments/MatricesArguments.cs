using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary><c>Matrices</c> of kernels/include/weights.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MatricesArguments
{
    public ulong Codes;
    public ulong Scales;
    public ulong ZeroPoints;

    /// <summary>FP32, one for each matrix; nvfp4 only.</summary>
    public ulong TensorScales;

    /// <summary>Bytes from one matrix to the next.</summary>
    public ulong CodesBytes;
    public ulong ScalesBytes;
    public ulong ZeroPointsBytes;
    public int Rows;
    public int Columns;
}
