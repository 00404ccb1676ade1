using System.Text;
using GpuDecodeBench.Reporting.Rendering;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>Text made fit for HTML and SVG, as content and as attribute: whatever a record holds is shown and never read as markup.</summary>
public static class HtmlText
{
    /// <summary>The text with what HTML reads replaced by entities, on one line.</summary>
    /// <param name="text">Any text.</param>
    public static string Escape(string text)
    {
        string line = SafeText.OneLine(text);
        if (line.AsSpan().IndexOfAny("&<>\"'") < 0)
        {
            return line;
        }

        var escaped = new StringBuilder(line.Length + 16);
        foreach (char c in line)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
