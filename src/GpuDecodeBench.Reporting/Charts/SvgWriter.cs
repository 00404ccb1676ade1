using System.Globalization;
using System.Text;
using GpuDecodeBench.Reporting.Html;

namespace GpuDecodeBench.Reporting.Charts;

/// <summary>Writes SVG: text and attribute values escaped, places with one decimal.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Opens the drawing, named and described for readers who do not see it.</summary>
    public void Begin(IChart chart, string id, double width, double height)
    {
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {N(width)} {N(height)}\" aria-labelledby=\"{id}-t {id}-d\">"
        );
        _text.Append(CultureInfo.InvariantCulture, $"<title id=\"{id}-t\">{HtmlText.Escape(chart.Title)}</title>");
        _text.Append(CultureInfo.InvariantCulture, $"<desc id=\"{id}-d\">{HtmlText.Escape(chart.Description)}</desc>");
    }

    /// <summary>Closes the drawing.</summary>
    public string End() => _text.Append("</svg>").ToString();

    public void Line(double x1, double y1, double x2, double y2, string name) =>
        _text.Append(CultureInfo.InvariantCulture, $"<path class=\"{name}\" d=\"M{N(x1)} {N(y1)}L{N(x2)} {N(y2)}\"/>");

    public void Polyline(IEnumerable<(double X, double Y)> places, string name)
    {
        _text.Append("<path class=\"").Append(name).Append("\" d=\"M");
        _text.AppendJoin('L', places.Select(place => $"{N(place.X)} {N(place.Y)}")).Append("\"/>");
    }

    public void Rectangle(PixelBox box, string name, string? about = null)
    {
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<rect class=\"{name}\" x=\"{N(box.Left)}\" y=\"{N(box.Top)}\" width=\"{N(box.Width)}\" height=\"{N(box.Height)}\""
        );
        Close("rect", about);
    }

    public void Text(double x, double y, string text, string name) =>
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"{name}\" x=\"{N(x)}\" y=\"{N(y)}\">{HtmlText.Escape(text)}</text>"
        );

    /// <summary>A mark of a shape around a place.</summary>
    public void Mark(MarkShape shape, double x, double y, double radius, string name, string? about = null)
    {
        _text.Append("<path class=\"").Append(name).Append("\" d=\"").Append(Outline(shape, x, y, radius)).Append('"');
        Close("path", about);
    }

    /// <summary>A number with at most one decimal.</summary>
    public static string N(double value)
    {
        double rounded = Math.Round(value, 1);
        return (rounded == 0 ? 0 : rounded).ToString("0.#", CultureInfo.InvariantCulture);
    }

    private void Close(string element, string? about)
    {
        if (string.IsNullOrEmpty(about))
        {
            _text.Append("/>");
            return;
        }

        _text.Append("><title>").Append(HtmlText.Escape(about)).Append("</title></").Append(element).Append('>');
    }

    private static string Outline(MarkShape shape, double x, double y, double r) =>
        shape switch
        {
            MarkShape.Circle =>
                $"M{N(x - r)} {N(y)}a{N(r)} {N(r)} 0 1 0 {N(2 * r)} 0a{N(r)} {N(r)} 0 1 0 {N(-2 * r)} 0z",
            MarkShape.Square => Polygon(x, y, (-r, -r), (r, -r), (r, r), (-r, r)),
            MarkShape.Triangle => Polygon(x, y, (0, -r * 1.15), (r * 1.1, r * 0.85), (-r * 1.1, r * 0.85)),
            MarkShape.Diamond => Polygon(x, y, (0, -r * 1.25), (r * 1.25, 0), (0, r * 1.25), (-r * 1.25, 0)),
            MarkShape.Wedge => Polygon(x, y, (0, r * 1.15), (r * 1.1, -r * 0.85), (-r * 1.1, -r * 0.85)),
            MarkShape.Plus => Plus(x, y, r * 1.1, r * 0.4),
            MarkShape.Pentagon => Polygon(x, y, [.. Enumerable.Range(0, 5).Select(i => Corner(i, r * 1.1))]),
            _ => Polygon(x, y, (-r * 0.5, -r * 1.2), (r * 0.5, -r * 1.2), (r * 0.5, r * 1.2), (-r * 0.5, r * 1.2)),
        };

    private static (double X, double Y) Corner(int index, double r)
    {
        double angle = (index * 2 * Math.PI / 5) - (Math.PI / 2);
        return (r * Math.Cos(angle), r * Math.Sin(angle));
    }

    private static string Plus(double x, double y, double r, double half) =>
        Polygon(
            x,
            y,
            (-half, -r),
            (half, -r),
            (half, -half),
            (r, -half),
            (r, half),
            (half, half),
            (half, r),
            (-half, r),
            (-half, half),
            (-r, half),
            (-r, -half),
            (-half, -half)
        );

    private static string Polygon(double x, double y, params (double X, double Y)[] corners) =>
        $"M{string.Join('L', corners.Select(corner => $"{N(x + corner.X)} {N(y + corner.Y)}"))}z";
}
