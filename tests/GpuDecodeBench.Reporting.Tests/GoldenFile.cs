using Xunit.Sdk;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>Compares text with a committed file, byte for byte. Nothing here writes a golden: a change is made by hand, on purpose.</summary>
internal static class GoldenFile
{
    private const int Context = 3;

    public static void Check(string name, string actual)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", name);
        string expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected != actual)
        {
            throw new XunitException(
                $"Golden/{name} differs.\n{Difference(expected, actual)}\n--- all of it:\n{actual}"
            );
        }
    }

    private static string Difference(string expected, string actual)
    {
        string[] left = expected.Split('\n');
        string[] right = actual.Split('\n');
        var lines = new List<string>();
        for (int i = 0; i < Math.Max(left.Length, right.Length) && lines.Count < 2 * Context; i++)
        {
            string? wanted = i < left.Length ? left[i] : null;
            string? got = i < right.Length ? right[i] : null;
            if (wanted != got)
            {
                lines.Add($"line {i + 1}\n  - {Visible(wanted)}\n  + {Visible(got)}");
            }
        }

        return string.Join('\n', lines);
    }

    private static string Visible(string? line) =>
        line?.Replace("\r", "␍", StringComparison.Ordinal) ?? "(no such line)";
}
