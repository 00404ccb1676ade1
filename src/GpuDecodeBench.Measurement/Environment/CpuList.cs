namespace GpuDecodeBench.Measurement.Environment;

/// <summary>
/// The kernel's list format, <c>0-3,8,10-11</c> (Linux, Documentation/admin-guide/cputopology.rst and bitmap_parselist).
/// </summary>
internal static class CpuList
{
    /// <summary>More processors than any kernel is built for (CONFIG_NR_CPUS is at most 8192 on x86): beyond is garbage.</summary>
    private const int Limit = 1 << 16;

    /// <summary>The processors named, ascending; null where the text is missing, empty or not such a list.</summary>
    public static IReadOnlyList<int>? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var processors = new SortedSet<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-', 2);
            if (
                !int.TryParse(ends[0], out int first)
                || !int.TryParse(ends[^1], out int last)
                || first < 0
                || last < first
                || last >= Limit
            )
            {
                return null;
            }

            processors.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return [.. processors];
    }
}
