using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>A kernel that does nothing but multiply and add in registers: <see cref="Sums"/> independent sums.</summary>
/// <remarks>
/// Lanes: all alike; no masks. Bytes: none. Bound by the multiply-add units: the sums are more than units times latency (8 to 16
/// instructions on today's processors) and fewer than the registers, so that none waits and none goes to memory: 24 of 32
/// registers (AVX-512, NEON), 12 of 16 (AVX2, SSE).
/// </remarks>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
internal static class PeakKernel<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Independent sums, a register each.</summary>
    public static int Sums
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSimd.Registers >= 32 ? 24 : 12;
    }

    /// <summary>Some rounds of one multiply-add for each sum; gives the sum of all, so that none can be left out.</summary>
    public static float MultiplyAddLoop(int rounds)
    {
        TVector x = TSimd.Floats(0.999f),
            y = TSimd.Floats(0.001f);
        TVector a = x,
            b = x,
            c = x,
            d = x,
            e = x,
            f = x,
            g = x,
            h = x,
            i = x,
            j = x,
            k = x,
            l = x;
        TVector m = x,
            n = x,
            o = x,
            p = x,
            q = x,
            r = x,
            s = x,
            t = x,
            u = x,
            v = x,
            w = x,
            z = x;
        for (int round = 0; round < rounds; round++)
        {
            a = TSimd.MultiplyAdd(a, x, y);
            b = TSimd.MultiplyAdd(b, x, y);
            c = TSimd.MultiplyAdd(c, x, y);
            d = TSimd.MultiplyAdd(d, x, y);
            e = TSimd.MultiplyAdd(e, x, y);
            f = TSimd.MultiplyAdd(f, x, y);
            g = TSimd.MultiplyAdd(g, x, y);
            h = TSimd.MultiplyAdd(h, x, y);
            i = TSimd.MultiplyAdd(i, x, y);
            j = TSimd.MultiplyAdd(j, x, y);
            k = TSimd.MultiplyAdd(k, x, y);
            l = TSimd.MultiplyAdd(l, x, y);
            if (Sums == 24)
            {
                m = TSimd.MultiplyAdd(m, x, y);
                n = TSimd.MultiplyAdd(n, x, y);
                o = TSimd.MultiplyAdd(o, x, y);
                p = TSimd.MultiplyAdd(p, x, y);
                q = TSimd.MultiplyAdd(q, x, y);
                r = TSimd.MultiplyAdd(r, x, y);
                s = TSimd.MultiplyAdd(s, x, y);
                t = TSimd.MultiplyAdd(t, x, y);
                u = TSimd.MultiplyAdd(u, x, y);
                v = TSimd.MultiplyAdd(v, x, y);
                w = TSimd.MultiplyAdd(w, x, y);
                z = TSimd.MultiplyAdd(z, x, y);
            }
        }

        TVector sum = Sum(Sum(a, b, c, d), Sum(e, f, g, h), Sum(i, j, k, l), TSimd.Zero);
        if (Sums == 24)
        {
            sum = Sum(sum, Sum(m, n, o, p), Sum(q, r, s, t), Sum(u, v, w, z));
        }

        return TSimd.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(TVector a, TVector b, TVector c, TVector d) =>
        TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d));
}
