using System.Globalization;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// Makes a text of an older one and what <c>diff -n OLDER NEWER</c> says of both: <c>d5 2</c> deletes two lines from the fifth
/// on, <c>a7 3</c> adds the three lines that follow behind the seventh; numbers are the older text's, in ascending order.
/// </summary>
internal static class TextDifference
{
    /// <summary>The newer text.</summary>
    /// <param name="older">The older text, lines ended by line feeds.</param>
    /// <param name="difference">What differs.</param>
    /// <exception cref="InvalidDataException">A command is unknown, or goes back.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> older, ReadOnlySpan<byte> difference)
    {
        using var newer = new MemoryStream(older.Length + difference.Length);
        int line = 0;
        while (difference.Length > 0)
        {
            (char command, int at, int count) = Parse(Take(ref difference, 1));
            int kept = (command == 'd' ? at - 1 : at) - line;
            if (kept < 0)
            {
                throw new InvalidDataException($"A difference goes back from line {line} to {at}.");
            }

            newer.Write(Take(ref older, kept));
            line += kept;
            if (command == 'd')
            {
                _ = Take(ref older, count);
                line += count;
            }
            else
            {
                newer.Write(Take(ref difference, count));
            }
        }

        newer.Write(older);
        return newer.ToArray();
    }

    private static (char Command, int At, int Count) Parse(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> numbers = line[1..].TrimEnd((byte)'\n');
        int space = numbers.IndexOf((byte)' ');
        if (
            line[0] is not ((byte)'a' or (byte)'d')
            || space < 0
            || !int.TryParse(numbers[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int at)
            || !int.TryParse(numbers[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        )
        {
            throw new InvalidDataException("A difference has a command that is neither 'a' nor 'd' with two numbers.");
        }

        return ((char)line[0], at, count);
    }

    /// <summary>So many lines off the beginning, or all that are left.</summary>
    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> text, int lines)
    {
        int length = 0;
        for (int i = 0; i < lines && length < text.Length; i++)
        {
            int end = text[length..].IndexOf((byte)'\n');
            length = end < 0 ? text.Length : length + end + 1;
        }

        ReadOnlySpan<byte> taken = text[..length];
        text = text[length..];
        return taken;
    }
}
