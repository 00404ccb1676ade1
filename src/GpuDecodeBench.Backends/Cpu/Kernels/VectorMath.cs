using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// The operations on activations: sixteen neighbouring elements at a time, the rest one by one. All of it stays in cache.
/// </summary>
internal static unsafe class VectorMath
{
    /// <summary><c>result[i] = x[i] / sqrt(mean(x²) + ε) × weight[i]</c>.</summary>
    public static void RmsNorm(float* x, float* weight, int length, float epsilon, float* result)
    {
        Vector512<float> squares = Vector512<float>.Zero;
        int i = 0;
        for (; i + Simd.Lanes <= length; i += Simd.Lanes)
        {
            Vector512<float> values = Vector512.Load(x + i);
            squares = Simd.MultiplyAdd(values, values, squares);
        }

        float sum = Vector512.Sum(squares);
        for (int j = i; j < length; j++)
        {
            sum += x[j] * x[j];
        }

        float inverse = 1 / MathF.Sqrt((sum / length) + epsilon);
        i = 0;
        for (; i + Simd.Lanes <= length; i += Simd.Lanes)
        {
            (Vector512.Load(x + i) * inverse * Vector512.Load(weight + i)).Store(result + i);
        }

        for (; i < length; i++)
        {
            result[i] = x[i] * inverse * weight[i];
        }
    }

    /// <summary><c>x[i] += delta[i]</c>.</summary>
    public static void Add(float* x, float* delta, int length)
    {
        int i = 0;
        for (; i + Simd.Lanes <= length; i += Simd.Lanes)
        {
            (Vector512.Load(x + i) + Vector512.Load(delta + i)).Store(x + i);
        }

        for (; i < length; i++)
        {
            x[i] += delta[i];
        }
    }

    /// <summary><c>result[i] = silu(gate[i]) × up[i]</c>.</summary>
    public static void GatedSilu(float* gate, float* up, int length, float* result)
    {
        int i = 0;
        for (; i + Simd.Lanes <= length; i += Simd.Lanes)
        {
            Vector512<float> g = Vector512.Load(gate + i);
            (g / (Vector512<float>.One + Vector512.Exp(-g)) * Vector512.Load(up + i)).Store(result + i);
        }

        for (; i < length; i++)
        {
            result[i] = gate[i] / (1 + MathF.Exp(-gate[i])) * up[i];
        }
    }

    /// <summary>Turns the pairs (i, i + D/2) of a head by angles whose cosines and sines are given, D/2 of each.</summary>
    public static void Rotate(float* head, float* cosines, float* sines, int half)
    {
        int i = 0;
        for (; i + Simd.Lanes <= half; i += Simd.Lanes)
        {
            Vector512<float> first = Vector512.Load(head + i);
            Vector512<float> second = Vector512.Load(head + half + i);
            Vector512<float> cosine = Vector512.Load(cosines + i);
            Vector512<float> sine = Vector512.Load(sines + i);
            ((first * cosine) - (second * sine)).Store(head + i);
            ((second * cosine) + (first * sine)).Store(head + half + i);
        }

        for (; i < half; i++)
        {
            float first = head[i];
            float second = head[half + i];
            head[i] = (first * cosines[i]) - (second * sines[i]);
            head[half + i] = (second * cosines[i]) + (first * sines[i]);
        }
    }

    /// <summary>The index of the largest value, the first of several equal ones.</summary>
    public static int Argmax(float* values, int length)
    {
        if (length < Simd.Lanes)
        {
            return ArgmaxScalar(values, 0, length, 0);
        }

        Vector512<float> best = Vector512.Load(values);
        Vector512<int> bestIndex = Vector512<int>.Indices;
        Vector512<int> index = bestIndex;
        int i = Simd.Lanes;
        for (; i + Simd.Lanes <= length; i += Simd.Lanes)
        {
            index += Vector512.Create(Simd.Lanes);
            Vector512<float> candidates = Vector512.Load(values + i);
            Vector512<float> greater = Vector512.GreaterThan(candidates, best);
            best = Vector512.ConditionalSelect(greater, candidates, best);
            bestIndex = Vector512.ConditionalSelect(greater.AsInt32(), index, bestIndex);
        }

        int winner = bestIndex[0];
        for (int lane = 1; lane < Simd.Lanes; lane++)
        {
            int candidate = bestIndex[lane];
            if (values[candidate] > values[winner] || (values[candidate] == values[winner] && candidate < winner))
            {
                winner = candidate;
            }
        }

        return ArgmaxScalar(values, i, length, winner);
    }

    private static int ArgmaxScalar(float* values, int start, int end, int best)
    {
        for (int i = start; i < end; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }
}
