namespace GpuDecodeBench.Reporting.Charts;

/// <summary>Points over two axes, with lines, error bars, reference lines and shaded stretches.</summary>
public sealed class XyChart : IChart
{
    private const double Radius = 4.5;
    private const double MinorRadius = 3.2;
    private readonly double _heightOverWidth;

    /// <summary>A chart.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="description">What can be seen in it.</param>
    /// <param name="x">The horizontal axis; its scale encloses every point.</param>
    /// <param name="y">The vertical axis; its scale encloses every point.</param>
    /// <param name="series">The series, the ones behind first.</param>
    /// <param name="data">The data as a table.</param>
    /// <param name="heightOverWidth">The height as a share of the width, on a wide screen.</param>
    /// <exception cref="ArgumentException">A point lies beyond an axis.</exception>
    public XyChart(
        string title,
        string description,
        ChartAxis x,
        ChartAxis y,
        IReadOnlyList<ChartSeries> series,
        ResultTable data,
        double heightOverWidth = 0.5
    )
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(series);
        foreach (ChartPoint point in series.SelectMany(one => one.Points))
        {
            if (!Lies(point.X, x.Scale) || !Lies(point.Y, y.Scale))
            {
                throw new ArgumentException($"The point at {point.X}, {point.Y} lies beyond an axis.", nameof(series));
            }
        }

