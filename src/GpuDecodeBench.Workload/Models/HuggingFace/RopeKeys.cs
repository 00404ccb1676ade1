namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// Writes rotary position embedding in the spelling that transformers 4.x writes and 5.x still reads (<c>rope_theta</c>,
/// <c>rope_scaling</c>); the counterpart of <see cref="RopeConfig"/>.
/// </summary>
internal static class RopeKeys
{
    /// <summary><c>rope_theta</c> and <c>rope_scaling</c>.</summary>
    /// <param name="config">Receives the keys.</param>
    /// <param name="rope">The embedding.</param>
    /// <param name="more">Writes what else the block has, where there is a block.</param>
    public static void Write(ConfigWriter config, RopeShape rope, Action? more = null)
    {
        config.Float("rope_theta", rope.Theta);
        if (rope.Scaling == RopeScalingKind.None)
        {
            config.Null("rope_scaling");
            return;
        }

        config.Object(
            "rope_scaling",
            () =>
            {
                WriteBlock(config, rope);
                more?.Invoke();
            }
        );
    }

    private static void WriteBlock(ConfigWriter config, RopeShape rope)
    {
        config.Text("rope_type", TypeOf(rope.Scaling));
        config.Float("factor", rope.Factor);
        switch (rope.Scaling)
        {
            case RopeScalingKind.Linear:
                break;
            case RopeScalingKind.Llama3:
                config.Float("low_freq_factor", rope.LowFrequencyFactor);
                config.Float("high_freq_factor", rope.HighFrequencyFactor);
                config.Int("original_max_position_embeddings", rope.OriginalMaxContextTokens);
                break;
            case RopeScalingKind.Yarn:
                config.Float("beta_fast", rope.FastRotations);
                config.Float("beta_slow", rope.SlowRotations);
                config.Bool("truncate", rope.WholeRampEnds);
                config.Int("original_max_position_embeddings", rope.OriginalMaxContextTokens);
                config.Float("attention_factor", rope.Magnitude);
                break;
            default:
                config.Floats("short_factor", rope.ShortFactors);
                config.Floats("long_factor", rope.LongFactors);
                config.Int("original_max_position_embeddings", rope.OriginalMaxContextTokens);
                config.Float("attention_factor", rope.Magnitude);
                break;
        }
    }

    private static string TypeOf(RopeScalingKind kind) =>
        kind switch
        {
            RopeScalingKind.Linear => "linear",
            RopeScalingKind.Llama3 => "llama3",
            RopeScalingKind.Yarn => "yarn",
            RopeScalingKind.LongRope => "longrope",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
