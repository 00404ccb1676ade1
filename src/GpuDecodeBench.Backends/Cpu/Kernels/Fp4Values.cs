using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// The sixteen values of E2M1 (OCP Microscaling Formats specification 1.0, table 5) times two, which makes them whole; the caller
/// halves its result.
/// </summary>
internal static class Fp4Values
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TTable Doubled<TSimd, TVector, TTable>()
        where TSimd : struct, ISimdTables<TVector, TTable>
        where TVector : struct
        where TTable : struct => TSimd.Table(0f, 1, 2, 3, 4, 6, 8, 12, -0f, -1, -2, -3, -4, -6, -8, -12);
}
