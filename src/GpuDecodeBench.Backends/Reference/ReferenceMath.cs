using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Reference;

/// <summary>
/// The operations of a decode step in double precision by the formulas of the literature: plain loops, one sequence at a time,
/// nothing clever. What every other backend is held against.
/// </summary>
public static class ReferenceMath
{
    /// <summary>RMS norm (arXiv 1910.07467): <c>x[i] / sqrt(mean(x²) + ε) × weight[i]</c>.</summary>
    public static void RmsNorm(ReadOnlySpan<double> x, ReadOnlySpan<double> weight, double epsilon, Span<double> result)
    {
        double sumOfSquares = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sumOfSquares += x[i] * x[i];
        }

        double inverseRms = 1 / Math.Sqrt((sumOfSquares / x.Length) + epsilon);
        for (int i = 0; i < x.Length; i++)
        {
            result[i] = x[i] * inverseRms * weight[i];
        }
    }

    /// <summary>The inner product of two vectors.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>
    /// Rotary position embedding (arXiv 2104.09864) of one head in place, in the "rotate half" convention: element i and
    /// element i + D/2 form a pair that turns by <c>position × inverseFrequencies[i]</c> and grows by the magnitude.
    /// </summary>
    public static void Rope(
        Span<double> head,
        int position,
        ReadOnlySpan<double> inverseFrequencies,
        double magnitude = 1
    )
    {
        int half = head.Length / 2;
        for (int i = 0; i < half; i++)
        {
            double angle = position * inverseFrequencies[i];
            double cosine = magnitude * Math.Cos(angle);
            double sine = magnitude * Math.Sin(angle);
            double first = head[i];
            double second = head[i + half];
            head[i] = (first * cosine) - (second * sine);
            head[i + half] = (second * cosine) + (first * sine);
        }
    }

    /// <summary>
    /// Scaled dot-product attention (arXiv 1706.03762) of one query head over a span of tokens:
    /// <c>softmax(score(q·k)) · v</c>, with the layer's scale, soft cap and sink.
    /// </summary>
    /// <param name="query">D values.</param>
    /// <param name="keys">Tokens × D values.</param>
    /// <param name="values">The values of each token: the first ones of every <paramref name="valueStride"/>.</param>
    /// <param name="valueStride">Elements from one token's values to the next.</param>
    /// <param name="scoring">What makes a score of a product, and what else the softmax sums over.</param>
    /// <param name="result">Receives as many values as it has room for.</param>
    public static void Attention(
        ReadOnlySpan<double> query,
        ReadOnlySpan<double> keys,
        ReadOnlySpan<double> values,
        int valueStride,
        AttentionScoring scoring,
        Span<double> result
    )
    {
        int dimension = query.Length;
        var scores = new double[keys.Length / dimension];
        for (int token = 0; token < scores.Length; token++)
        {
            scores[token] = Score(query, keys.Slice(token * dimension, dimension), scoring);
        }

        Softmax(scores, scoring.Sink);
        result.Clear();
        AddWeighted(scores, values, valueStride, result);
    }

    /// <summary>What attention scores one key: the scaled product, capped where the layer caps it.</summary>
    public static double Score(ReadOnlySpan<double> query, ReadOnlySpan<double> key, AttentionScoring scoring)
    {
        double score = Dot(query, key) * scoring.Scale;
        return scoring.SoftCap is double cap ? SoftCap(score, cap) : score;
    }

    /// <summary>Makes weights of scores, in place: exponentials over their sum, to which a sink adds its own.</summary>
    public static void Softmax(Span<double> scores, double? sink)
    {
        double largest = sink ?? double.NegativeInfinity;
        foreach (double score in scores)
        {
            largest = Math.Max(largest, score);
        }

        double sum = sink is double extra ? Math.Exp(extra - largest) : 0;
        for (int token = 0; token < scores.Length; token++)
        {
            scores[token] = Math.Exp(scores[token] - largest);
            sum += scores[token];
        }

        for (int token = 0; token < scores.Length; token++)
        {
            scores[token] /= sum;
        }
    }

    /// <summary>Adds tokens' values times their weights to a result, token after token.</summary>
    public static void AddWeighted(
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> values,
        int valueStride,
        Span<double> result
    )
    {
        for (int token = 0; token < weights.Length; token++)
        {
            ReadOnlySpan<double> value = values.Slice(token * valueStride, result.Length);
            double weight = weights[token];
            for (int i = 0; i < result.Length; i++)
            {
                result[i] += weight * value[i];
            }
        }
    }

    /// <summary><c>cap × tanh(x / cap)</c> (Gemma 2, arXiv 2408.00118).</summary>
    public static double SoftCap(double x, double cap) => cap * Math.Tanh(x / cap);

    /// <summary>The elementwise part of a gated feed-forward network (arXiv 2002.05202).</summary>
    public static double Gate(GatedActivationKind kind, double gate, double up)
    {
        switch (kind)
        {
            case GatedActivationKind.Silu:
                return gate / (1 + Math.Exp(-gate)) * up;
            case GatedActivationKind.GeluTanh:
                double inner = Math.Sqrt(2 / Math.PI) * (gate + (0.044715 * gate * gate * gate));
                // (1 + tanh x) / 2 = 1 / (1 + e^-2x), which keeps its digits where tanh is near -1.
                return gate / (1 + Math.Exp(-2 * inner)) * up;
            case GatedActivationKind.ClampedSwiGlu:
                double limited = Math.Min(gate, 7);
                return limited / (1 + Math.Exp(-1.702 * limited)) * (Math.Clamp(up, -7, 7) + 1);
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    /// <summary>The index of the largest value; the first of several equal ones.</summary>
    public static int Argmax(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }
}
