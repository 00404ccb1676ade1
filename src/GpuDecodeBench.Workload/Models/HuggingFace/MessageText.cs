using System.Text;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Makes text from outside fit to stand in a one-line message.</summary>
internal static class MessageText
{
    private const int MaxLength = 60;

    /// <summary>A value as it stands in the file, on one line and cut where it is long.</summary>
    public static string Shorten(string text)
    {
        string line = OneLine(text.Length > MaxLength ? text[..MaxLength] : text);
        return text.Length > MaxLength ? line + "…" : line;
    }

    /// <summary>Control characters, line ends among them, become spaces.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            line.Append(char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character);
        }

        return line.ToString();
    }
}
