namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>A result with what the uncertainty of its inputs makes of it, in the symbol's own unit.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Likely">Its value where every input has its most likely value.</param>
/// <param name="Sorted">The values of all draws, ascending.</param>
/// <param name="WithoutValue">Draws for which the equations gave no finite number.</param>
/// <param name="Seed">The seed of the draws.</param>
public sealed record UncertainResult(
    string Symbol,
    double Likely,
    IReadOnlyList<double> Sorted,
    int WithoutValue,
    int Seed
)
{
    /// <summary>A tenth of all draws lie below.</summary>
    public double P10 => Quantile(0.10);

    /// <summary>Half of all draws lie below.</summary>
    public double P50 => Quantile(0.50);

    /// <summary>Nine tenths of all draws lie below.</summary>
    public double P90 => Quantile(0.90);

    /// <summary>The value below which a share of the draws lies, between neighbours by their distance.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double Quantile(double share)
    {
        double place = share * (Sorted.Count - 1);
        int below = (int)Math.Floor(place);
        int above = Math.Min(below + 1, Sorted.Count - 1);
        return Sorted[below] + ((place - below) * (Sorted[above] - Sorted[below]));
    }
}
