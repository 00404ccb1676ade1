using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The tables of a cost by layers.</summary>
internal static class CostReport
{
    /// <summary>The layers of a case, its range, and what matters most.</summary>
    public static IEnumerable<ResultTable> Of(
        CostCase priced,
        Scenario scenario,
        CostReportOptions options,
        CostTally tally
    )
    {
        var stack = CostStack.Create(priced, scenario);
        string total = CostLayers.Total.TokenSymbol;
        bool isKnown = stack.Total.UsdPerMillionTokens.Value is not null;
        tally.Add(isKnown, stack.Total.UsdPerMillionTokens.Provenance.Detail);
        UncertainResult? range = isKnown ? MonteCarlo.Run(stack.System, total, options.Draws, options.Seed) : null;
        yield return CostStackTable.From(stack, range, options.Explain);
        if (!isKnown)
        {
            yield break;
        }

        yield return CostStackTable.Tornado(stack, Tornado.Of(stack.System, total));
        foreach ((string symbol, IReadOnlyList<double> values) in options.Sweeps)
        {
            if (symbol != Sweep.Region && scenario.Inputs.All(input => input.Symbol != symbol))
            {
                throw new InputException(
                    $"--sweep '{symbol}' is no input of the scenario; known are {string.Join(", ", scenario.Inputs.Select(input => input.Symbol))}."
                );
            }

            if (Sweep.WhyNoEffect(stack, symbol) is string why)
            {
                throw new InputException($"--sweep '{symbol}' {why}");
            }

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

    /// <summary>The physics of a step, its power by part, and what can be done where it takes more than the memory holds.</summary>
    public static IEnumerable<ResultTable> Physics(IStepSource source, Scenario? scenario, string how, bool explain)
    {
        Evaluation physics = StepPhysics.Of(source, scenario);
        StepTarget step = source.Base;
        string conditions =
            $"{step.Model.Name}, {step.Formats.Weights.Name()} weights, {step.Formats.Kv.Name()} KV, on {source.HardwareOf(step)}, batch {step.Batch}, context {step.ContextTokens}";
        yield return PhysicsTable.From($"Physics of {conditions} ({how})", physics);
        Scenario energies = scenario ?? ScenarioReader.Default(source.SpecificationOf(step)?.Name);
        if (PowerSplit.Of(source, energies) is PowerSplit split)
        {
            yield return PowerTable.From(split, explain);
        }

        IReadOnlyList<BeyondMemory> ways = BeyondMemoryOptions.Of(source, physics, scenario);
        if (ways.Count > 0)
        {
            yield return BeyondMemoryTable.From(conditions, ways);
        }
    }

    /// <summary>What levers save.</summary>
    public static IEnumerable<ResultTable> Levers(
        IStepSource source,
        Scenario scenario,
        LeverSettings settings,
        bool explain
    )
    {
        var analysis = LeverAnalysis.Of(source, scenario, settings);
        yield return LeverTable.Alone(analysis);
        yield return LeverTable.Together(analysis, explain);
    }
}
