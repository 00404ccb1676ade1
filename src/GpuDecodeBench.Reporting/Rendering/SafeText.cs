using System.Text;

namespace GpuDecodeBench.Reporting.Rendering;

/// <summary>Text from records made fit for a line of output: names come from files and drivers, and may hold anything.</summary>
public static class SafeText
{
    /// <summary>
    /// The text on one line: line breaks and tabs become a space, other control characters (terminal escapes among them),
    /// direction overrides and lone surrogates become <c>?</c>.
    /// </summary>
    /// <param name="text">Any text.</param>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder(text.Length);
        foreach (Rune rune in text.ReplaceLineEndings(" ").EnumerateRunes())
        {
            shown.Append(Shown(rune));
        }

        return shown.ToString();
    }

    private static string Shown(Rune rune) =>
        rune.Value switch
        {
            '\t' => " ",
            // Zero-width and direction-changing characters can make a line read as another.
            (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF or 0xFFFD =>
                "?",
            _ => Rune.IsControl(rune) ? "?" : rune.ToString(),
        };
}
