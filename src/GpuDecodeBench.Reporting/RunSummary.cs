using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting;

/// <summary>One paragraph of plain English on a run: what was found, what bounds it, what it costs. Every number is the record's.</summary>
public static class RunSummary
{
    private const double NoticeableDifference = 0.005;

    /// <summary>Writes the paragraph, of three to six sentences.</summary>
    /// <param name="record">The run.</param>
    /// <param name="costs">The costs of its points, in their order; see <see cref="RecordCost.All"/>.</param>
    /// <exception cref="ArgumentException">There are more or fewer costs than points.</exception>
    public static string Write(RunRecord record, IReadOnlyList<CostResult> costs)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(costs);
        if (costs.Count != record.Points.Count)
        {
            throw new ArgumentException($"{record.Points.Count} costs are needed, one for each point.", nameof(costs));
        }

        PointRecord[] valid = [.. record.Points.Where(point => point.Valid)];
        string[] sentences = valid.Length switch
        {
            0 when record.Points.Count == 0 => Nothing(record),
            0 => AllInvalid(record),
            _ => Found(record, costs, valid),
        };
        return Rendering.SafeText.OneLine(string.Join(' ', sentences));
    }

    private static string[] Nothing(RunRecord record) =>
        [
            $"The run on {PointText.Hardware(record)} measured no configuration of {record.Model.Name}.",
            record.Notes.Count == 0
                ? "The record does not say why."
                : $"The record says: {string.Join("; ", record.Notes.Select(note => note.TrimEnd('.')))}.",
            "Nothing can be said of its speed, of what bounds it, or of its cost.",
        ];

    private static string[] AllInvalid(RunRecord record)
    {
        int count = record.Points.Count;
        string subject = count == 1 ? "The one configuration" : $"None of the {count} configurations";
        string verb = count == 1 ? "is not valid" : "is valid";
        string reasons = ReasonWords.OfAll(record.Points.SelectMany(point => point.InvalidReasons).Distinct());
        return
        [
            $"{subject} of {record.Model.Name} measured on {PointText.Hardware(record)} {verb}.",
            $"The reason given: {reasons}.",
            "No speed and no cost is concluded from this run.",
        ];
    }

    private static string[] Found(RunRecord record, IReadOnlyList<CostResult> costs, PointRecord[] valid)
    {
        PointRecord best = valid.MaxBy(point => point.TokensPerSecond)!;
        int index = Enumerable.Range(0, costs.Count).First(i => ReferenceEquals(record.Points[i], best));
        string?[] sentences =
        [
            Fastest(record, best, valid.Length),
            Bound(record, best),
            EnergySentence.Of(best),
            Quantisation(best, valid),
            BatchSweep(best, valid),
            Caveats(record, valid),
            Cost(best, costs[index]),
        ];
        return [.. sentences.OfType<string>()];
    }

    private static string Fastest(RunRecord record, PointRecord best, int count)
    {
        string how = count == 1 ? "decoded" : "decoded fastest";
        string users = best.Batch == 1 ? "" : $" ({Quantity.Digits(best.TokensPerSecondPerUser)} for each sequence)";
        string origin = PointText.IsExtrapolated(best)
            ? $", extrapolated from {best.LayersMeasured} of {best.LayersTotal} layers"
            : "";
        return $"On {RecordCost.HardwareOf(record, best)}, {record.Model.Name} {how} with {PointText.Name(best)}: "
            + $"{Quantity.Digits(best.TokensPerSecond)} tokens/s{users} while busy, "
            + $"{Quantity.Seconds(best.FullStepSeconds)} a step{origin}.";
    }

    private static string Bound(RunRecord record, PointRecord best)
    {
        double? ceiling = best.ReadCeilingBytesPerSecond ?? record.Ceilings.ReadBytesPerSecond.Value;
        string when = best.ReadCeilingBytesPerSecond is null ? "in the same run" : "in the same minutes";
        // Bandwidth and its share are of what was measured; the step's time may be of more layers.
        (string what, string it) =
            best.LayersMeasured == best.LayersTotal
                ? ("That moves", "it")
                : ($"The {best.LayersMeasured} of {best.LayersTotal} layers that were measured move", "the step");
        string reached =
            best.MbuOfCeiling is double mbu && ceiling is double read
                ? $"{what} {Quantity.Rate(best.AchievedBytesPerSecond)}, {Quantity.RoundPercent(mbu)} of the "
                    + $"{Quantity.Rate(read)} that reading alone reached {when}"
                : $"{what} {Quantity.Rate(best.AchievedBytesPerSecond)}, with no read ceiling of the same run to hold it against";
        string bound = (best.Bound, best.RooflineSeconds) switch
        {
            (null, _) => $"nothing says what bounds {it}",
            (_, null) => $"the record names {best.Bound} as its bound",
            _ => $"the roofline says that {best.Bound} bounds {it}",
        };
        var step = StepParts.Of(record, best);
        StepPart[] top = [.. step.Parts.Where(part => part.Share > 0).OrderByDescending(part => part.Share).Take(2)];
        if (top.Length == 0)
        {
            return $"{reached}; {bound}, and operations were not timed one by one.";
        }

        string names = string.Join(" and ", top.Select(Share));
        return $"{reached}; {bound}, and {names} {(top.Length == 1 ? "takes the largest share" : "take the largest shares")} of its time{step.Note}.";
    }

    private static string Share(StepPart part) => $"{part.Name} ({Quantity.RoundPercent(part.Share)})";

    /// <summary>
    /// The fastest quantised format against sixteen bits at one batch, context and KV: those of the fastest point if they have
    /// both, else those of the fastest pair; null without one.
    /// </summary>
    private static string? Quantisation(PointRecord best, PointRecord[] valid)
    {
        PointRecord[] order =
        [
            .. valid
                .OrderByDescending(point => SameButWeights(point, best))
                .ThenByDescending(point => point.TokensPerSecond),
        ];
        PointRecord? quantised = order.FirstOrDefault(point =>
            !IsSixteenBit(point) && SixteenBitsOf(point, order) is not null
        );
        if (quantised is null)
        {
            return null;
        }

        PointRecord sixteen = SixteenBitsOf(quantised, order)!;
        double ratio = sixteen.FullStepSeconds / quantised.FullStepSeconds;
        string times =
            $"{Quantity.Seconds(quantised.FullStepSeconds)} a step against {Quantity.Seconds(sixteen.FullStepSeconds)}";
        bool? overlap = Overlap(sixteen, quantised);
        string found =
            overlap == true ? $"no difference between {quantised.Weights} and {sixteen.Weights} weights is shown"
            : Math.Abs(ratio - 1) < NoticeableDifference
                ? $"{quantised.Weights} weights bought nothing over {sixteen.Weights}"
            : ratio > 1
                ? $"{quantised.Weights} weights made it {Quantity.Digits(ratio)} times as fast as {sixteen.Weights}"
            : $"{quantised.Weights} weights made it slower than {sixteen.Weights}, {Quantity.Digits(ratio)} times as fast";
        string doubt = overlap switch
        {
            true => "; the 95 % confidence intervals overlap",
            false => "",
            null => "; without confidence intervals, so the difference is not established",
        };
        return $"At batch {quantised.Batch}, context {quantised.Context} and {quantised.Kv} KV, {found} ({times}{doubt}).";
    }

    private static PointRecord? SixteenBitsOf(PointRecord quantised, PointRecord[] fastestFirst) =>
        Array.Find(fastestFirst, point => IsSixteenBit(point) && SameButWeights(point, quantised));

    /// <summary>Whether the 95 % intervals of two points overlap; null where there are none.</summary>
    private static bool? Overlap(PointRecord left, PointRecord right) =>
        left.FullStepCi95Low is double leftLow
        && left.FullStepCi95High is double leftHigh
        && right.FullStepCi95Low is double rightLow
        && right.FullStepCi95High is double rightHigh
            ? leftLow <= rightHigh && rightLow <= leftHigh
            : null;

    private static string? BatchSweep(PointRecord best, PointRecord[] valid)
    {
        PointRecord[] sweep = [.. valid.Where(point => SameButBatch(point, best)).OrderBy(point => point.Batch)];
        if (sweep.Length < 2 || sweep[0].Batch == sweep[^1].Batch)
        {
            return null;
        }

        PointRecord first = sweep[0];
        PointRecord last = sweep[^1];
        double rate = last.TokensPerSecond / first.TokensPerSecond;
        double step = last.FullStepSeconds / first.FullStepSeconds;
        return $"From batch {first.Batch} to {last.Batch} its tokens/s grew {Quantity.Digits(rate)} times "
            + $"and its step {Quantity.Digits(step)} times.";
    }

    private static string? Caveats(RunRecord record, PointRecord[] valid)
    {
        int extrapolated = valid.Count(PointText.IsExtrapolated);
        PointRecord[] invalid = [.. record.Points.Where(point => !point.Valid)];
        int total = record.Points.Count;
        List<string> parts = [];
        if (extrapolated > 0)
        {
            parts.Add($"{extrapolated} of {total} {Are(extrapolated)} extrapolated from fewer layers");
        }

        if (invalid.Length > 0)
        {
            string reasons = ReasonWords.OfAll(invalid.SelectMany(point => point.InvalidReasons).Distinct());
            parts.Add($"{invalid.Length} of {total} {Are(invalid.Length)} invalid and left out here ({reasons})");
        }

        if (EnergySentence.Doubts(record) is string doubts)
        {
            parts.Add(doubts);
        }

        return parts.Count == 0 ? null : $"Of the configurations, {string.Join(", and ", parts)}.";
    }

    private static string Cost(PointRecord point, CostResult result)
    {
        if (result.Cost is not TokenCost cost)
        {
            return $"No cost is given: {PointText.WhyNoCost(point, result.Unavailable!).TrimEnd('.')}.";
        }

        string price = Assumed(cost.UsdPerHour);
        string use = Assumed(cost.Utilization);
        return $"At {Quantity.Usd(cost.UsdPerHour.Value!.Value)} an hour{price} and {cost.Conditions.Utilization * 100:0.##} % "
            + $"utilisation{use} a million tokens cost {Quantity.Usd(cost.UsdPerMillionTokens)} "
            + $"[{cost.Conditions.Describe()}].";
    }

    private static string Assumed(Figure figure) =>
        figure.Provenance.Kind == Provenance.Assumed && !UserFigure.IsGiven(figure) ? " (assumed)" : "";

    private static string Are(int count) => count == 1 ? "is" : "are";

    private static bool IsSixteenBit(PointRecord point) => point.Weights is "fp16" or "bf16";

    private static bool SameButWeights(PointRecord left, PointRecord right) =>
        left.Batch == right.Batch && SameButWeightsAndBatch(left, right);

    private static bool SameButBatch(PointRecord left, PointRecord right) =>
        left.Weights == right.Weights && left.LmHead == right.LmHead && SameButWeightsAndBatch(left, right);

    private static bool SameButWeightsAndBatch(PointRecord left, PointRecord right) =>
        left.Kv == right.Kv
        && left.Context == right.Context
        && left.TensorParallel == right.TensorParallel
        && left.Activations == right.Activations;
}
