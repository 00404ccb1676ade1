using System.Globalization;

namespace GpuDecodeBench.Reporting.Charts;

/// <summary>Equal differences are equally long. Ticks are multiples of 1, 2 or 5 times a power of ten.</summary>
internal sealed class LinearScale : AxisScale
{
    private const int Intervals = 5;

    private LinearScale(double low, double high)
        : base(low, high) { }

    public override bool IsLogarithmic => false;

    /// <summary>The scale from the round number below to the round number above.</summary>
    public static LinearScale Enclosing(double low, double high)
    {
        if (high <= low)
        {
            // One value alone: half of it on both sides, or one unit around zero.
            double margin = low == 0 ? 1 : Math.Abs(low) / 2;
            (low, high) = (low - margin, high + margin);
        }

        double step = Step((high - low) / Intervals);
        return new LinearScale(Math.Floor(low / step + Slack) * step, Math.Ceiling(high / step - Slack) * step);
    }

    public override double Fraction(double value) => (value - Low) / (High - Low);

    public override IReadOnlyList<AxisTick> Ticks(int most)
    {
        for (int wanted = Math.Max(2, most); ; wanted++)
        {
            List<AxisTick> ticks = Multiples(Step((High - Low) / (wanted - 1)));
            if (ticks.Count >= 2)
            {
                return ticks;
            }
        }
    }

    private List<AxisTick> Multiples(double step)
    {
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + Slack));
        var ticks = new List<AxisTick>();
        for (double n = Math.Ceiling(Low / step - Slack); n * step <= High + Slack * step; n++)
        {
            double value = n * step;
            ticks.Add(new AxisTick(value, Label(value, decimals)));
        }

        return ticks;
    }

    /// <summary>What rounding of binary fractions may add up to, in steps.</summary>
    private const double Slack = 1e-9;

    private static string Label(double value, int decimals) =>
        (value == 0 ? 0 : value).ToString(
            "N" + decimals.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        );

    /// <summary>The smallest of 1, 2, 5, 10 times a power of ten that is no smaller.</summary>
    private static double Step(double least)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        foreach (double factor in (double[])[1, 2, 5])
        {
            if (factor * power >= least * (1 - Slack))
            {
                return factor * power;
            }
        }

        return 10 * power;
    }
}
