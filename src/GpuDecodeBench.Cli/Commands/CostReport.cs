using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The tables of a cost by layers.</summary>
internal static class CostReport
{
    /// <summary>The layers of a case, its range, and what matters most.</summary>
    public static IEnumerable<ResultTable> Of(CostCase priced, Scenario scenario, CostReportOptions options)
    {
        var stack = CostStack.Create(priced, scenario);
        string total = CostLayers.Total.TokenSymbol;
        bool isKnown = stack.Total.UsdPerMillionTokens.Value is not null;
        UncertainResult? range = isKnown ? MonteCarlo.Run(stack.System, total, options.Draws, options.Seed) : null;
        yield return CostStackTable.From(stack, range, options.Explain);
        if (!isKnown)
        {
            yield break;
        }

        yield return CostStackTable.Tornado(stack, Tornado.Of(stack.System, total));
        foreach ((string symbol, IReadOnlyList<double> values) in options.Sweeps)
        {
            yield return DecisionTables.Sweep(
                stack.Conditions,
                symbol == Sweep.Region ? Sweep.OverRegions(stack.System) : Sweep.Over(stack.System, symbol, values)
            );
        }

        if (options.Api is (double outUsd, double inUsd, double ratio))
        {
            if (ratio > 0 && stack.Total.UsdPerMillionInputTokens.Value is null)
            {
                throw new InputException(
                    $"Input tokens cannot be priced here ({stack.Total.UsdPerMillionInputTokens.Provenance.Detail}), so --input-ratio must be 0."
                );
            }

            yield return DecisionTables.Buy(
                stack.Conditions,
                BreakEven.Of(priced, scenario, BuyEquations.Inputs(outUsd, inUsd, ratio))
            );
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
        GpuDecodeBench.Workload.Plans.StepConditions step = prediction.Plan.Conditions;
        return PhysicsTable.From(
            $"Physics of {prediction.Plan.Model.Name} on {step.TensorParallel} × {prediction.Hardware.Name}, batch {step.Batch}, context {step.ContextTokens.Max()} (predicted)",
            physics
        );
    }
}
