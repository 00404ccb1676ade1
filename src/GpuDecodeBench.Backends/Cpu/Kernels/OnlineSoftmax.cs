using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// Softmax with a running maximum and sum (arXiv 1805.02867): scores become weights relative to the largest score so far, and
/// what was summed before is scaled down where a larger one has come.
/// </summary>
/// <remarks>
/// Lanes: neighbouring tokens for the scores, neighbouring columns for the sums, on every path. No masks: a score of −∞ becomes a
/// weight of 1e-38 of the largest. Bytes: scores and sums in the first-level cache.
/// </remarks>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
internal static unsafe class OnlineSoftmax<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Takes in the scores of a tile of heads and leaves weights in their place.</summary>
    /// <param name="scratch">Scores, largest scores, totals and weighted sums.</param>
    /// <param name="tokens">Scores of each head, a multiple of sixteen.</param>
    /// <param name="head">The tile's first head.</param>
    /// <param name="heads">The tile's heads.</param>
    public static void Add(in AttentionScratch scratch, int tokens, int head, int heads)
    {
        for (int h = 0; h < heads; h++)
        {
            float* scores = scratch.Scores + (h * AttentionScratch.ChunkTokens);
            TVector largest = TSimd.Load(scores);
            for (int t = TSimd.Lanes; t < tokens; t += TSimd.Lanes)
            {
                largest = TSimd.Max(largest, TSimd.Load(scores + t));
            }

            float before = scratch.Largest[head + h];
            float now = MathF.Max(before, TSimd.Largest(largest));
            if (now > before)
            {
                Rescale(in scratch, head + h, MathF.Exp(before - now));
                scratch.Largest[head + h] = now;
            }

            TVector sum = TSimd.Zero;
            TVector shift = TSimd.Floats(now);
            for (int t = 0; t < tokens; t += TSimd.Lanes)
            {
                TVector weights = VectorExp<TSimd, TVector>.OfNonPositive(
                    TSimd.Subtract(TSimd.Load(scores + t), shift)
                );
                sum = TSimd.Add(sum, weights);
                TSimd.Store(weights, scores + t);
            }

            scratch.Totals[head + h] += TSimd.Sum(sum);
        }
    }

    private static void Rescale(in AttentionScratch scratch, int head, float factor)
    {
        scratch.Totals[head] *= factor;
        float* sums = scratch.Sums + (head * scratch.SumStride);
        for (int d = 0; d < scratch.SumStride; d += TSimd.Lanes)
        {
            TSimd.Store(TSimd.Multiply(TSimd.Load(sums + d), TSimd.Floats(factor)), sums + d);
        }
    }
}
