namespace GpuDecodeBench.Reporting.Charts;

/// <summary>From values to places along an axis. The ends are round numbers that enclose everything shown.</summary>
public abstract class AxisScale
{
    /// <summary>From this ratio of the largest to the smallest value on, a logarithmic axis shows more than a linear one.</summary>
    private const double WorthALogarithm = 8;

    private protected AxisScale(double low, double high)
    {
        Low = low;
        High = high;
    }

    /// <summary>The value at the beginning.</summary>
    public double Low { get; }

    /// <summary>The value at the end.</summary>
    public double High { get; }

    /// <summary>Whether equal ratios are equally long.</summary>
    public abstract bool IsLogarithmic { get; }

    /// <summary>Where a value lies, from 0 at the beginning to 1 at the end.</summary>
    /// <param name="value">A value between the ends.</param>
    public abstract double Fraction(double value);

    /// <summary>Round values along the axis, both ends among them where they are round.</summary>
    /// <param name="most">How many there is room for, at least 2.</param>
    public abstract IReadOnlyList<AxisTick> Ticks(int most);

    /// <summary>A linear scale whose ends are round.</summary>
    /// <param name="values">What it must enclose; at least one value, all finite.</param>
    /// <param name="fromZero">Whether zero belongs to it, as it must for bars.</param>
    public static AxisScale Linear(IEnumerable<double> values, bool fromZero = false)
    {
        double[] all = fromZero ? [0, .. Finite(values)] : Finite(values);
        return LinearScale.Enclosing(all.Min(), all.Max());
    }

    /// <summary>A logarithmic scale whose ends are 1, 2 or 5 times a power of ten.</summary>
    /// <param name="values">What it must enclose; at least one value, all above zero.</param>
    /// <exception cref="ArgumentException">A value is not above zero.</exception>
    public static AxisScale Logarithmic(IEnumerable<double> values)
    {
        double[] all = Finite(values);
        return all.Min() > 0
            ? LogarithmicScale.Enclosing(all.Min(), all.Max())
            : throw new ArgumentException("A logarithmic axis takes values above zero.", nameof(values));
    }

    /// <summary>The scale that suits values above zero: logarithmic where they differ much, else linear from zero.</summary>
    /// <param name="values">What it must enclose.</param>
    public static AxisScale Fitting(IEnumerable<double> values)
    {
        double[] all = Finite(values);
        return all.Min() > 0 && all.Max() / all.Min() >= WorthALogarithm
            ? Logarithmic(all)
            : Linear(all, fromZero: true);
    }

    private static double[] Finite(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return all.Length > 0 && all.All(double.IsFinite)
            ? all
            : throw new ArgumentException("An axis needs at least one value, and finite ones only.", nameof(values));
    }
}
