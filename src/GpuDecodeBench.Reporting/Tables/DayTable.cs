using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>A day's profit and loss, beside what was published of it.</summary>
public static class DayTable
{
    /// <summary>The inputs.</summary>
    /// <param name="day">The day.</param>
    /// <param name="conditions">The five conditions, as far as they are known.</param>
    public static ResultTable Inputs(DayDecision day, DayConditions conditions)
    {
        ArgumentNullException.ThrowIfNull(day);
        ArgumentNullException.ThrowIfNull(conditions);
        return new TableSchema<ModelInput>()
            .Words("Input", "name", input => ResultCell.Of(input.Name))
            .Words("Value", "text", input => ResultCell.Of(day.Values.FormatGiven(input.Symbol)))
            .MachineNumber("value", input => ResultCell.Of(input.Value, Quantity.Digits))
            .Machine("unit", input => ResultCell.Of(input.Unit.Text))
            .Words("Symbol", "symbol", input => ResultCell.Of(input.Symbol), drop: 1)
            .Words("From", "provenance", input => ResultCell.Of(CostProvenance.NameOf(input.Provenance.Kind)))
            .Machine("source", input => ResultCell.Of(CostProvenance.Describe(input.Provenance)))
            .Build(
                $"Inputs of {Name(day)}: {conditions.Describe()}",
                day.Inputs,
                [
                    .. day
                        .Inputs.GroupBy(input => CostProvenance.Describe(input.Provenance))
                        .Select(group => $"{string.Join(", ", group.Select(input => input.Symbol))}: {group.Key}."),
                ]
            );
    }

    /// <summary>What comes out.</summary>
    /// <param name="day">The day.</param>
    /// <param name="conditions">The five conditions, as far as they are known.</param>
    /// <param name="explain">Whether the captions derive it line by line.</param>
    public static ResultTable Result(DayDecision day, DayConditions conditions, bool explain)
    {
        ArgumentNullException.ThrowIfNull(day);
        ArgumentNullException.ThrowIfNull(conditions);
        TableSchema<Equation> table = new TableSchema<Equation>()
            .Words("Quantity", "name", equation => ResultCell.Of(equation.Name))
            .Words("Computed", "text", equation => ResultCell.Of(day.Values.Format(equation.Symbol)))
            .MachineNumber(
                "value",
                equation => ResultCell.Of(day.Values.Figure(equation.Symbol).Value, Quantity.Digits)
            )
            .Machine("unit", equation => ResultCell.Of(equation.Unit))
            .Machine("symbol", equation => ResultCell.Of(equation.Symbol));
        if (day.Published is not null)
        {
            table = table
                .Words("Published", "publishedText", equation => PublishedText(day, equation))
                .MachineNumber("published", equation => ResultCell.Of(Published(day, equation), Quantity.Digits))
                .Number(
                    "Difference",
                    "%",
                    "difference",
                    equation =>
                        ResultCell.Of(
                            (day.Values.Figure(equation.Symbol).Value / Published(day, equation)) - 1,
                            share => $"{share * 100:+0.000;−0.000;0.000}"
                        )
                );
        }

        return table
            .Words("Formula", "formula", equation => ResultCell.Of(equation.Formula), drop: 1)
            .Words(
                "From",
                "provenance",
                equation => ResultCell.Of(CostProvenance.NameOf(day.Values.Figure(equation.Symbol).Provenance.Kind))
            )
            .Build(
                $"Profit and loss of {Name(day)}: {conditions.Describe()}",
                day.Equations,
                [.. Captions(day, explain)]
            );
    }

    private static IEnumerable<string> Captions(DayDecision day, bool explain)
    {
        if (day is { Published: PublishedDay published, IsChanged: true })
        {
            yield return $"Inputs were changed, so the published results of {published.Title} are not to be expected.";
        }

        yield return "Revenue is what the tokens would bring at the given prices, all of them paid; cost is the devices alone, without staff, research or training.";
        if (explain)
        {
            foreach (
                string line in DerivationText.Of(day.Values, [.. day.Equations.Select(equation => equation.Symbol)])
            )
            {
                yield return line;
            }
        }
    }

    private static string Name(DayDecision day) => day.Published?.Title ?? "a day";

    private static double? Published(DayDecision day, Equation equation) =>
        day.Published?.Published.FirstOrDefault(figure => figure.Symbol == equation.Symbol)?.Value;

    private static ResultCell PublishedText(DayDecision day, Equation equation)
    {
        Unit unit = Unit.Parse(equation.Unit);
        return Published(day, equation) is double value
            ? ResultCell.Of(unit.Format(unit.ToBase(value), 6))
            : ResultCell.None;
    }
}
