using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// What joins the gate and the up half of a feed-forward network; <see cref="GatedActivationKind"/> has the formulas. All three
/// are <c>g / (1 + e^−s(g)) × (u + o)</c>: tanh is a logistic function of twice its argument.
/// </summary>
/// <remarks>
/// Lanes: as many neighbouring elements as a register has lanes, on every path. No masks: what is left at the end is done one by
/// one. Bytes: two halves in, one out, from the caches. Bound by the exponential.
/// </remarks>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
internal static unsafe class GatedActivations<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const float GeluFactor = 1.5957691216057308f; // 2 √(2/π)
    private const float GeluCubic = 0.044715f;
    private const float ClampLimit = 7;
    private const float ClampSlope = 1.702f;

    /// <summary>Joins some elements.</summary>
    public static void Join(GatedActivationKind kind, float* gate, float* up, int length, float* result)
    {
        switch (kind)
        {
            case GatedActivationKind.Silu:
                Silu(gate, up, length, result);
                break;
            case GatedActivationKind.GeluTanh:
                GeluTanh(gate, up, length, result);
                break;
            default:
                ClampedSwiGlu(gate, up, length, result);
                break;
        }
    }

    private static void Silu(float* gate, float* up, int length, float* result)
    {
        int i = 0;
        for (; i + TSimd.Lanes <= length; i += TSimd.Lanes)
        {
            TVector g = TSimd.Load(gate + i);
            TSimd.Store(TSimd.Multiply(Logistic(g, g), TSimd.Load(up + i)), result + i);
        }

        for (; i < length; i++)
        {
            result[i] = gate[i] / (1 + MathF.Exp(-gate[i])) * up[i];
        }
    }

    private static void GeluTanh(float* gate, float* up, int length, float* result)
    {
        int i = 0;
        for (; i + TSimd.Lanes <= length; i += TSimd.Lanes)
        {
            TVector g = TSimd.Load(gate + i);
            TVector square = TSimd.Multiply(g, g);
            TVector slope = TSimd.MultiplyAdd(square, TSimd.Floats(GeluFactor * GeluCubic), TSimd.Floats(GeluFactor));
            TSimd.Store(TSimd.Multiply(Logistic(g, TSimd.Multiply(g, slope)), TSimd.Load(up + i)), result + i);
        }

        for (; i < length; i++)
        {
            float g = gate[i];
            result[i] = g / (1 + MathF.Exp(-g * (GeluFactor + (GeluFactor * GeluCubic * g * g)))) * up[i];
        }
    }

    private static void ClampedSwiGlu(float* gate, float* up, int length, float* result)
    {
        TVector limit = TSimd.Floats(ClampLimit);
        TVector negative = TSimd.Floats(-ClampLimit);
        int i = 0;
        for (; i + TSimd.Lanes <= length; i += TSimd.Lanes)
        {
            TVector g = Min(TSimd.Load(gate + i), limit);
            TVector u = TSimd.Max(Min(TSimd.Load(up + i), limit), negative);
            TVector logistic = Logistic(g, TSimd.Multiply(g, TSimd.Floats(ClampSlope)));
            TSimd.Store(TSimd.Multiply(logistic, TSimd.Add(u, TSimd.Floats(1))), result + i);
        }

        for (; i < length; i++)
        {
            float g = MathF.Min(gate[i], ClampLimit);
            float u = Math.Clamp(up[i], -ClampLimit, ClampLimit);
            result[i] = g / (1 + MathF.Exp(-ClampSlope * g)) * (u + 1);
        }
    }

    /// <summary><c>x / (1 + e^−s)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Logistic(TVector x, TVector s) =>
        TSimd.Divide(x, TSimd.Add(TSimd.Floats(1), TSimd.Exp(TSimd.Subtract(TSimd.Zero, s))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Min(TVector a, TVector b) => TSimd.SelectGreater(a, b, b, a);
}
