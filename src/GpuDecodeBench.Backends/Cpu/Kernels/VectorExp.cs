using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// e^x for x of at most zero, inlined where it is used: <c>2^n × e^r</c> with n whole and r at most ln 2 / 2 in size, e^r by the
/// polynomial of the Cephes library's <c>expf</c> (Moshier), whose error is some 2e-7 of the result.
/// </summary>
/// <remarks>Lanes: independent. No masks: below −87 the result is that of −87, 1.6e-38, and of NaN it is NaN.</remarks>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
internal static class VectorExp<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const float Smallest = -87;
    private const float Log2E = 1.44269504088896341f;

    // ln 2 in two parts, so that n × ln 2 is exact to begin with.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Added to a float of less than 2^22 it leaves the nearest whole number in the lowest bits.
    private const float Rounding = 12582912f;

    /// <summary>e^x, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfNonPositive(TVector x)
    {
        x = TSimd.Max(TSimd.Floats(Smallest), x);
        TVector rounded = TSimd.MultiplyAdd(x, TSimd.Floats(Log2E), TSimd.Floats(Rounding));
        TVector n = TSimd.Subtract(rounded, TSimd.Floats(Rounding));
        TVector r = TSimd.MultiplyAdd(n, TSimd.Floats(-Ln2High), x);
        r = TSimd.MultiplyAdd(n, TSimd.Floats(-Ln2Low), r);
        TVector p = TSimd.MultiplyAdd(TSimd.Floats(1.9875691500e-4f), r, TSimd.Floats(1.3981999507e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Floats(8.3334519073e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Floats(4.1665795894e-2f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Floats(1.6666665459e-1f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Floats(5.0000001201e-1f));
        p = TSimd.MultiplyAdd(p, TSimd.Multiply(r, r), TSimd.Add(r, TSimd.Floats(1)));
        TVector power = TSimd.ShiftLeft(TSimd.AddIntegers(rounded, TSimd.Integers(127)), 23);
        return TSimd.Multiply(p, power);
    }
}
