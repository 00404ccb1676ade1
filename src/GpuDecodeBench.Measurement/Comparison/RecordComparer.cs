namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>Compares run records: matches their points and judges each pair; docs/compare.md says how.</summary>
public static class RecordComparer
{
    /// <summary>Compares each side with the baseline.</summary>
    /// <param name="baseline">The baseline.</param>
    /// <param name="others">The other sides.</param>
    /// <param name="options">How.</param>
    public static ComparisonResult Compare(
        ComparisonSide baseline,
        IReadOnlyList<ComparisonSide> others,
        ComparisonOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<ComparedPoints> first = ComparedPoints.Of(baseline);
        var judge = new PointJudge(options);
        var points = new List<PointComparison>();
        var alone = new List<(string, ComparedConditions)>();
        var met = new HashSet<ComparedPoints>(ReferenceEqualityComparer.Instance);
        foreach (ComparisonSide other in others)
        {
            IReadOnlyList<ComparedPoints> second = ComparedPoints.Of(other);
            // Points whose conditions the other side measured too are no candidates for those in another format.
            ComparedPoints[] free = [.. first.Where(set => !second.Any(set.Matches))];
            foreach (ComparedPoints against in second)
            {
                ComparedPoints? partner = Same(first, against) ?? OtherFormat(free, against);
                if (partner is null)
                {
                    alone.Add((other.Name, against.Conditions));
                    continue;
                }

                met.Add(partner);
                points.Add(judge.Judge(partner, against, options.Across));
            }
        }

        alone.InsertRange(0, first.Where(set => !met.Contains(set)).Select(set => (baseline.Name, set.Conditions)));
        return new ComparisonResult(points, alone);
    }

    /// <summary>Compares the values of one condition with one another, the first that was measured being the baseline.</summary>
    /// <param name="runs">The runs; those that share their conditions are taken together.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="options">How.</param>
    public static ComparisonResult CompareBy(ComparisonSide runs, FormatCondition condition, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(options);
        var judge = new PointJudge(options);
        var points = new List<PointComparison>();
        var alone = new List<(string, ComparedConditions)>();
        foreach (
            ComparedPoints[] group in ComparedPoints
                .Of(runs)
                .GroupBy(set => (Without(set.Conditions, condition), set.Software, set.Hardware, set.LayersMeasured))
                .Select(group => group.ToArray())
        )
        {
            ComparedPoints first = group[0] with { Side = ValueOf(group[0].Conditions, condition) };
            ComparedPoints[] rest =
            [
                .. group
                    .Skip(1)
                    .Where(set => ValueOf(set.Conditions, condition) != first.Side)
                    .Select(set => set with { Side = ValueOf(set.Conditions, condition) }),
            ];
            points.AddRange(rest.Select(against => judge.Judge(first, against, mayDiffer: true)));
            if (rest.Length == 0)
            {
                alone.Add((runs.Name, first.Conditions));
            }
        }

        return new ComparisonResult(points, alone);
    }

    /// <summary>The set with the same conditions, on the same hardware and over as many layers if there is one.</summary>
    private static ComparedPoints? Same(IReadOnlyList<ComparedPoints> sets, ComparedPoints wanted) =>
        sets.Where(wanted.Matches)
            .OrderByDescending(set => set.Software == wanted.Software)
            .ThenByDescending(set => set.Hardware == wanted.Hardware)
            .ThenByDescending(set => set.LayersMeasured == wanted.LayersMeasured)
            .FirstOrDefault();

    private static ComparedPoints? OtherFormat(ComparedPoints[] sets, ComparedPoints wanted) =>
        sets.Where(set => set.Conditions.WithoutFormats() == wanted.Conditions.WithoutFormats())
            .OrderByDescending(set => set.Conditions.Weights == wanted.Conditions.Weights)
            .ThenByDescending(set => set.Conditions.Kv == wanted.Conditions.Kv)
            .FirstOrDefault();

    private static ComparedConditions Without(ComparedConditions conditions, FormatCondition condition) =>
        condition switch
        {
            FormatCondition.Weights => conditions with { Weights = "", LmHead = "" },
            FormatCondition.LmHead => conditions with { LmHead = "" },
            FormatCondition.Kv => conditions with { Kv = "" },
            _ => conditions with { KvBlockTokens = 0 },
        };

    private static string ValueOf(ComparedConditions conditions, FormatCondition condition) =>
        condition switch
        {
            FormatCondition.Weights => conditions.Weights,
            FormatCondition.LmHead => conditions.LmHead,
            FormatCondition.Kv => conditions.Kv,
            _ => $"{conditions.KvBlockTokens}",
        };
}
