using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>generate_scales_*</c> (<c>kernels/fill.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct GenerateScalesArguments
{
    /// <summary>The tensor's seed: that of its first matrix.</summary>
    public ulong Seed { get; init; }

    /// <summary>What the jitter multiplies; for mxfp4 the whole exponent that it is added to; nvfp4 does not read it.</summary>
    public double Factor { get; init; }

    /// <summary>Receives the scales.</summary>
    public ulong Scales { get; init; }

    /// <summary>Receives the zero points of int4.</summary>
    public ulong ZeroPoints { get; init; }

    /// <summary>Bytes of scales from one matrix to the next.</summary>
    public ulong ScalesBytes { get; init; }

    /// <summary>Bytes of zero points from one matrix to the next.</summary>
    public ulong ZeroPointsBytes { get; init; }

    /// <summary>Rows.</summary>
    public int Rows { get; init; }

    /// <summary>Columns.</summary>
    public int Columns { get; init; }
}
