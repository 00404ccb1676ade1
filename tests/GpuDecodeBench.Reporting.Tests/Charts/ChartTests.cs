using System.Globalization;
using System.Xml.Linq;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Tests.Charts;

/// <summary>Drawings are read as XML: that they are well-formed is part of every test.</summary>
public sealed class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly ResultTable NoData = new("none", [], [], []);

    [Fact]
    public void AMarkLiesWhereItsValuesSay()
    {
        XyChart chart = Points(new ChartPoint(5, 25, "half and a quarter"));

        XElement drawing = XElement.Parse(chart.Draw("x", 720));
        XElement plot = drawing.Elements(Svg + "rect").Single(one => (string?)one.Attribute("class") == "plot");
        XElement mark = drawing.Elements(Svg + "path").Single(one => (string?)one.Attribute("class") == "mark c0");
        // A circle's path begins at its left end, a radius from the middle.
        string[] start = mark.Attribute("d")!.Value[1..].Split(['a', ' '])[..2];

        Assert.Equal(
            Number(plot, "x") + (0.5 * Number(plot, "width")) - 4.5,
            double.Parse(start[0], CultureInfo.InvariantCulture),
            0.11
        );
        Assert.Equal(
            Number(plot, "y") + (0.75 * Number(plot, "height")),
            double.Parse(start[1], CultureInfo.InvariantCulture),
            0.11
        );
        Assert.Equal("half and a quarter", mark.Element(Svg + "title")!.Value);
    }

    [Fact]
    public void AChartIsNamedAndDescribedForThoseWhoDoNotSeeIt()
    {
        XElement drawing = XElement.Parse(Points(new ChartPoint(1, 1)).Draw("id7", 350));

        Assert.Equal("img", (string?)drawing.Attribute("role"));
        Assert.Equal("id7-t id7-d", (string?)drawing.Attribute("aria-labelledby"));
        Assert.Equal("A <title>", drawing.Element(Svg + "title")!.Value);
        Assert.Equal("What & why", drawing.Element(Svg + "desc")!.Value);
    }

    [Fact]
    public void APointBeyondItsAxesIsRefused() => Assert.Throws<ArgumentException>(() => Points(new ChartPoint(11, 1)));

    [Fact]
    public void TextOfARecordIsNeverMarkup()
    {
        BarChart chart = new(
            "</svg><script>",
            "<b>",
            "<i>",
            [new BarRow("<a>&", [new BarSegment("s", 1, 0)], "\"'")],
            NoData
        );

        XElement drawing = XElement.Parse(chart.Draw("x", 300));

        Assert.Equal("</svg><script>", drawing.Element(Svg + "title")!.Value);
        Assert.Contains(drawing.Elements(Svg + "text"), text => text.Value == "<a>&");
    }

    [Fact]
    public void BarsAreAsLongAsTheirValuesAndSegmentsFollowOneAnother()
    {
        BarChart chart = new(
            "t",
            "d",
            "a",
            [
                new BarRow("one", [new BarSegment("a", 1, 0), new BarSegment("b", 3, 1)], "4"),
                new BarRow("two", [new BarSegment("a", 2, 0)], "2"),
                new BarRow("three", [], "unavailable: no sensor"),
            ],
            NoData
        );

        XElement drawing = XElement.Parse(chart.Draw("x", 600));
        XElement[] bars =
        [
            .. drawing
                .Elements(Svg + "rect")
                .Where(one => ((string?)one.Attribute("class"))!.StartsWith("bar", StringComparison.Ordinal)),
        ];

        Assert.Equal(3, bars.Length);
        Assert.Equal(3 * Number(bars[0], "width"), Number(bars[1], "width"), 0.3);
        Assert.Equal(2 * Number(bars[0], "width"), Number(bars[2], "width"), 0.3);
        Assert.Equal(Number(bars[0], "x") + Number(bars[0], "width"), Number(bars[1], "x"), 0.11);
        Assert.Contains(
            drawing.Elements(Svg + "text"),
            text => text.Value == "unavailable: no sensor" && (string?)text.Attribute("class") == "missing"
        );
        Assert.Equal(["a", "b"], chart.Legend.Select(entry => entry.Name));
    }

    [Fact]
    public void ARangeIsNamedUnderItsBarsFigure()
    {
        BarChart chart = new(
            "t",
            "d",
            "a",
            [
                new BarRow("one", [new BarSegment("a", 1, 0)], "$1.00")
                {
                    Range = (2, 3),
                    RangeText = "P10–P90 $2.00–3.00",
                },
            ],
            NoData
        );

        XElement[] texts = [.. XElement.Parse(chart.Draw("x", 350)).Elements(Svg + "text")];
        XElement figure = texts.Single(text => text.Value == "$1.00");
        XElement range = texts.Single(text => text.Value == "P10–P90 $2.00–3.00");

        Assert.Equal(Number(figure, "x"), Number(range, "x"));
        // A line of twelve pixels and two between.
        Assert.Equal(14, Number(range, "y") - Number(figure, "y"), 0.11);
    }

    [Fact]
    public void ThinnedSamplesKeepTheirExtremes()
    {
        double[] samples = [.. Enumerable.Range(0, 1000).Select(i => (double)i)];
        SampleChart chart = new("t", "d", "a", [new SampleRow("r", samples, 0, 500, (50, 950), "")], NoData);

        XElement drawing = XElement.Parse(chart.Draw("x", 720));
        XElement plot = drawing.Elements(Svg + "rect").Single(one => (string?)one.Attribute("class") == "plot");
        double[] strokes =
        [
            .. drawing
                .Elements(Svg + "path")
                .Where(one => (string?)one.Attribute("class") == "stroke c0")
                .Select(one =>
                    double.Parse(one.Attribute("d")!.Value[1..].Split(' ')[0], CultureInfo.InvariantCulture)
                ),
        ];

        // The axis goes from 0 to 1,000, so 0 is its beginning and 999 a thousandth before its end.
        Assert.Equal(150, strokes.Length);
        Assert.Equal(Number(plot, "x"), strokes[0], 0.11);
        Assert.Equal(Number(plot, "x") + (0.999 * Number(plot, "width")), strokes[^1], 0.11);
    }

    private static XyChart Points(params ChartPoint[] points) =>
        new(
            "A <title>",
            "What & why",
            new ChartAxis("x", "s", AxisScale.Linear([0, 10])),
            new ChartAxis("y", null, AxisScale.Linear([0, 100])),
            [new ChartSeries("s", 0, points)],
            NoData
        );

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
