using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The tables of a cost by layers.</summary>
internal static class CostReport
{
    /// <summary>The layers of a case, its range, and what matters most.</summary>
    public static IEnumerable<ResultTable> Of(CostCase priced, Scenario scenario, int draws, int seed, bool explain)
    {
        var stack = CostStack.Create(priced, scenario);
        string total = CostLayers.Total.TokenSymbol;
        bool isKnown = stack.Total.UsdPerMillionTokens.Value is not null;
        UncertainResult? range = isKnown ? MonteCarlo.Run(stack.System, total, draws, seed) : null;
        yield return CostStackTable.From(stack, range, explain);
        if (isKnown)
        {
            yield return CostStackTable.Tornado(stack, Tornado.Of(stack.System, total));
        }
    }

    /// <summary>The physics of a prediction.</summary>
    public static ResultTable Physics(RooflinePrediction prediction)
    {
        Evaluation physics = EquationSystem
            .Create(
                PhysicsInputs.Of(
                    prediction.Plan,
                    prediction.Hardware.ToSpecification(),
                    AssumptionCatalogue.Inputs(prediction.Hardware.Name)
                ),
                PhysicsEquations.All
            )
            .Evaluate();
        Workload.Plans.StepConditions step = prediction.Plan.Conditions;
        return PhysicsTable.From(
            $"Physics of {prediction.Plan.Model.Name} on {step.TensorParallel} × {prediction.Hardware.Name}, batch {step.Batch}, context {step.ContextTokens.Max()} (predicted)",
            physics
        );
    }
}
