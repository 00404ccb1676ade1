using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Traffic shared among models: what each costs, and what they cost together.</summary>
public static class RouteTable
{
    private sealed record Row(
        string Name,
        string Share,
        string? Escalate,
        string Cost,
        string? Part,
        string Conditions
    );

    private static readonly string[] Results =
    [
        RouteEquations.Blended,
        "route_saved",
        "route_saved_share",
        "large_traffic",
        "break_escalate_device",
        "break_escalate_small",
        "break_share_device",
        "break_share_small",
    ];

    /// <summary>The models with their shares.</summary>
    /// <param name="decision">The routing.</param>
    public static ResultTable Targets(RouteDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        Evaluation values = decision.Values;
        List<Row> rows = [];
        if (values["share_device"] > 0)
        {
            rows.Add(
                new Row(
                    "the user's device",
                    "share_device",
                    "escalate_device",
                    "cost_device",
                    "route_device",
                    "the user's own device; a small model in few bits"
                )
            );
        }

        if (decision.Small is RouteTarget small)
        {
            rows.Add(
                new Row(small.Name, "share_small", "escalate_small", "cost_small", "route_small", small.Conditions)
            );
        }

        rows.Add(
            new Row(decision.Large.Name, "share_large", null, "cost_large", "route_large", decision.Large.Conditions)
        );
        return new TableSchema<Row>()
            .Words("Model", "model", row => ResultCell.Of(row.Name))
            .Number("Share", "%", "share", row => ResultCell.Of(values[row.Share], Quantity.Percent))
            .Number(
                "Escalates",
                "%",
                "escalated",
                row => row.Escalate is null ? ResultCell.None : ResultCell.Of(values[row.Escalate], Quantity.Percent)
            )
            .Number("Cost", "$/Mtok", "usdPerMillionTokens", row => ResultCell.Of(values[row.Cost], Quantity.Digits))
            .Number(
                "Part",
                "$/Mtok",
                "partUsdPerMillionTokens",
                row => ResultCell.Of(values[row.Part!], Quantity.Digits)
            )
            .Words(
                "From",
                "provenance",
                row => ResultCell.Of(CostProvenance.NameOf(values.Figure(row.Cost).Provenance.Kind))
            )
            .Words("Conditions", "conditions", row => ResultCell.Of(row.Conditions), drop: 1)
            .Build(
                "Routing: what each model gets of the tokens and what it costs",
                rows,
                [
                    .. rows.Select(row =>
                        $"{row.Name}: {row.Conditions}; cost {CostProvenance.Describe(values.Figure(row.Cost))}."
                    ),
                    .. Doubts([.. new[] { decision.Small?.Choice, decision.Large.Choice }.OfType<Choice>()]),
                ]
            );
    }

    /// <summary>What to know of costs that were computed: rents that are estimates, and windows that are taken to be held alone.</summary>
    private static IEnumerable<string> Doubts(Choice[] choices) =>
        EstimatedRent
            .Lines(choices.Select(choice => (choice.Conditions.Hardware.Device, (Evaluation?)choice.Shown.Evaluation)))
            .Concat(
                choices.Any(choice => choice.Prediction?.Plan.ForgetsTokens == true) ? [LayerWords.HeldInFleets] : []
            );

    /// <summary>The blended cost, what it saves, and where it stops saving.</summary>
    /// <param name="decision">The routing.</param>
    /// <param name="explain">Whether the captions derive it line by line.</param>
    public static ResultTable Result(RouteDecision decision, bool explain)
    {
        ArgumentNullException.ThrowIfNull(decision);
        Evaluation values = decision.Values;
        return new TableSchema<Equation>()
            .Words("Quantity", "name", equation => ResultCell.Of(equation.Name))
            .Words("Value", "text", equation => ResultCell.Of(Text(values, equation.Symbol)))
            .MachineNumber("value", equation => ResultCell.Of(values.Figure(equation.Symbol).Value, Quantity.Digits))
            .Machine("unit", equation => ResultCell.Of(equation.Unit))
            .Machine("symbol", equation => ResultCell.Of(equation.Symbol))
            .Words("Formula", "formula", equation => ResultCell.Of(equation.Formula), drop: 1)
            .Words(
                "From",
                "provenance",
                equation => ResultCell.Of(CostProvenance.NameOf(values.Figure(equation.Symbol).Provenance.Kind))
            )
            .Build(
                $"Routed traffic: {decision.Large.Conditions}",
                RouteEquations.All.Where(equation => Results.Contains(equation.Symbol) && IsUsed(decision, equation)),
                [.. Captions(values, explain)]
            );
    }

    /// <summary>A value in words; no share above all of the traffic exists, so a break-even there is none.</summary>
    private static string Text(Evaluation values, string symbol) =>
        symbol.StartsWith("break_share_", StringComparison.Ordinal) && values.InBaseUnits(symbol) > 1
            ? "never"
            : values.Format(symbol, 3);

    private static bool IsUsed(RouteDecision decision, Equation equation) =>
        equation.Symbol switch
        {
            "break_escalate_small" or "break_share_small" => decision.Small is not null,
            "break_escalate_device" or "break_share_device" => decision.Values["share_device"] > 0,
            _ => true,
        };

    private static IEnumerable<string> Captions(Evaluation values, bool explain)
    {
        yield return values["route_saved"] >= 0
            ? $"Routing saves {values.Format("route_saved_share", 3)} against all on the large model."
            : $"Routing costs more than all on the large model: too much is escalated, or the router is too dear.";
        yield return "An answer is taken to have as many tokens whoever gives it; quality and the time that a second answer takes are not in the figures.";
        yield return "The saving is real where the large model is paid by the token, or where instances that it no longer needs are given back.";
        if (explain)
        {
            foreach (string line in DerivationText.Of(values, Results))
            {
                yield return line;
            }
        }
    }
}
