using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// The operations on activations, which stay in cache: norms, sums, activations, rotation, the largest value.
/// </summary>
/// <remarks>
/// Lanes: as many neighbouring elements as a register has lanes, on every path. No masks: what is left at the end is done one
/// by one. Bound by the caches, e^x by arithmetic.
/// </remarks>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
internal static unsafe class VectorMath<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary><c>result[i] = x[i] / sqrt(mean(x²) + ε) × weight[i]</c>.</summary>
    public static void RmsNorm(float* x, float* weight, int length, float epsilon, float* result)
    {
        TVector squares = TSimd.Zero;
        int i = 0;
        for (; i + TSimd.Lanes <= length; i += TSimd.Lanes)
        {
            TVector values = TSimd.Load(x + i);
            squares = TSimd.MultiplyAdd(values, values, squares);
        }

        float sum = TSimd.Sum(squares);
        for (int j = i; j < length; j++)
        {
            sum += x[j] * x[j];
        }

        float inverse = 1 / MathF.Sqrt((sum / length) + epsilon);
        i = 0;
        for (; i + TSimd.Lanes <= length; i += TSimd.Lanes)
        {
            TVector scaled = TSimd.Multiply(TSimd.Load(x + i), TSimd.Floats(inverse));
            TSimd.Store(TSimd.Multiply(scaled, TSimd.Load(weight + i)), result + i);
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
        for (; i + TSimd.Lanes <= length; i += TSimd.Lanes)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(x + i), TSimd.Load(delta + i)), x + i);
        }

        for (; i < length; i++)
        {
            x[i] += delta[i];
        }
    }

    /// <summary><c>x[i] += delta[i] × factor</c>.</summary>
    public static void AddScaled(float* x, float* delta, float factor, int length)
    {
        int i = 0;
        for (; i + TSimd.Lanes <= length; i += TSimd.Lanes)
        {
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(delta + i), TSimd.Floats(factor), TSimd.Load(x + i)), x + i);
        }

        for (; i < length; i++)
        {
            x[i] += delta[i] * factor;
        }
    }

    /// <summary><c>x[i] = cap × tanh(x[i] / cap)</c>, as <c>cap − 2 cap / (1 + e^(2x / cap))</c>.</summary>
    public static void SoftCap(float* x, int length, float cap)
    {
        int i = 0;
        for (; i + TSimd.Lanes <= length; i += TSimd.Lanes)
        {
            TVector power = TSimd.Exp(TSimd.Multiply(TSimd.Load(x + i), TSimd.Floats(2 / cap)));
            TVector part = TSimd.Divide(TSimd.Floats(2 * cap), TSimd.Add(TSimd.Floats(1), power));
            TSimd.Store(TSimd.Subtract(TSimd.Floats(cap), part), x + i);
        }

        for (; i < length; i++)
        {
            x[i] = cap * MathF.Tanh(x[i] / cap);
        }
    }

    /// <summary>Turns the pairs (i, i + D/2) of a head by angles whose cosines and sines are given, D/2 of each.</summary>
    public static void Rotate(float* head, float* cosines, float* sines, int half)
    {
        int i = 0;
        for (; i + TSimd.Lanes <= half; i += TSimd.Lanes)
        {
            TVector first = TSimd.Load(head + i);
            TVector second = TSimd.Load(head + half + i);
            TVector cosine = TSimd.Load(cosines + i);
            TVector sine = TSimd.Load(sines + i);
            TSimd.Store(TSimd.Subtract(TSimd.Multiply(first, cosine), TSimd.Multiply(second, sine)), head + i);
            TSimd.Store(TSimd.Add(TSimd.Multiply(second, cosine), TSimd.Multiply(first, sine)), head + half + i);
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
        if (length < TSimd.Lanes)
        {
            return ArgmaxScalar(values, 0, length, 0);
        }

        TVector best = TSimd.Load(values);
        TVector bestIndex = TSimd.Indices;
        TVector index = bestIndex;
        int i = TSimd.Lanes;
        for (; i + TSimd.Lanes <= length; i += TSimd.Lanes)
        {
            index = TSimd.AddIntegers(index, TSimd.Integers(TSimd.Lanes));
            TVector candidates = TSimd.Load(values + i);
            bestIndex = TSimd.SelectGreater(candidates, best, index, bestIndex);
            best = TSimd.SelectGreater(candidates, best, candidates, best);
        }

        int* winners = stackalloc int[TSimd.Lanes];
        TSimd.Store(bestIndex, (float*)winners);
        int winner = winners[0];
        for (int lane = 1; lane < TSimd.Lanes; lane++)
        {
            int candidate = winners[lane];
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
