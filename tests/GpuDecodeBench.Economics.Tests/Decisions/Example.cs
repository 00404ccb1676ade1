using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests.Decisions;

/// <summary>Inputs and evaluations of equations with round numbers.</summary>
internal static class Example
{
    public static ModelInput Input(
        string symbol,
        string unit,
        double? value,
        double? low = null,
        double? high = null
    ) =>
        new(
            symbol,
            symbol,
            unit,
            value,
            value is null ? ProvenanceNote.Unavailable("test", "not known here") : ProvenanceNote.Assumed("an example")
        )
        {
            Low = low,
            High = high,
        };

    public static Evaluation Evaluate(
        IReadOnlyList<Equation> equations,
        params (string Symbol, string Unit, double Value)[] inputs
    ) =>
        EquationSystem
            .Create(inputs.Select(input => Input(input.Symbol, input.Unit, input.Value)), equations)
            .Evaluate();
}
