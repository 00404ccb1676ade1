using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Vectors;

/// <summary>A table of sixteen floats for AVX2: entries 0 … 7 and 8 … 15.</summary>
internal readonly struct Avx2Table
{
    public readonly Vector256<float> Low;

    public readonly Vector256<float> High;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Avx2Table(Vector256<float> low, Vector256<float> high)
    {
        Low = low;
        High = high;
    }
}
