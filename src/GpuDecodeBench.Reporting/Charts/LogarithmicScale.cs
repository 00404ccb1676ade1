using System.Globalization;

namespace GpuDecodeBench.Reporting.Charts;

/// <summary>Equal ratios are equally long. Ticks are powers of ten, and 2 and 5 times them where there is room.</summary>
internal sealed class LogarithmicScale : AxisScale
{
    private const double Slack = 1e-9;
    private static readonly double[] s_factors = [1, 2, 5];

    private LogarithmicScale(double low, double high)
        : base(low, high) { }

    public override bool IsLogarithmic => true;

    /// <summary>The scale from the round number below to the round number above.</summary>
    public static LogarithmicScale Enclosing(double low, double high)
    {
        double first = Round(low, up: false);
        double last = Round(high, up: true);
        return last > first
            ? new LogarithmicScale(first, last)
            : new LogarithmicScale(Round(first / 2, up: false), Round(last * 2, up: true));
    }

    public override double Fraction(double value) => Math.Log10(value / Low) / Math.Log10(High / Low);

    public override IReadOnlyList<AxisTick> Ticks(int most)
    {
        int first = (int)Math.Floor(Math.Log10(Low) + Slack);
        int last = (int)Math.Ceiling(Math.Log10(High) - Slack);
        foreach (double[] factors in (double[][])[s_factors, [1, 3], [1]])
        {
            List<AxisTick> ticks = Between(first, last, factors, 1);
            if (ticks.Count <= most && ticks.Count >= 2)
            {
                return ticks;
            }
        }

        int every = 1;
        List<AxisTick> sparse = Between(first, last, [1], every);
        while (sparse.Count > most)
        {
            sparse = Between(first, last, [1], ++every);
        }

        // Less than a decade: its ends say more than one power of ten.
        return sparse.Count >= 2 ? sparse : [Tick(Low), Tick(High)];
    }

    private List<AxisTick> Between(int first, int last, double[] factors, int every)
    {
        var ticks = new List<AxisTick>();
        for (int exponent = first; exponent <= last; exponent++)
        {
            if (exponent % every != 0)
            {
                continue;
            }

            ticks.AddRange(
                factors
                    .Select(factor => factor * Math.Pow(10, exponent))
                    .Where(value => value >= Low * (1 - Slack) && value <= High * (1 + Slack))
                    .Select(Tick)
            );
        }

        return ticks;
    }

    private static AxisTick Tick(double value) => new(value, Label(value));

    private static string Label(double value) =>
        value switch
        {
            >= 1e9 or < 1e-4 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
            >= 1e6 => $"{(value / 1e6).ToString("#,0.##", CultureInfo.InvariantCulture)}M",
            >= 1e4 => $"{(value / 1e3).ToString("#,0.##", CultureInfo.InvariantCulture)}k",
            _ => value.ToString("#,0.######", CultureInfo.InvariantCulture),
        };

    private static double Round(double value, bool up)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value) + Slack));
        double[] candidates = [power, 2 * power, 5 * power, 10 * power];
        return up
            ? candidates.First(candidate => candidate >= value * (1 - Slack))
            : candidates.Last(candidate => candidate <= value * (1 + Slack));
    }
}
