namespace GpuDecodeBench.Cli.Arguments;

/// <summary>The name that somebody meant who typed another.</summary>
internal static class NearestName
{
    /// <summary>The nearest name; null where none is near enough to be meant.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="names">The names that there are.</param>
    public static string? Of(string typed, IEnumerable<string> names)
    {
        string[] all = [.. names];
        string? begun = all.Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .MinBy(name => name.Length);
        if (begun is not null && Letters(typed) > 1)
        {
            return begun;
        }

        string? nearest = all.MinBy(name => Distance(typed, name));
        return
            nearest is not null && Distance(typed, nearest) <= Math.Max(1, Letters(nearest) / 3) && Letters(nearest) > 2
            ? nearest
            : null;
    }

    private static int Letters(string name) => name.Trim('-').Length;

    /// <summary>
    /// Letters to add, leave out or change, and neighbours to swap: F. J. Damerau, "A technique for computer detection and correction of
    /// spelling errors", CACM 7 (1964), no place being edited twice.
    /// </summary>
    internal static int Distance(string left, string right)
    {
        int[,] cost = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int change = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[left.Length, right.Length];
    }
}
