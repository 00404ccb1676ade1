namespace GpuDecodeBench.Backends.Cuda.Attention;

/// <summary>
/// How attention is launched: which kernel of kernels/attention.cu or attention_latent.cu, over how many blocks. Grid: x splits of
/// the tokens, y <see cref="BlocksPerToken"/>, z new tokens.
/// </summary>
/// <param name="Module">The module of the kernel.</param>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="BlocksPerToken">KV heads times chunks of their query heads times passes over the result's columns.</param>
/// <param name="Splits">Blocks that share the cached tokens of one sequence.</param>
/// <param name="PartialBytes">Bytes of <c>partials</c>; 0 for one split, whose blocks write results themselves.</param>
internal readonly record struct AttentionChoice(
    string Module,
    string Kernel,
    int Threads,
    int BlocksPerToken,
    int Splits,
    long PartialBytes
)
{
    /// <summary>The module and kernel that put splits together: grid x heads, y tokens.</summary>
    public const string Combine = "attention_combine";

    /// <summary>Threads of a block of <see cref="Combine"/>.</summary>
    public const int CombineThreads = 128;

    /// <summary>More splits than this cost more to put together than they gain.</summary>
    private const int MostSplits = 128;

    /// <summary>The share of the best occupancy in waves for which fewer splits are taken.</summary>
    private const double GoodEnough = 0.85;

    /// <summary>The share of a full wave from which on tokens are not split.</summary>
    private const double FullEnough = 0.8;

    /// <summary>What should do well without having been measured.</summary>
    /// <param name="problem">What has to be done.</param>
    /// <param name="hasMatrix">Whether the GPU has the matrix instructions, sm_80 and later.</param>
    /// <param name="multiprocessors">Multiprocessors of the GPU.</param>
    /// <param name="splits">The number of splits where it is not to be guessed.</param>
    public static AttentionChoice Guess(
        in AttentionProblem problem,
        bool hasMatrix,
        int multiprocessors,
        int? splits = null
    )
    {
        AttentionKernel kernel = AttentionKernel.Of(in problem, hasMatrix);
        int blocksPerToken = kernel.BlocksPerToken(in problem);
        int count = splits ?? SplitsOf(in problem, kernel, blocksPerToken, multiprocessors);
        long partialFloats = (long)problem.Tokens * problem.Heads * count * (problem.ValueDimension + 2);
        return new AttentionChoice(
            kernel.Module(problem.Kv),
            kernel.Name(problem.Kv),
            kernel.Threads,
            blocksPerToken,
            count,
            count == 1 ? 0 : partialFloats * sizeof(float)
        );
    }

    /// <summary>
    /// One split where blocks fill most of the GPU; else the fewest that come close to the best share of busy multiprocessors, with
    /// a step of tokens for each team of a block at least (the rule of FlashAttention-3's <c>num_splits_heuristic</c>).
    /// </summary>
    internal static int SplitsOf(
        in AttentionProblem problem,
        AttentionKernel kernel,
        int blocksPerToken,
        int multiprocessors
    )
    {
        long blocks = (long)problem.Tokens * blocksPerToken;
        long places = (long)multiprocessors * kernel.BlocksPerMultiprocessor;
        if (blocks >= FullEnough * places)
        {
            return 1;
        }

        int steps = DividedUp(problem.LongestSpan, kernel.StepTokens);
        int most = Math.Clamp(steps / kernel.StepsAtOnce, 1, MostSplits);
        double best = 0;
        for (int splits = 1; splits <= most; splits++)
        {
            best = Math.Max(best, Busy(blocks * splits, places));
        }

        int fewest = 1;
        while (Busy(blocks * fewest, places) < GoodEnough * best)
        {
            fewest++;
        }

        return fewest;
    }

    internal static int DividedUp(int dividend, int divisor) => (dividend + divisor - 1) / divisor;

    /// <summary>The share of the GPU's places for blocks that are taken, over all waves.</summary>
    private static double Busy(long blocks, long places)
    {
        double waves = blocks / (double)places;
        return waves / Math.Ceiling(waves);
    }
}
