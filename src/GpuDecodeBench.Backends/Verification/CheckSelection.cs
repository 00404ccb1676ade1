using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Verification;

/// <summary>
/// How much of each output is compared. Whatever is chosen, every element of every output must have been written: poison that
/// is left anywhere fails the check.
/// </summary>
/// <param name="Sequences">Sequences compared; the first and the last are among them.</param>
/// <param name="LinearRows">Rows of each matrix product compared; the first and the last are among them.</param>
/// <param name="AttentionHeads">Query heads of each attention compared; the first and the last are among them.</param>
public sealed record CheckSelection(int Sequences, int LinearRows, int AttentionHeads)
{
    /// <summary>A sample that takes well under a second on a model of a billion weights; what a run does before it measures.</summary>
    public static CheckSelection Sample { get; } = new(4, 16, 2);

    /// <summary>Everything.</summary>
    public static CheckSelection Everything { get; } = new(int.MaxValue, int.MaxValue, int.MaxValue);

    /// <summary>Ascending distinct indices below a count: all of them where they are few, else first, last and random ones.</summary>
    public static int[] Choose(int count, int wanted, ulong stream)
    {
        if (count <= wanted)
        {
            return [.. Enumerable.Range(0, count)];
        }

        var chosen = new SortedSet<int> { 0, count - 1 };
        for (ulong i = 0; chosen.Count < wanted; i++)
        {
            chosen.Add((int)(SyntheticRandom.Mix(stream + (i * SyntheticRandom.Increment)) % (ulong)count));
        }

        return [.. chosen];
    }
}
