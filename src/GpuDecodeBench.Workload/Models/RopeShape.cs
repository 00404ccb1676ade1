using System.Collections.Immutable;

namespace GpuDecodeBench.Workload.Models;

/// <summary>Rotary position embedding (arXiv 2104.09864), "rotate half" convention of the Hugging Face checkpoints.</summary>
public sealed record RopeShape
{
    /// <summary>The base of the frequencies, <c>rope_theta</c>.</summary>
    public required double Theta { get; init; }

    /// <summary>Elements of a head that are rotated, its first ones; null for all of them.</summary>
    public int? RotatedDimensions { get; init; }

    /// <summary>The scaling of the frequencies.</summary>
    public RopeScalingKind Scaling { get; init; }

    /// <summary>The scaling factor; 1 without scaling.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>A factor on cosines and sines (YaRN's and LongRoPE's attention factor); 1 without.</summary>
    public double Magnitude { get; init; } = 1;

    /// <summary>Llama 3: <c>low_freq_factor</c>.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama 3: <c>high_freq_factor</c>.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>Llama 3, YaRN and LongRoPE: <c>original_max_position_embeddings</c>.</summary>
    public int OriginalMaxContextTokens { get; init; } = 8192;

    /// <summary>YaRN: rotations over the original context above which a frequency is kept, <c>beta_fast</c>.</summary>
    public double FastRotations { get; init; } = 32;

    /// <summary>YaRN: rotations over the original context below which a frequency is divided in full, <c>beta_slow</c>.</summary>
    public double SlowRotations { get; init; } = 1;

    /// <summary>YaRN: whether the ramp's ends are rounded outwards to whole elements, <c>truncate</c>.</summary>
    public bool WholeRampEnds { get; init; } = true;

    /// <summary>LongRoPE: divisors up to <see cref="OriginalMaxContextTokens"/>, one for each rotated pair.</summary>
    public ImmutableArray<double> ShortFactors { get; init; } = [];

    /// <summary>LongRoPE: divisors beyond <see cref="OriginalMaxContextTokens"/>, one for each rotated pair.</summary>
    public ImmutableArray<double> LongFactors { get; init; } = [];

    /// <summary>Elements that are rotated of a head of <paramref name="headDimension"/>.</summary>
    public int RotatedOf(int headDimension) => RotatedDimensions ?? headDimension;

    /// <summary>
    /// The inverse frequencies of a head, half as many as elements that are rotated: pair i turns by
    /// <c>position × frequency[i]</c> radians.
    /// </summary>
    /// <param name="headDimension">Elements of the head.</param>
    /// <param name="contextTokens">Tokens of the context, the new one included; only LongRoPE depends on it.</param>
    public double[] InverseFrequencies(int headDimension, int contextTokens = 1)
    {
        int rotated = RotatedOf(headDimension);
        var frequencies = new double[rotated / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            double frequency = Math.Pow(Theta, -2.0 * i / rotated);
            frequencies[i] = Scaling switch
            {
                RopeScalingKind.Linear => frequency / Factor,
                RopeScalingKind.Llama3 => ScaleLlama3(frequency),
                RopeScalingKind.Yarn => ScaleYarn(frequency, i, rotated),
                RopeScalingKind.LongRope => frequency
                    / (contextTokens > OriginalMaxContextTokens ? LongFactors : ShortFactors)[i],
                _ => frequency,
            };
        }

        return frequencies;
    }

    /// <summary>Whether both are the same embedding: the divisors are compared one by one.</summary>
    public bool Equals(RopeShape? other) =>
        other is not null
        && Scalars().Equals(other.Scalars())
        && ShortFactors.SequenceEqual(other.ShortFactors)
        && LongFactors.SequenceEqual(other.LongFactors);

    /// <inheritdoc/>
    public override int GetHashCode() => Scalars().GetHashCode();

    /// <summary>All that is not a list.</summary>
    private (double, int?, RopeScalingKind, double, double, (double, double), int, (double, double, bool)) Scalars() =>
        (
            Theta,
            RotatedDimensions,
            Scaling,
            Factor,
            Magnitude,
            (LowFrequencyFactor, HighFrequencyFactor),
            OriginalMaxContextTokens,
            (FastRotations, SlowRotations, WholeRampEnds)
        );

    private double ScaleLlama3(double frequency)
    {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength < OriginalMaxContextTokens / HighFrequencyFactor)
        {
            return frequency;
        }

        if (wavelength > OriginalMaxContextTokens / LowFrequencyFactor)
        {
            return frequency / Factor;
        }

        double smooth =
            ((OriginalMaxContextTokens / wavelength) - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
        return ((1 - smooth) * frequency / Factor) + (smooth * frequency);
    }

    private double ScaleYarn(double frequency, int pair, int rotated)
    {
        double low = RampEnd(FastRotations, rotated);
        double high = RampEnd(SlowRotations, rotated);
        if (WholeRampEnds)
        {
            low = Math.Floor(low);
            high = Math.Ceiling(high);
        }

        low = Math.Max(low, 0);
        high = Math.Min(high, rotated - 1);
        if (low.Equals(high))
        {
            high += 0.001; // transformers: so that the ramp has a width
        }

        double divided = Math.Clamp((pair - low) / (high - low), 0, 1);
        return (frequency / Factor * divided) + (frequency * (1 - divided));
    }

    /// <summary>The pair, as a fraction, that turns this often over the original context (arXiv 2309.00071, equation 17).</summary>
    private double RampEnd(double rotations, int rotated) =>
        rotated * Math.Log(OriginalMaxContextTokens / (rotations * 2 * Math.PI)) / (2 * Math.Log(Theta));
}
