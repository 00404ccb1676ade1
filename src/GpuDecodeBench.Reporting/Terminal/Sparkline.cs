namespace GpuDecodeBench.Reporting.Terminal;

/// <summary>A line of block characters that shows how values change from left to right.</summary>
public static class Sparkline
{
    /// <summary>What stands where a value is not known.</summary>
    public const char Gap = '·';

    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>The line: a character a value, the lowest block for the lowest value and the full block for the highest.</summary>
    /// <param name="values">The values; null, or not finite, where one is not known.</param>
    /// <param name="width">The most characters; more values are joined in equal parts, each shown by its median.</param>
    /// <param name="smallestRange">
    /// The range of values that the height shows at least, so that noise does not look like mountains: values that differ by less
    /// stand in the middle of it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The width is not above zero, or the range is negative or not finite.</exception>
    public static string Of(IReadOnlyList<double?> values, int width, double smallestRange = 0)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (!double.IsFinite(smallestRange) || smallestRange < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(smallestRange),
                smallestRange,
                "A finite range, zero or more."
            );
        }

        double?[] shown = [.. Parts(values, width).Select(Median)];
        double[] known = [.. shown.OfType<double>()];
        if (known.Length == 0)
        {
            return new string(Gap, shown.Length);
        }

        double range = Math.Max(known.Max() - known.Min(), smallestRange);
        double lowest = ((known.Max() + known.Min()) / 2) - (range / 2);
        return string.Concat(shown.Select(value => value is double one ? BlockOf(one - lowest, range) : Gap));
    }

    private static char BlockOf(double height, double range) =>
        range <= 0
            ? Blocks[Blocks.Length / 2]
            : Blocks[Math.Clamp((int)(height / range * Blocks.Length), 0, Blocks.Length - 1)];

    /// <summary>The values in as many parts as there is room for, whose lengths differ by one at most.</summary>
    private static IEnumerable<IEnumerable<double?>> Parts(IReadOnlyList<double?> values, int width)
    {
        int count = Math.Min(values.Count, width);
        for (int i = 0; i < count; i++)
        {
            int from = (int)((long)i * values.Count / count);
            int to = (int)((long)(i + 1) * values.Count / count);
            yield return values.Skip(from).Take(to - from);
        }
    }

    private static double? Median(IEnumerable<double?> part)
    {
        double[] known = [.. part.OfType<double>().Where(double.IsFinite).Order()];
        return known.Length == 0 ? null
            : known.Length % 2 == 1 ? known[known.Length / 2]
            : (known[(known.Length / 2) - 1] + known[known.Length / 2]) / 2;
    }
}
