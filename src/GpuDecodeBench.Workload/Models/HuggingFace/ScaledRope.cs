using System.Collections.Immutable;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Reads the blocks of the RoPE scalings that take more than a factor.</summary>
internal static class ScaledRope
{
    private const double DefaultFastRotations = 32;
    private const double DefaultSlowRotations = 1;

    /// <summary>A factor that must be there.</summary>
    public static double Factor(ConfigObject block, string key) =>
        block.Number(key, ConfigLimits.MinRopeFactor, ConfigLimits.MaxRopeFactor);

    /// <summary>Llama 3.1's scaling (transformers, <c>_compute_llama3_parameters</c>).</summary>
    public static RopeShape Llama3(ConfigObject block, double theta)
    {
        double low = Factor(block, "low_freq_factor");
        double high = Factor(block, "high_freq_factor");
        if (high <= low)
        {
            throw block.Refused("high_freq_factor", $"{high}", $"above low_freq_factor, which is {low}");
        }

        return new RopeShape
        {
            Theta = theta,
            Scaling = RopeScalingKind.Llama3,
            Factor = Factor(block, "factor"),
            LowFrequencyFactor = low,
            HighFrequencyFactor = high,
            OriginalMaxContextTokens = block.Int("original_max_position_embeddings", 1, ConfigLimits.MaxContextTokens),
        };
    }

    /// <summary>
    /// YaRN (transformers, <c>_compute_yarn_parameters</c>): cosines and sines are multiplied by <c>attention_factor</c>, by the
    /// quotient of both mscales where both are given, else by <c>0.1 ln(factor) + 1</c>.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="theta">The base of the frequencies.</param>
    /// <param name="originalContext">Tokens of the context that the model was trained on first.</param>
    public static RopeShape Yarn(ConfigObject block, double theta, int originalContext)
    {
        if (theta <= 1)
        {
            throw block.Error($"rope_theta is {theta}, but must be above 1 with the scaling \"yarn\".");
        }

        double factor = Factor(block, "factor");
        double fast = FactorOrNull(block, "beta_fast") ?? DefaultFastRotations;
        double slow = FactorOrNull(block, "beta_slow") ?? DefaultSlowRotations;
        if (fast < slow)
        {
            throw block.Refused("beta_fast", $"{fast}", $"at least beta_slow, which is {slow}");
        }

        double all = Mscale(block, "mscale_all_dim");
        double magnitude =
            Mscale(block, "mscale") is > 0 and double mscale && all > 0
                ? YarnMagnitude(factor, mscale) / YarnMagnitude(factor, all)
                : YarnMagnitude(factor, 1);
        return new RopeShape
        {
            Theta = theta,
            Scaling = RopeScalingKind.Yarn,
            Factor = factor,
            Magnitude = FactorOrNull(block, "attention_factor") ?? magnitude,
            OriginalMaxContextTokens = originalContext,
            FastRotations = fast,
            SlowRotations = slow,
            WholeRampEnds = block.Bool("truncate", absent: true),
        };
    }

    /// <summary>
    /// DeepSeek-V3's correction of the scores for YaRN: the square of <c>0.1 mscale_all_dim ln(factor) + 1</c>, and 1 without that key
    /// (transformers, <c>modeling_deepseek_v3.py</c>).
    /// </summary>
    /// <param name="block">A block of the type <c>yarn</c>.</param>
    public static double YarnScoreCorrection(ConfigObject block)
    {
        double all = Mscale(block, "mscale_all_dim");
        return all > 0 ? Math.Pow(YarnMagnitude(Factor(block, "factor"), all), 2) : 1;
    }

    /// <summary>
    /// LongRoPE (transformers, <c>_compute_longrope_parameters</c>): the factor is that of the contexts where it is absent, and
    /// cosines and sines are multiplied by <c>attention_factor</c> or <c>√(1 + ln(factor) / ln(original))</c>.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="theta">The base of the frequencies.</param>
    /// <param name="originalContext">Tokens up to which the short divisors hold.</param>
    /// <param name="maxContext">Tokens of the longest context.</param>
    /// <param name="pairs">Pairs of elements that are rotated: how many divisors each list must have.</param>
    public static RopeShape LongRope(ConfigObject block, double theta, int originalContext, int maxContext, int pairs)
    {
        if (originalContext < 2)
        {
            throw block.Error(
                $"original_max_position_embeddings is {originalContext}, but must be at least 2 with the scaling \"longrope\"."
            );
        }

        double factor = FactorOrNull(block, "factor") ?? ((double)maxContext / originalContext);
        double magnitude = factor <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(factor) / Math.Log(originalContext)));
        return new RopeShape
        {
            Theta = theta,
            Scaling = RopeScalingKind.LongRope,
            Factor = factor,
            Magnitude = FactorOrNull(block, "attention_factor") ?? magnitude,
            OriginalMaxContextTokens = originalContext,
            ShortFactors = Divisors(block, "short_factor", pairs),
            LongFactors = Divisors(block, "long_factor", pairs),
        };
    }

    private static ImmutableArray<double> Divisors(ConfigObject block, string key, int pairs) =>
        block.Numbers(key, pairs, ConfigLimits.MinRopeFactor, ConfigLimits.MaxRopeFactor);

    private static double? FactorOrNull(ConfigObject block, string key) =>
        block.NumberOrNull(key, ConfigLimits.MinRopeFactor, ConfigLimits.MaxRopeFactor);

    /// <summary>An mscale; a zero is as good as absent, as in transformers.</summary>
    private static double Mscale(ConfigObject block, string key) =>
        block.NumberOrNull(key, 0, ConfigLimits.MaxRopeFactor) ?? 0;

    private static double YarnMagnitude(double factor, double mscale) =>
        factor <= 1 ? 1 : (0.1 * mscale * Math.Log(factor)) + 1;
}
