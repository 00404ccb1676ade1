namespace GpuDecodeBench.Workload.Models;

/// <summary>Rotary position embedding (arXiv 2104.09864), "rotate half" convention of the Hugging Face checkpoints.</summary>
public sealed record RopeShape
{
    /// <summary>The base of the frequencies, <c>rope_theta</c>.</summary>
    public required double Theta { get; init; }

    /// <summary>The scaling of the frequencies.</summary>
    public RopeScalingKind Scaling { get; init; }

    /// <summary>The scaling factor; 1 without scaling.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Llama 3: <c>low_freq_factor</c>.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama 3: <c>high_freq_factor</c>.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>Llama 3: <c>original_max_position_embeddings</c>.</summary>
    public int OriginalMaxContextTokens { get; init; } = 8192;

    /// <summary>
    /// The inverse frequencies of a head, <paramref name="headDimension"/> / 2 of them: element i rotates by
    /// <c>position × frequency[i]</c> radians.
    /// </summary>
    public double[] InverseFrequencies(int headDimension)
    {
        var frequencies = new double[headDimension / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            double frequency = Math.Pow(Theta, -2.0 * i / headDimension);
            frequencies[i] = Scaling switch
            {
                RopeScalingKind.Linear => frequency / Factor,
                RopeScalingKind.Llama3 => ScaleLlama3(frequency),
                _ => frequency,
            };
        }

        return frequencies;
    }

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
}
