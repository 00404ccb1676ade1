namespace GpuDecodeBench.Reporting.Charts;

/// <summary>
/// How wide text is, about: no font is at hand when a chart is drawn. The estimates are those of DejaVu Sans, the widest of the common
/// sans-serif fonts, so that what is kept apart here is apart in every browser.
/// </summary>
internal static class TextWidth
{
    /// <summary>The width of a text, in pixels.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The font's size, in pixels.</param>
    public static double Of(string text, double size) => text.Sum(Ems) * size;

    private static double Ems(char c) =>
        c switch
        {
            'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' or '·' => 0.36,
            'f' or 't' or 'r' or '(' or ')' or '/' or '-' or '[' or ']' => 0.43,
            'm' or 'M' or 'W' or '%' or '@' => 0.99,
            'w' => 0.82,
            >= 'A' and <= 'Z' => 0.79,
            > '\u007f' => 1,
            _ => 0.64,
        };
}
