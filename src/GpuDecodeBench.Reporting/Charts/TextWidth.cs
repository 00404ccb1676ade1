namespace GpuDecodeBench.Reporting.Charts;

/// <summary>
/// How wide text is, about: no font is at hand when a chart is drawn. Estimates are on the wide side of common sans-serif fonts, so that
/// what is kept apart here is apart in every browser.
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
            'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 0.32,
            'f' or 't' or 'r' or '(' or ')' or '/' or '-' or ' ' or '[' or ']' or '"' or '·' => 0.42,
            'm' or 'w' or 'M' or 'W' or '%' or '@' or '—' => 0.95,
            >= 'A' and <= 'Z' => 0.72,
            > '\u00ff' => 0.95,
            _ => 0.6,
        };
}
