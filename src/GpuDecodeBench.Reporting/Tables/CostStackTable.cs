using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>A cost by layers, with its conditions and its range, and on demand the derivation.</summary>
public static class CostStackTable
{
    private static readonly string[] Explained =
    [
        CostLayers.Total.TokenSymbol,
        CostLayers.Total.InputTokenSymbol,
        "p_wall",
    ];

    /// <summary>The layers of a stack and their total.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="range">What the uncertainty of the assumptions makes of the total per output token; null where not asked.</param>
    /// <param name="explain">Whether the captions derive the total line by line.</param>
    public static ResultTable From(CostStack stack, UncertainResult? range, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return new TableSchema<CostLayer>()
            .Words("Layer", "layer", layer => ResultCell.Of(layer.Name, layer.Kind.Id))
            .Number("Per hour", "$/GPU/h", "usdPerDeviceHour", layer => Money(layer, layer.UsdPerDeviceHour))
            .Number("Output", "$/Mtok", "usdPerMillionTokens", layer => Money(layer, layer.UsdPerMillionTokens))
            .Number(
                "Input",
                "$/Mtok",
                "usdPerMillionInputTokens",
                layer => Money(layer, layer.UsdPerMillionInputTokens)
            )
            .ShareAndProvenance(layer => layer.UsdPerMillionTokens.Provenance)
            .Build(
                $"Cost by layers, {ScenarioName(stack.Scenario)}: {stack.Conditions.Describe()}",
                [.. stack.Layers, stack.Total],
                [.. Captions(stack, range), .. explain ? Derivation(stack) : []]
            );
    }

    /// <summary>Which assumptions matter most for the total per output token.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="bars">The bars, the widest first.</param>
    /// <param name="count">How many to show.</param>
    public static ResultTable Tornado(CostStack stack, IReadOnlyList<TornadoBar> bars, int count = 10)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(bars);
        return new TableSchema<TornadoBar>()
            .Words("Assumption", "name", bar => ResultCell.Of(bar.Input.Name))
            .Machine("symbol", bar => ResultCell.Of(bar.Input.Symbol))
            .Words("Low", "low", bar => Value(bar.Input, bar.Input.Low!.Value))
            .Words("Likely", "likely", bar => Value(bar.Input, bar.Input.Value!.Value))
            .Words("High", "high", bar => Value(bar.Input, bar.Input.High!.Value))
            .Number("At low", "$/Mtok", "usdAtLow", bar => ResultCell.Of(bar.AtLow, Quantity.Digits))
            .Number("At high", "$/Mtok", "usdAtHigh", bar => ResultCell.Of(bar.AtHigh, Quantity.Digits))
            .Number("Width", "$/Mtok", "usdWidth", bar => ResultCell.Of(bar.Width, Quantity.Digits))
            .Words("Rests on", "source", bar => Source(bar.Input.Provenance), drop: 1)
            .Build(
                $"Which assumption matters most, {ScenarioName(stack.Scenario)}: {stack.Conditions.Describe()}",
                bars.Take(count),
                [
                    .. bars.Count > count
                        ? [$"{bars.Count - count} assumptions that matter less are not shown."]
                        : (string[])[],
                    .. bars.Take(count).Any(bar => OwnEstimate.Is(bar.Input.Provenance))
                        ?
                        [
                            "Own estimate: no source that could be cited was found, so put in what you know (--new-scenario lists every input with its source).",
                        ]
                        : (string[])[],
                ]
            );
    }

    /// <summary>Whether somebody else said it; for machines the source itself.</summary>
    private static ResultCell Source(ProvenanceNote note) =>
        ResultCell.Of(
            OwnEstimate.Is(note) ? "own estimate"
                : note.Kind == Provenance.Assumed ? "a source"
                : CostProvenance.NameOf(note.Kind),
            note.Source ?? CostProvenance.NameOf(note.Kind)
        );

    private static string ScenarioName(Scenario scenario) =>
        $"scenario {scenario.Name} ({(scenario.Ownership == Ownership.Rented ? "rented" : "owned")})";

    private static ResultCell Money(CostLayer layer, Figure figure) =>
        layer.IsInTheRent ? ResultCell.None : ResultCell.Of(figure.Value, Quantity.Digits);

    private static ResultCell Value(ModelInput input, double value) =>
        ResultCell.Of(input.Unit.Format(input.Unit.ToBase(value), 3));

    private static IEnumerable<string> Captions(CostStack stack, UncertainResult? range)
    {
        if (stack.Case.InvalidReasons.Count > 0)
        {
            yield return $"INVALID and for inspection only: {ReasonWords.OfAll(stack.Case.InvalidReasons)}.";
        }

        if (stack.Evaluation.Figure("rate").Provenance.Kind == Provenance.Predicted)
        {
            yield return CostCaptions.RooflineIsABound;
            if (stack.Evaluation.Figure("flops_peak").Value is null)
            {
                yield return $"{CostCaptions.ArithmeticIsLeftOut(stack.Conditions.Hardware.Device)}.";
            }
        }

        foreach (
            string line in LinkColumn
                .Lines([stack.Conditions.Hardware])
                .Concat(EstimatedRent.Lines([(stack.Conditions.Hardware.Device, stack.Evaluation)]))
        )
        {
            yield return line;
        }

        if (range is not null)
        {
            yield return $"Total per million output tokens: P10 ${Quantity.Digits(range.P10)}, P50 ${Quantity.Digits(range.P50)}, "
                + $"P90 ${Quantity.Digits(range.P90)} ({range.Sorted.Count:N0} draws from the assumptions' ranges, seed {range.Seed}; one of ten lies below P10, one above P90).";
            if (stack.Total.UsdPerMillionTokens.Value is double likely && (likely < range.P10 || likely > range.P90))
            {
                yield return $"The total of the likely values, ${Quantity.Digits(likely)}, lies outside that range, as most of them are at one end of their own ranges.";
            }
        }

        if (stack.Scenario.Ownership == Ownership.Rented)
        {
            yield return $"Rent: {stack.Evaluation.FormatGiven("rent")} — {CostProvenance.Describe(stack.Evaluation.Figure("rent"))}.";
        }

        yield return $"Power from the grid: {stack.Evaluation.Format("p_wall", 3)}, of which the device {stack.Evaluation.Format("p_gpu", 3)} on average; "
            + $"utilisation {stack.Evaluation.Format("util", 3)} — {CostProvenance.Describe(stack.Evaluation.Figure("util"))}.";
        foreach (CostLayer layer in stack.Layers.Append(stack.Total))
        {
            if (layer.UsdPerMillionTokens.Value is null)
            {
                yield return $"{layer.Name}: not known, {layer.UsdPerMillionTokens.Provenance.Detail}.";
            }
        }

        if (stack.Total.UsdPerMillionInputTokens.Value is null)
        {
            yield return $"Input tokens: not known, {stack.Total.UsdPerMillionInputTokens.Provenance.Detail}.";
        }
        else
        {
            yield return "Input tokens are predicted: prefill at an assumed share of the datasheet's BF16 rate, nothing was executed.";
        }
    }

    private static IEnumerable<string> Derivation(CostStack stack)
    {
        int number = 0;
        foreach (DerivationLine line in stack.Evaluation.Explain(Explained))
        {
            yield return line.Formula is null ? $"  given  {line}" : $"  ({++number})  {line}";
        }
    }
}
