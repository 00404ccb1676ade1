namespace GpuDecodeBench.Reporting.Charts;

/// <summary>The plot area of a chart with two axes: its place in the drawing, and the lines, numbers and names around it.</summary>
internal sealed class ChartFrame
{
    /// <summary>The size of text, in pixels.</summary>
    public const double TextSize = 12;

    private const double TickGap = 6;
    private const double TitleHeight = 20;
    private const double BetweenNumbers = 14;

    private readonly ChartAxis _x;
    private readonly ChartAxis _y;
    private readonly IReadOnlyList<AxisTick> _xTicks;
    private readonly IReadOnlyList<AxisTick> _yTicks;

    public ChartFrame(double width, double height, ChartAxis x, ChartAxis y)
    {
        _x = x;
        _y = y;
        double bottom = height - TitleHeight - TextSize - (2 * TickGap);
        double top = TitleHeight + TickGap;
        _yTicks = y.Scale.Ticks(Math.Max(2, (int)((bottom - top) / 34)));
        double left = TickGap + _yTicks.Max(tick => TextWidth.Of(tick.Label, TextSize)) + 2;
        double right = width - 14;
        _xTicks = Fit(x.Scale, right - left);
        double overhang = TextWidth.Of(_xTicks[^1].Label, TextSize) / 2;
        Plot = new PixelBox(left, top, Math.Min(right, width - overhang), bottom);
    }

    /// <summary>The plot area.</summary>
    public PixelBox Plot { get; }

    /// <summary>The horizontal place of a value.</summary>
    public double X(double value) => Plot.Left + (_x.Scale.Fraction(value) * Plot.Width);

    /// <summary>The vertical place of a value.</summary>
    public double Y(double value) => Plot.Bottom - (_y.Scale.Fraction(value) * Plot.Height);

    /// <summary>Draws the lines and numbers of both axes, and their names: the vertical one's above it, where it can be read.</summary>
    public void Draw(SvgWriter svg)
    {
        svg.Rectangle(Plot, "plot");
        foreach (AxisTick tick in _yTicks)
        {
            svg.Line(Plot.Left, Y(tick.Value), Plot.Right, Y(tick.Value), "grid");
            svg.Text(Plot.Left - TickGap, Y(tick.Value) + (TextSize * 0.35), tick.Label, "tick e");
        }

        foreach (AxisTick tick in _xTicks)
        {
            svg.Line(X(tick.Value), Plot.Top, X(tick.Value), Plot.Bottom, "grid");
            svg.Text(X(tick.Value), Plot.Bottom + TickGap + TextSize, tick.Label, "tick m");
        }

        svg.Line(Plot.Left, Plot.Bottom, Plot.Right, Plot.Bottom, "axis");
        svg.Text(2, TextSize, _y.Title, "axis-title");
        svg.Text(Plot.Right, Plot.Bottom + (2 * TickGap) + TextSize + TitleHeight - 6, _x.Title, "axis-title e");
    }

    /// <summary>As many ticks as their numbers have room for.</summary>
    private static IReadOnlyList<AxisTick> Fit(AxisScale scale, double length)
    {
        IReadOnlyList<AxisTick> ticks = scale.Ticks(2);
        for (int most = 3; most <= 12; most++)
        {
            IReadOnlyList<AxisTick> more = scale.Ticks(most);
            double widest = more.Max(tick => TextWidth.Of(tick.Label, TextSize)) + BetweenNumbers;
            double closest = Enumerable
                .Range(1, Math.Max(0, more.Count - 1))
                .Select(i => (scale.Fraction(more[i].Value) - scale.Fraction(more[i - 1].Value)) * length)
                .DefaultIfEmpty(double.MaxValue)
                .Min();
            if (closest >= widest)
            {
                ticks = more;
            }
        }

        return ticks;
    }
}
