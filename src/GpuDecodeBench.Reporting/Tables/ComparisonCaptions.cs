namespace GpuDecodeBench.Reporting.Tables;

/// <summary>What stands under a comparison: the verdicts counted, the sides, how to read it, and the remarks on single rows.</summary>
public static class ComparisonCaptions
{
    /// <summary>From so many comparisons on, the number that chance alone would call different is worth saying.</summary>
    private const int ManyComparisons = 20;

    /// <summary>Configurations without a counterpart that are named; the rest is counted.</summary>
    private const int MostListed = 3;

    private static readonly string[] s_verdicts = ["faster", "slower", "noDifferenceShown", "notComparable"];

    /// <summary>The captions.</summary>
    /// <param name="sides">The sides, the baseline first.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="alone">What only one side measured, with its name.</param>
    public static IReadOnlyList<string> Of(
        IReadOnlyList<ComparisonSource> sides,
        IReadOnlyList<ComparisonRow> rows,
        IReadOnlyList<(string Side, string Conditions)> alone
    )
    {
        ArgumentNullException.ThrowIfNull(sides);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(alone);
        List<string> lines = [Tally(rows)];
        lines.AddRange(
            sides.Select((side, i) => $"{(i == 0 ? "Baseline" : "Against")}: {side.Name}: {side.Describe()}.")
        );
        lines.AddRange(ComparisonSource.UsedOtherwise(sides));
        AddShared(lines, rows);
        lines.AddRange(Remarks(rows));
        lines.AddRange(
            Warnings(
                [.. rows.Select(row => (row.BaselineWarnings, row.Warnings))],
                which => Names(rows, [.. which.Select(i => rows[i])])
            )
        );
        lines.AddRange(Alone(alone));
        lines.AddRange(WeightOnlyFormats.Lines(rows.Select(row => (row.Weights, row.Batch))));
        AddLegend(lines, rows);
        return lines;
    }

    /// <summary>What only one side measured.</summary>
    internal static IEnumerable<string> Alone(IReadOnlyList<(string Side, string Conditions)> alone) =>
        alone
            .GroupBy(one => one.Side, one => one.Conditions)
            .Select(side => $"Only in {side.Key}: {Listed([.. side])}.");

    /// <summary>A line for each warning, with the sides and rows whose points carry it.</summary>
    /// <param name="rows">The codes of both sides, row by row.</param>
    /// <param name="names">Rows in words, by their numbers.</param>
    internal static IEnumerable<string> Warnings(
        IReadOnlyList<(IReadOnlyList<string> Baseline, IReadOnlyList<string> Against)> rows,
        Func<int[], string> names
    )
    {
        foreach (string code in rows.SelectMany(row => row.Baseline.Concat(row.Against)).Distinct())
        {
            int[] before = [.. Enumerable.Range(0, rows.Count).Where(i => rows[i].Baseline.Contains(code))];
            int[] after = [.. Enumerable.Range(0, rows.Count).Where(i => rows[i].Against.Contains(code))];
            string?[] sides =
            [
                before.Length == 0 ? null : $"baseline ({names(before)})",
                after.Length == 0 ? null : $"against ({names(after)})",
            ];
            yield return $"Warning: {ReasonWords.Of(code)}: {string.Join(", ", sides.OfType<string>())}.";
        }
    }

    internal static string Listed(string[] conditions) =>
        string.Join("; ", conditions.Take(MostListed))
        + (conditions.Length > MostListed ? $"; and {conditions.Length - MostListed} more" : "");

    private static string Tally(IReadOnlyList<ComparisonRow> rows)
    {
        string[] counts =
        [
            .. s_verdicts
                .Select(verdict => (verdict, Count: rows.Count(row => row.Verdict == verdict)))
                .Where(pair => pair.Count > 0)
                .Select(pair => $"{pair.Count} {ReasonWords.Of(pair.verdict)}"),
        ];
        string chance = rows.Count(row => row.Step is not null) is int compared and >= ManyComparisons
            ? $" Of {compared} comparisons chance alone would call about {Math.Round(compared * 0.05)} different."
            : "";
        return $"{rows.Count} {(rows.Count == 1 ? "comparison" : "comparisons")}: {string.Join(", ", counts)}.{chance}";
    }

