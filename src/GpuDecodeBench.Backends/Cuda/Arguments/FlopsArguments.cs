using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>matrix_products_bf16</c> and <c>multiply_adds</c> (<c>kernels/flops.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct FlopsArguments
{
    /// <summary>Random numbers, 16 bytes [6][threads of a block].</summary>
    public ulong Operands { get; init; }

    /// <summary>FP32 [blocks × threads].</summary>
    public ulong Results { get; init; }

    /// <summary>Rounds of the loop.</summary>
    public uint Rounds { get; init; }
}
