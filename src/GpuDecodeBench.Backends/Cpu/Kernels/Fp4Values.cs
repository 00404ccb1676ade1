using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>The sixteen values of E2M1 (OCP Microscaling Formats specification 1.0, table 5).</summary>
internal static class Fp4Values
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Table() =>
        Vector512.Create(0f, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6);
}
