using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>A device's power by part, beside the whole's, with FP8 and FP4, and beside what is published.</summary>
public static class PowerTable
{
    /// <summary>The table.</summary>
    /// <param name="split">The split.</param>
    /// <param name="explain">Whether the captions derive the sum line by line.</param>
    public static ResultTable From(PowerSplit split, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(split);
        var schema = new TableSchema<PowerPart>().Words("Part", "part", part => ResultCell.Of(part.Name, part.Id));
        foreach (PowerVariant variant in split.Variants)
        {
            schema
                .Number(variant.Name, "W", $"{variant.Id}Watts", part => Value(variant, part.Symbol))
                .Number(
                    variant.Name,
                    "mJ/tok",
                    $"{variant.Id}MillijoulesPerToken",
                    part => part == PowerEquations.Rest ? ResultCell.None : Value(variant, part.EnergySymbol)
                );
        }

        return schema
            .Number("Share", "% of parts", "share", part => Share(split, part))
            .Number(
                "Published",
                "W of 700",
                "publishedWatts",
                part => ResultCell.Of(PowerSplit.PublishedWatts(part), Quantity.Digits),
                drop: 1
            )
            .Build(
                $"Power by part: {split.Conditions}, busy all the time (utilisation 100 %)",
                [.. PowerEquations.Parts, PowerEquations.Sum, PowerEquations.Rest],
                Captions(split, explain)
            );
    }

    private static ResultCell Value(PowerVariant variant, string symbol) =>
        ResultCell.Of(variant.Evaluation.Figure(symbol).Value, Quantity.Digits);

    /// <summary>The part's share of all parts together; none for what they do not explain, which is no part of them.</summary>
    private static ResultCell Share(PowerSplit split, PowerPart part) =>
        part == PowerEquations.Rest
            ? ResultCell.None
            : ResultCell.Of(
                split.Planned.Evaluation.Figure(part.Symbol).Value
                    / split.Planned.Evaluation.Figure(PowerEquations.Sum.Symbol).Value,
                Quantity.Percent
            );

    /// <summary>How a value differs from one before, in percent of that: less, more, or as much.</summary>
    private static string Change(double value, double before)
    {
        double less = 1 - (value / before);
        string percent = Quantity.Percent(Math.Abs(less));
        return percent == Quantity.Percent(0) ? "as much"
            : less > 0 ? $"{percent} % less"
            : $"{percent} % more";
    }

    /// <summary>How much of the device's power the parts explain.</summary>
    private static string Explained(double parts, double whole) =>
        parts <= whole
            ? $"The parts explain {Quantity.Percent(parts / whole)} % of the whole device's power; the other {Quantity.Percent(1 - (parts / whole))} % are not explained by them."
            : $"The parts come to {Quantity.Percent(parts / whole)} % of the whole device's power: more than there is, so the estimates are too high for this step.";

    private static List<string> Captions(PowerSplit split, bool explain)
    {
        Figure parts = split.Planned.Evaluation.Figure(PowerEquations.Sum.Symbol);
        List<string> lines =
        [
            $"The whole device: {Quantity.OrDash(split.Seen.Value, split.Seen.Provenance.Reason, watts => $"{Quantity.Digits(watts)} W")} — "
                + $"{CostProvenance.Describe(split.Seen.Provenance)}. The parts are energies of each byte and operation, mostly estimates, times what the plan counts; they are not measured.",
        ];
        if (parts.Value is double sum && split.Seen.Value is > 0 and double whole)
        {
            lines.Add(Explained(sum, whole));
        }

        foreach (PowerVariant variant in split.Variants.Skip(1))
        {
            if (
                parts.Value is double before
                && variant.Evaluation.Figure("p_same_rate").Value is double same
                && variant.Evaluation.Figure(PowerEquations.Sum.EnergySymbol).Value is double energy
                && split.Planned.Evaluation.Figure(PowerEquations.Sum.EnergySymbol).Value is double energyBefore
                && variant.Evaluation.Figure(PowerEquations.Sum.Symbol).Value is double own
            )
            {
                lines.Add(
                    $"{variant.Name}: {Change(energy, energyBefore)} energy a token; at as many tokens a second as before {Quantity.Digits(same)} W, "
                        + $"{Change(same, before)}; at its own pace {Quantity.Digits(own)} W."
                );
            }
        }

        lines.Add(
            "FP8: weights, cache and arithmetic; FP4: weights (nvfp4) and arithmetic, cache FP8. As planned, arithmetic is of 16 bits. Published: the split of an H200 that an essay gives for a 70B model at batch 64 and 4K of context, its optics among the links; claims says what holds of it."
        );
        if (explain)
        {
            lines.AddRange(
                split
                    .Planned.Evaluation.Explain(PowerEquations.Rest.Symbol, "p_same_rate")
                    .Select(line => line.Formula is null ? $"  given  {line}" : $"  {line}")
            );
        }

        return lines;
    }
}
