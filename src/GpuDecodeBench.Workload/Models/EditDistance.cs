namespace GpuDecodeBench.Workload.Models;

/// <summary>How far apart two names are, to suggest what was meant.</summary>
internal static class EditDistance
{
    /// <summary>Longer names resemble nothing; their tail is not looked at.</summary>
    private const int MaxLength = 64;

    /// <summary>Insertions, deletions and replacements of one character that turn one name into the other (Levenshtein 1966).</summary>
    public static int Between(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left[..Math.Min(left.Length, MaxLength)];
        right = right[..Math.Min(right.Length, MaxLength)];
        Span<int> row = stackalloc int[MaxLength + 1];
        for (int column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (int i = 0; i < left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int replaced = diagonal + (left[i] == right[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(diagonal, row[j]) + 1);
            }
        }

        return row[right.Length];
    }
}