    private static void AddShared(List<string> lines, IReadOnlyList<ComparisonRow> rows)
    {
        string?[] shared =
        [
            Shared(rows, row => row.Model),
            Shared(rows, row => $"{row.Weights} weights"),
            Shared(rows, row => $"{row.Kv} KV"),
            rows.All(row => row.KvBlockTokens == 16) ? null : Shared(rows, row => $"KV blocks of {row.KvBlockTokens}"),
            Shared(rows, row => $"batch {row.Batch}"),
            Shared(rows, row => $"context {row.Context}"),
            rows.All(row => row.TensorParallel == 1) ? null : Shared(rows, row => $"{row.TensorParallel} devices"),
            rows.All(row => row.LayersMeasured == row.LayersTotal)
                ? null
                : Shared(
                    rows,
                    row =>
                        row.LayersMeasured is int layers
                            ? $"step of {layers} of {row.LayersTotal} layers"
                            : "other layers"
                ),
        ];
        string text = string.Join(", ", shared.OfType<string>());
        string[] others = [.. rows.Select(row => row.BaselineFormats).OfType<string>().Distinct()];
        if (others.Length > 0)
        {
            text += $"{(text.Length == 0 ? "" : "; ")}the baseline's own formats: {Listed(others)}";
        }

        if (text.Length > 0)
        {
            lines.Add($"All rows: {text}.");
        }
    }

    private static string? Shared(IReadOnlyList<ComparisonRow> rows, Func<ComparisonRow, string> of) =>
        rows.Select(of).Distinct().Take(2).ToArray() is [string one] ? one : null;

    private static IEnumerable<string> Remarks(IReadOnlyList<ComparisonRow> rows) =>
        rows.Where(row => row.Reasons.Count > 0)
            .GroupBy(row => (row.Verdict, Text: string.Join("; ", row.Reasons)))
            .Select(group =>
                $"{Capital(ReasonWords.Of(group.Key.Verdict))}: {Names(rows, [.. group])}: {group.Key.Text}."
            );

    private static string Names(IReadOnlyList<ComparisonRow> all, ComparisonRow[] some) =>
        some.Length == all.Count ? "all rows" : string.Join("; ", some.Select(row => Name(all, row)));

    /// <summary>The conditions of a row that tell it from others.</summary>
    private static string Name(IReadOnlyList<ComparisonRow> all, ComparisonRow row)
    {
        string?[] parts =
        [
            Shared(all, one => one.Against) is null ? row.Against : null,
            Shared(all, one => one.Model) is null ? row.Model : null,
            Shared(all, one => one.Weights) is null ? $"{row.Weights} weights" : null,
            Shared(all, one => one.Kv) is null ? $"{row.Kv} KV" : null,
            Shared(all, one => $"{one.KvBlockTokens}") is null ? $"blocks of {row.KvBlockTokens}" : null,
            Shared(all, one => $"{one.Batch}") is null ? $"batch {row.Batch}" : null,
            Shared(all, one => $"{one.Context}") is null ? $"context {row.Context}" : null,
        ];
        string text = string.Join(", ", parts.OfType<string>());
        return text.Length == 0 ? $"{row.Weights} weights, batch {row.Batch}" : text;
    }

    private static void AddLegend(List<string> lines, IReadOnlyList<ComparisonRow> rows)
    {
        if (!rows.Any(row => row.Step is not null))
        {
            return;
        }

        string few = rows.Any(row => row.BaselineRuns == 1 && row.Runs == 1)
            ? " One run a side: what changes from run to run is not in the interval."
            : "";
        lines.Add(
            $"Change: of the step's time, + is slower; 95 %: the interval of the ratio of medians.{few} Ceiling: how the read ceiling changed; "
                + "adjusted: what is left of the change at an equal ceiling. docs/compare.md has the method."
        );
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
