using System.Collections.Immutable;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>
/// The time of a streamed byte over arithmetic intensity. At the intensities that were measured it is known; elsewhere it is between
/// two bounds that follow from three statements about any kernel: with more arithmetic for each byte, a byte does not take less time,
/// an operation of arithmetic does not take more, and the time per byte bends upwards, from memory's bound to arithmetic's.
/// </summary>
public sealed class RateCurve
{
    /// <summary>Intensities closer than this, as a fraction, are one: scales and biases beside a matrix make small differences.</summary>
    private const double Merge = 0.05;

    private readonly double? _readBytesPerSecond;
    private readonly double? _flopsPerSecond;

    internal RateCurve(ImmutableArray<RateKnot> knots, double? readBytesPerSecond, double? flopsPerSecond)
    {
        Knots = knots;
        _readBytesPerSecond = readBytesPerSecond is > 0 ? readBytesPerSecond : null;
        _flopsPerSecond = flopsPerSecond is > 0 ? flopsPerSecond : null;
    }

    /// <summary>What was measured, by rising intensity; at least one.</summary>
    public ImmutableArray<RateKnot> Knots { get; }

    /// <summary>The time of a streamed byte.</summary>
    /// <param name="intensity">Floating-point operations for each streamed byte.</param>
    public RateBand At(double intensity)
    {
        if (Knots.FirstOrDefault(knot => IsSame(knot.Intensity, intensity)) is RateKnot measured)
        {
            return new RateBand(measured.SecondsPerByte, measured.SecondsPerByte);
        }

        int above = Knots.TakeWhile(knot => knot.Intensity < intensity).Count();
        return above == 0 ? Below(intensity)
            : above == Knots.Length ? Above(intensity)
            : Between(Knots[above - 1], Knots[above], intensity);
    }

    /// <summary>Whether an intensity lies outside those measured.</summary>
    /// <param name="intensity">Floating-point operations for each streamed byte.</param>
    public bool IsOutside(double intensity) =>
        !Knots.Any(knot => IsSame(knot.Intensity, intensity))
        && (intensity < Knots[0].Intensity || intensity > Knots[^1].Intensity);

    /// <summary>The intensities that make knots of a curve: near ones are one.</summary>
    internal static double[] Merged(IEnumerable<double> intensities)
    {
        var groups = new List<List<double>>();
        foreach (double intensity in intensities.Order())
        {
            if (groups.Count > 0 && IsSame(groups[^1][0], intensity))
            {
                groups[^1].Add(intensity);
            }
            else
            {
                groups.Add([intensity]);
            }
        }

        return [.. groups.Select(group => group.Average())];
    }

    /// <summary>The knot that an intensity belongs to.</summary>
    internal static int Nearest(double[] knots, double intensity)
    {
        int nearest = 0;
        for (int i = 1; i < knots.Length; i++)
        {
            nearest = Math.Abs(knots[i] - intensity) < Math.Abs(knots[nearest] - intensity) ? i : nearest;
        }

        return nearest;
    }

    private static bool IsSame(double knot, double intensity) => Math.Abs(intensity - knot) <= Merge * knot;

    /// <summary>Between two measured intensities: above both bounds of the roofline through them, below the straight line.</summary>
    private RateBand Between(RateKnot low, RateKnot high, double intensity)
    {
        double share = (intensity - low.Intensity) / (high.Intensity - low.Intensity);
        double line = low.SecondsPerByte + (share * (high.SecondsPerByte - low.SecondsPerByte));
        double memory = Math.Min(low.SecondsPerByte, high.SecondsPerByte);
        double arithmetic = high.SecondsPerByte * intensity / high.Intensity;
        return Band(Math.Max(Math.Max(memory, arithmetic), Ceilings(intensity)), line);
    }

    /// <summary>
    /// Less arithmetic than was measured: no more time per byte, no less per operation, and not below the first line where there is one.
    /// </summary>
    private RateBand Below(double intensity)
    {
        RateKnot first = Knots[0];
        double line = Knots.Length > 1 ? first.SecondsPerByte - (Slope(0) * (first.Intensity - intensity)) : 0;
        double arithmetic = first.Intensity > 0 ? first.SecondsPerByte * intensity / first.Intensity : 0;
        return Band(Math.Max(Math.Max(line, arithmetic), Ceilings(intensity)), first.SecondsPerByte);
    }

    /// <summary>More arithmetic than was measured: no more time per operation, and not below the last line.</summary>
    private RateBand Above(double intensity)
    {
        RateKnot last = Knots[^1];
        double line = last.SecondsPerByte + (Slope(Knots.Length - 2) * (intensity - last.Intensity));
        double arithmetic = last.Intensity > 0 ? last.SecondsPerByte * intensity / last.Intensity : line;
        return Band(Math.Max(line, Ceilings(intensity)), Math.Max(arithmetic, line));
    }

    /// <summary>The rise between a knot and the next; 0 where there is no such pair, or noise makes it fall.</summary>
    private double Slope(int knot) =>
        knot < 0 || knot + 1 >= Knots.Length
            ? 0
            : Math.Max(
                0,
                (Knots[knot + 1].SecondsPerByte - Knots[knot].SecondsPerByte)
                    / (Knots[knot + 1].Intensity - Knots[knot].Intensity)
            );

    /// <summary>The least that the measured ceilings of reading and arithmetic allow.</summary>
    private double Ceilings(double intensity) =>
        Math.Max(1 / _readBytesPerSecond ?? 0, intensity / _flopsPerSecond ?? 0);

    private static RateBand Band(double low, double high) => new(Math.Min(low, high), high);
}