        Title = title;
        Description = description;
        XAxis = x;
        YAxis = y;
        Series = series;
        Data = data;
        _heightOverWidth = heightOverWidth;
    }

    /// <inheritdoc/>
    public string Title { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>The horizontal axis.</summary>
    public ChartAxis XAxis { get; }

    /// <summary>The vertical axis.</summary>
    public ChartAxis YAxis { get; }

    /// <summary>The series.</summary>
    public IReadOnlyList<ChartSeries> Series { get; }

    /// <summary>Lines across the plot.</summary>
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];

    /// <summary>Shaded stretches.</summary>
    public IReadOnlyList<ChartBand> Bands { get; init; } = [];

    /// <inheritdoc/>
    public ResultTable Data { get; }

    /// <inheritdoc/>
    public IReadOnlyList<LegendEntry> Legend =>
        Series.Count(one => one.InLegend) < 2 && References.Count == 0
            ? []
            :
            [
                .. Series
                    .Where(one => one.InLegend)
                    .Select(one => new LegendEntry(one.Name, one.Colour, one.Line, one.HasMarks)),
            ];

    /// <inheritdoc/>
    public string Draw(string id, int width)
    {
        // A narrow drawing needs relatively more height for the same shape of curve.
        double height = Math.Max(width * _heightOverWidth, Math.Min(260, width * 0.75));
        var frame = new ChartFrame(width, height, XAxis, YAxis);
        var labels = new LabelPlacer(frame.Plot);
        var svg = new SvgWriter();
        svg.Begin(this, id, width, height);
        frame.Draw(svg);
        foreach (ChartBand band in Bands)
        {
            double from = frame.X(Math.Clamp(band.From, XAxis.Scale.Low, XAxis.Scale.High));
            double to = frame.X(Math.Clamp(band.To, XAxis.Scale.Low, XAxis.Scale.High));
            svg.Rectangle(
                new PixelBox(from, frame.Plot.Top, Math.Max(to, from + 1), frame.Plot.Bottom),
                "band",
                band.About
            );
        }

        foreach (ChartSeries one in Series)
        {
            DrawLine(svg, frame, labels, one);
        }

        foreach (ChartSeries one in Series.Where(one => one.HasMarks))
        {
            DrawMarks(svg, frame, labels, one);
        }

        foreach (ReferenceLine line in References)
        {
            DrawReference(svg, frame, labels, line);
        }

        DrawLabels(svg, frame, labels);
        return svg.End();
    }

    private static bool Lies(double value, AxisScale scale)
    {
        double fraction = scale.Fraction(value);
        return fraction is >= -1e-9 and <= 1 + 1e-9;
    }

    private static void DrawLine(SvgWriter svg, ChartFrame frame, LabelPlacer labels, ChartSeries series)
    {
        if (series.Line == LineStyle.None || series.Points.Count < 2)
        {
            return;
        }

        (double X, double Y)[] places = [.. series.Points.Select(point => (frame.X(point.X), frame.Y(point.Y)))];
        string style = series.Line switch
        {
            LineStyle.Dashed => "line dashed",
            LineStyle.Halo => "line halo",
            _ => "line",
        };
        svg.Polyline(places, $"{style} {ChartPalette.ClassOf(series.Colour)}");
        if (series.Line != LineStyle.Halo)
        {
            for (int i = 1; i < places.Length; i++)
            {
                labels.TakeLine(places[i - 1].X, places[i - 1].Y, places[i].X, places[i].Y);
            }
        }
    }

    private static void DrawMarks(SvgWriter svg, ChartFrame frame, LabelPlacer labels, ChartSeries series)
    {
        double radius = series.IsMinor ? MinorRadius : Radius;
        string name = $"mark{(series.IsMinor ? " minor" : "")} {ChartPalette.ClassOf(series.Colour)}";
        foreach (ChartPoint point in series.Points)
        {
            double x = frame.X(point.X);
            double y = frame.Y(point.Y);
            if (point.XRange is (double left, double right))
            {
                svg.Line(frame.X(left), y, frame.X(right), y, $"error {ChartPalette.ClassOf(series.Colour)}");
                labels.TakeLine(frame.X(left), y, frame.X(right), y);
            }

            if (point.YRange is (double low, double high))
            {
                svg.Line(x, frame.Y(low), x, frame.Y(high), $"error {ChartPalette.ClassOf(series.Colour)}");
                labels.TakeLine(x, frame.Y(low), x, frame.Y(high));
            }

            svg.Mark(series.Shape, x, y, radius, name, point.About);
            labels.Take(PixelBox.Around(x, y, radius + 1));
        }
    }

    private static void DrawReference(SvgWriter svg, ChartFrame frame, LabelPlacer labels, ReferenceLine line)
    {
        if (line.IsVertical)
        {
            double x = frame.X(line.Value);
            svg.Line(x, frame.Plot.Top, x, frame.Plot.Bottom, "reference");
            labels.TakeLine(x, frame.Plot.Top, x, frame.Plot.Bottom, 1.5);
            Write(svg, labels.Place(line.Label, x, frame.Plot.Top + 10, ChartFrame.TextSize, 6), line.Label);
            return;
        }

        double y = frame.Y(line.Value);
        svg.Line(frame.Plot.Left, y, frame.Plot.Right, y, "reference");
        labels.TakeLine(frame.Plot.Left, y, frame.Plot.Right, y, 1.5);
        double width = TextWidth.Of(line.Label, ChartFrame.TextSize);
        Write(
            svg,
            labels.Place(line.Label, frame.Plot.Right - (width / 2) - 6, y, ChartFrame.TextSize, 4)
                ?? labels.Place(line.Label, frame.Plot.Left + (width / 2) + 6, y, ChartFrame.TextSize, 4),
            line.Label
        );
    }

    private void DrawLabels(SvgWriter svg, ChartFrame frame, LabelPlacer labels)
    {
        foreach (ChartSeries series in Series)
        {
            foreach (ChartPoint point in series.Points.Where(point => point.Label is not null))
            {
                Write(
                    svg,
                    labels.Place(
                        point.Label!,
                        frame.X(point.X),
                        frame.Y(point.Y),
                        ChartFrame.TextSize,
                        (series.HasMarks ? Radius : 0) + 4
                    ),
                    point.Label!
                );
            }
        }
    }

    private static void Write(SvgWriter svg, (double X, double Baseline)? place, string text)
    {
        if (place is (double x, double baseline))
        {
            svg.Text(x, baseline, text, "label");
        }
    }
}
