namespace GpuDecodeBench.Reporting.Charts;

/// <summary>Every sample as a stroke, with a box from one percentile to another and the median, one row for each thing.</summary>
public sealed class SampleChart : IChart
{
    /// <summary>More strokes than this in a row cannot be told apart: they are thinned evenly, the extremes kept.</summary>
    private const int MostStrokes = 150;

    private const double RowHeight = 34;
    private const double Size = ChartFrame.TextSize;

    /// <summary>A chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="description">What can be seen in it.</param>
    /// <param name="axis">The name and unit of the samples.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="data">The data as a table.</param>
    public SampleChart(string title, string description, string axis, IReadOnlyList<SampleRow> rows, ResultTable data)
    {
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

    /// <summary>The name and unit of the samples.</summary>
    public string Axis { get; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<SampleRow> Rows { get; }

    /// <inheritdoc/>
    public ResultTable Data { get; }

    /// <inheritdoc/>
    public IReadOnlyList<LegendEntry> Legend => [];

    /// <inheritdoc/>
    public string Draw(string id, int width)
    {
        double left = Math.Min(width * 0.34, Rows.Max(row => TextWidth.Of(row.Name, Size)) + 4) + 8;
        AxisScale scale = AxisScale.Linear(Rows.SelectMany(row => row.Samples));
        var plot = new PixelBox(left, 22, width - 20, 22 + (Rows.Count * RowHeight));
        var svg = new SvgWriter();
        svg.Begin(this, id, width, plot.Bottom + 26);
        svg.Rectangle(plot, "plot");
        foreach (AxisTick tick in scale.Ticks(Math.Max(2, (int)(plot.Width / 70))))
        {
            double x = X(tick.Value);
            svg.Line(x, plot.Top, x, plot.Bottom, "grid");
            svg.Text(x, plot.Bottom + Size + 4, tick.Label, "tick m");
        }

        for (int i = 0; i < Rows.Count; i++)
        {
            SampleRow row = Rows[i];
            double middle = plot.Top + ((i + 0.5) * RowHeight);
            string colour = ChartPalette.ClassOf(row.Colour);
            svg.Text(left - 6, middle + (Size * 0.35), row.Name, "name e");
            svg.Rectangle(
                new PixelBox(X(row.Box.Low), middle - 9, Math.Max(X(row.Box.High), X(row.Box.Low) + 1), middle + 9),
                $"spread {colour}",
                row.About
            );
            foreach (double sample in Thinned(row.Samples))
            {
                svg.Line(X(sample), middle - 6, X(sample), middle + 6, $"stroke {colour}");
            }

            svg.Line(X(row.Middle), middle - 12, X(row.Middle), middle + 12, "target");
        }

        svg.Text(2, Size, Axis, "axis-title");
        return svg.End();

        double X(double value) => plot.Left + (scale.Fraction(value) * plot.Width);
    }

    private static IEnumerable<double> Thinned(IReadOnlyList<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return sorted.Length <= MostStrokes
            ? sorted
            : Enumerable.Range(0, MostStrokes).Select(i => sorted[(long)i * (sorted.Length - 1) / (MostStrokes - 1)]);
    }
}
