using System.Globalization;
using System.Text;

namespace GpuDecodeBench.Records;

/// <summary>Where a reader stands in a JSON document, for messages: <c>points[3].stepSeconds.median</c>.</summary>
internal sealed class FieldPath
{
    private const int LongestName = 64;

    private readonly List<(string? Name, long Index)> _segments = [];

    /// <summary>Steps into a field of an object.</summary>
    public void Push(string name) => _segments.Add((name, 0));

    /// <summary>Steps into an element of an array.</summary>
    public void Push(long index) => _segments.Add((null, index));

    /// <summary>Steps out again.</summary>
    public void Pop() => _segments.RemoveAt(_segments.Count - 1);

    /// <summary>The path; <c>the document</c> at the top.</summary>
    public override string ToString()
    {
        if (_segments.Count == 0)
        {
            return "the document";
        }

        var text = new StringBuilder();
        foreach ((string? name, long index) in _segments)
        {
            if (name is null)
            {
                text.Append('[').Append(index.ToString(CultureInfo.InvariantCulture)).Append(']');
            }
            else if (IsPlain(name))
            {
                text.Append(text.Length == 0 ? "" : ".").Append(name);
            }
            else
            {
                text.Append("[\"").Append(Printable(name)).Append("\"]");
            }
        }

        return text.ToString();
    }

    /// <summary>Text from a file, fit for a one-line message: no control characters, no more than 64 characters.</summary>
    public static string Printable(string text)
    {
        ReadOnlySpan<char> head = text.AsSpan(0, Math.Min(text.Length, LongestName));
        var shown = new StringBuilder(head.Length);
        foreach (char c in head)
        {
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '?' : c);
        }

        return text.Length > LongestName ? shown.Append('…').ToString() : shown.ToString();
    }

    private static bool IsPlain(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
