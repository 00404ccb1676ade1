namespace GpuDecodeBench.Reporting.Charts;

/// <summary>Bars from zero, one under the other, each with its name before it and its figure behind it; whole or in segments.</summary>
public sealed class BarChart : IChart
{
    private const double RowHeight = 26;
    private const double TwoLineRowHeight = 36;
    private const double BarHeight = 14;
    private const double Size = ChartFrame.TextSize;

    /// <summary>A chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="description">What can be seen in it.</param>
    /// <param name="axis">The name and unit of what the bars' length is.</param>
    /// <param name="rows">The bars.</param>
    /// <param name="data">The data as a table.</param>
    public BarChart(string title, string description, string axis, IReadOnlyList<BarRow> rows, ResultTable data)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Title = title;
        Description = description;
        Axis = axis;
        Rows = rows;
        Data = data;
    }

    /// <inheritdoc/>
    public string Title { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>The name and unit of what the bars' length is.</summary>
    public string Axis { get; }

    /// <summary>The bars.</summary>
    public IReadOnlyList<BarRow> Rows { get; }

    /// <summary>What the line across bars is; null where there is none.</summary>
    public string? TargetName { get; init; }

    /// <inheritdoc/>
    public ResultTable Data { get; }

    /// <inheritdoc/>
    public IReadOnlyList<LegendEntry> Legend
    {
        get
        {
            List<LegendEntry> entries =
            [
                .. Rows.SelectMany(row => row.Segments)
                    .DistinctBy(segment => segment.Name)
                    .Select(segment => new LegendEntry(
                        segment.Name,
                        segment.Colour,
                        LineStyle.None,
                        false,
                        IsArea: true
                    )),
            ];
            bool namedByRows = Rows.All(row => row.Segments.All(segment => segment.Name == row.Name));
            if (namedByRows || entries.Count < 2 && TargetName is null)
            {
                entries.Clear();
            }

            if (TargetName is string target)
            {
                entries.Add(new LegendEntry(target, ChartPalette.Neutral, LineStyle.Solid, false));
            }

            return entries;
        }
    }

    /// <inheritdoc/>
    public string Draw(string id, int width)
    {
        double names = Math.Min(width * 0.34, Rows.Max(row => TextWidth.Of(row.Name, Size)) + 4);
        double texts = Math.Min(
            width * 0.5,
            Rows.Where(row => row.Segments.Count > 0)
                .Select(row => Math.Max(TextWidth.Of(row.Text, Size), TextWidth.Of(row.RangeText ?? "", Size)))
                .DefaultIfEmpty(0)
                .Max() + 8
        );
        double left = names + 8;
        double right = Math.Max(left + 40, width - texts - 4);
        double[] ends = [.. Rows.SelectMany(Ends).DefaultIfEmpty(0)];
        double high = ends.Max();
        AxisScale scale = AxisScale.Linear([high > 0 ? high : 1], fromZero: true);
        double top = 22;
        double height = Rows.Any(row => row.RangeText is not null) ? TwoLineRowHeight : RowHeight;
        double bottom = top + (Rows.Count * height);
        var plot = new PixelBox(left, top, right, bottom);
        var svg = new SvgWriter();
        svg.Begin(this, id, width, bottom + 26);
        svg.Rectangle(plot, "plot");
        DrawAxis(svg, plot, scale);
        for (int i = 0; i < Rows.Count; i++)
        {
            DrawRow(svg, plot, scale, Rows[i], top + ((i + 0.5) * height), width);
        }

        svg.Text(2, Size, Axis, "axis-title");
        return svg.End();
    }

    private static IEnumerable<double> Ends(BarRow row) => [row.Total, row.Range?.High ?? 0, row.Target ?? 0];

    private static void DrawAxis(SvgWriter svg, PixelBox plot, AxisScale scale)
    {
        IReadOnlyList<AxisTick> ticks = scale.Ticks(Math.Max(2, (int)(plot.Width / 70)));
        foreach (AxisTick tick in ticks)
        {
            double x = plot.Left + (scale.Fraction(tick.Value) * plot.Width);
            svg.Line(x, plot.Top, x, plot.Bottom, "grid");
            svg.Text(x, plot.Bottom + Size + 4, tick.Label, "tick m");
        }
    }

    private static void DrawRow(SvgWriter svg, PixelBox plot, AxisScale scale, BarRow row, double middle, double width)
    {
        svg.Text(plot.Left - 6, middle + (Size * 0.35), Shortened(row.Name, plot.Left - 8), "name e");
        double from = 0;
        foreach (BarSegment segment in row.Segments)
        {
            double to = from + segment.Value;
            var box = new PixelBox(X(from), middle - (BarHeight / 2), X(to), middle + (BarHeight / 2));
            svg.Rectangle(
                box,
                $"bar {ChartPalette.ClassOf(segment.Colour)}",
                segment.About.Length > 0 ? segment.About : row.About
            );
            from = to;
        }

        double end = X(row.Total);
        if (row.Range is (double low, double high))
        {
            svg.Line(X(low), middle, X(high), middle, "whisker");
            svg.Line(X(low), middle - 4, X(low), middle + 4, "whisker");
            svg.Line(X(high), middle - 4, X(high), middle + 4, "whisker");
            end = Math.Max(end, X(high));
        }

        if (row.Target is double target)
        {
            svg.Line(X(target), middle - (BarHeight / 2) - 4, X(target), middle + (BarHeight / 2) + 4, "target");
            end = Math.Max(end, X(target));
        }

        bool isKnown = row.Segments.Count > 0;
        double above = row.RangeText is null ? 0 : (Size + 2) / 2;
        svg.Text(
            end + 6,
            middle + (Size * 0.35) - above,
            isKnown ? row.Text : Shortened(row.Text, width - end - 8),
            isKnown ? "label" : "missing"
        );
        if (row.RangeText is string range)
        {
            svg.Text(end + 6, middle + (Size * 0.35) + above, range, "label");
        }

        double X(double value) => plot.Left + (scale.Fraction(value) * plot.Width);
    }

    /// <summary>A text that fits, with an ellipsis where it had to be cut; the whole stands in the table.</summary>
    private static string Shortened(string text, double width)
    {
        if (TextWidth.Of(text, Size) <= width)
        {
            return text;
        }

        int length = text.Length;
        while (length > 1 && TextWidth.Of(text[..length], Size) + Size > width)
        {
            length--;
        }

        return $"{text[..length].TrimEnd()}…";
    }
}
