using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>generate_codes_*</c> (<c>kernels/fill.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct GenerateCodesArguments
{
    /// <summary>The tensor's seed: that of its first matrix.</summary>
    public ulong Seed { get; init; }

    /// <summary>The codes: 4096 of 16 or 8 bits, or 256 bytes with codes of 4.</summary>
    public ulong Table { get; init; }

    /// <summary>Receives the chunks.</summary>
    public ulong Target { get; init; }

    /// <summary>Bytes of codes from one matrix to the next.</summary>
    public ulong MatrixBytes { get; init; }

    /// <summary>Rows.</summary>
    public int Rows { get; init; }

    /// <summary>Columns.</summary>
    public int Columns { get; init; }
}
