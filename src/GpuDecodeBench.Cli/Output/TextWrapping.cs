using System.Text;

namespace GpuDecodeBench.Cli.Output;

/// <summary>Breaks paragraphs between words.</summary>
internal static class TextWrapping
{
    /// <summary>The widest line that still reads well.</summary>
    private const int LargestWidth = 100;

    /// <summary>The paragraph in lines of at most a width; a longer word stands alone.</summary>
    public static string Wrap(string paragraph, int width)
    {
        width = Math.Min(width, LargestWidth);
        var result = new StringBuilder();
        int column = 0;
        foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > width)
            {
                result.AppendLine();
                column = 0;
            }
            else if (column > 0)
            {
                result.Append(' ');
                column++;
            }

            result.Append(word);
            column += word.Length;
        }

        return result.ToString();
    }
}
