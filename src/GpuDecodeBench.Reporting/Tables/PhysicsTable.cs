using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>What bytes, operations and memory of a step say before anything is measured.</summary>
public static class PhysicsTable
{
    /// <summary>Each quantity with its formula.</summary>
    /// <param name="title">What it is of.</param>
    /// <param name="physics">The evaluated equations of <see cref="PhysicsEquations"/>.</param>
    public static ResultTable From(string title, Evaluation physics)
    {
        ArgumentNullException.ThrowIfNull(physics);
        return new TableSchema<Equation>()
            .Words("Quantity", "name", equation => ResultCell.Of(equation.Name))
            .Words("Value", "text", equation => Text(physics, equation))
            .MachineNumber("value", equation => ResultCell.Of(physics.Figure(equation.Symbol).Value, Quantity.Digits))
            .Machine("unit", equation => ResultCell.Of(equation.Unit))
            .Machine("symbol", equation => ResultCell.Of(equation.Symbol))
            .Words("Formula", "formula", equation => ResultCell.Of(equation.Formula.Replace('*', '×')), drop: 1)
            .Words(
                "From",
                "provenance",
                equation => ResultCell.Of(CostProvenance.NameOf(physics.Figure(equation.Symbol).Provenance.Kind))
            )
            .Build(title, PhysicsEquations.All, Unknown(physics));
    }

    private static ResultCell Text(Evaluation physics, Equation equation) =>
        physics.Figure(equation.Symbol).Value is null
            ? ResultCell.None
            : ResultCell.Of(physics.Format(equation.Symbol, 3));

    private static List<string> Unknown(Evaluation physics) =>
        [
            .. PhysicsEquations
                .All.Select(equation => (equation, Figure: physics.Figure(equation.Symbol)))
                .Where(row => row.Figure.Value is null)
                .Select(row =>
                    double.IsInfinity(physics.InBaseUnits(row.equation.Symbol))
                        ? $"– {row.equation.Name}: it cannot be done so."
                        : $"– not known: {row.Figure.Provenance.Detail ?? row.Figure.Provenance.Reason}."
                )
                .Distinct(),
        ];
}
