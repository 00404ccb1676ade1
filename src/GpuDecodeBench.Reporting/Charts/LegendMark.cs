using System.Text;

namespace GpuDecodeBench.Reporting.Charts;

/// <summary>The drawing before a name in a legend; the name itself says what it is, so readers who do not see it miss nothing.</summary>
internal static class LegendMark
{
    private const double Middle = 7;

    public static string Draw(LegendEntry entry)
    {
        string colour = ChartPalette.ClassOf(entry.Colour);
        var svg = new SvgWriter();
        if (entry.IsArea)
        {
            svg.Rectangle(new PixelBox(4, 1, 16, 13), $"bar {colour}");
        }
        else if (entry.Line != LineStyle.None)
        {
            string style = entry.Line switch
            {
                LineStyle.Dashed => "line dashed",
                LineStyle.Halo => "line halo",
                _ => "line",
            };
            svg.Line(0, Middle, 20, Middle, $"{style} {colour}");
        }

        if (entry.HasMark)
        {
            svg.Mark(ChartPalette.ShapeOf(entry.Colour), 10, Middle, 4.5, $"mark {colour}");
        }

        return new StringBuilder("<svg aria-hidden=\"true\" width=\"20\" height=\"14\" viewBox=\"0 0 20 14\">")
            .Append(svg.End())
            .ToString();
    }
}
