using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>
/// What can be done where a step takes more than the memory holds: more devices, the rest of the cache on flash, or sparse attention
/// with the rest on flash.
/// </summary>
public static class BeyondMemoryOptions
{
    private const int MostDevices = 64;

    /// <summary>The ways; none where the step fits, or the memory is not known.</summary>
    /// <param name="source">The step.</param>
    /// <param name="physics">Its evaluated <see cref="PhysicsEquations"/>.</param>
    /// <param name="scenario">The scenario that prices the ways; null for no prices.</param>
    public static IReadOnlyList<BeyondMemory> Of(IStepSource source, Evaluation physics, Scenario? scenario)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(physics);
        if (physics.Figure("memory_over").Value is not > 0)
        {
            return [];
        }

        return
        [
            Devices(source, physics, scenario),
            Flash(
                "flash",
                "the rest of the cache on flash",
                "t_step_offload",
                "all of the cache is read in every step"
            ),
            Flash(
                "sparse",
                "sparse attention, the rest of the cache on flash",
                "t_step_sparse_offload",
                $"{physics.Format("sparse_share", 3)} of the cache is read in every step; what that does to the answers is not modelled"
            ),
        ];

        BeyondMemory Flash(string id, string name, string symbol, string note)
        {
            int devices = source.Base.TensorParallel;
            string? why =
                physics.InBaseUnits("memory_over") > physics.InBaseUnits("kv_held")
                    ? "weights alone are larger than the memory"
                : physics.InBaseUnits("kv_over") > physics.InBaseUnits("nand_offload")
                    ? $"{physics.Format("kv_over", 3)} of the cache are beyond memory, and the flash for them (nand_offload) holds {physics.Format("nand_offload", 3)}"
                : null;
            if (why is not null)
            {
                return new BeyondMemory(id, name, devices, null, null, why);
            }

            Figure step = physics.Figure(symbol);
            if (step.Value is not double milliseconds)
            {
                return new BeyondMemory(id, name, devices, null, null, step.Provenance.Detail ?? "not known");
            }

            double seconds = milliseconds / 1e3;
            return new BeyondMemory(
                id,
                name,
                devices,
                seconds,
                Price(source, source.Base, new StepTime(seconds, step.Provenance), scenario),
                note
            );
        }
    }

    private static BeyondMemory Devices(IStepSource source, Evaluation physics, Scenario? scenario)
    {
        double usable = physics.InBaseUnits("hbm_usable");
        ModelInput latency = scenario is null
            ? LinkEquations.AssumedLatency(source.SpecificationOf(source.Base)?.Name ?? "")
            : LinkEquations.LatencyOf(scenario.Inputs);
        for (int devices = source.Base.TensorParallel * 2; devices <= MostDevices; devices *= 2)
        {
            StepTarget split = source.Base with { TensorParallel = devices };
            try
            {
                if (source.PlanOf(split).Memory.TotalBytes > usable)
                {
                    continue;
                }

                StepTime time = source.TimeOf(split, 1, latency);
                return new BeyondMemory(
                    "devices",
                    "more devices",
                    devices,
                    time.Seconds,
                    Price(source, split, time, scenario),
                    CostProvenance.Describe(time.Provenance)
                );
            }
            catch (InputException problem)
            {
                return new BeyondMemory("devices", "more devices", devices, null, null, problem.Message);
            }
        }

        return new BeyondMemory(
            "devices",
            "more devices",
            MostDevices,
            null,
            null,
            $"{MostDevices} do not hold it either"
        );
    }

    private static double? Price(IStepSource source, StepTarget target, StepTime time, Scenario? scenario)
    {
        if (scenario is null || time.Seconds is not double seconds)
        {
            return null;
        }

        var conditions = new CostConditions
        {
            Model = target.Model.Name,
            Weights = target.Formats.Weights.Name(),
            LmHead = target.Formats.LmHead.Name(),
            Kv = target.Formats.Kv.Name(),
            ContextTokens = target.ContextTokens,
            Batch = target.Batch,
            Utilization = scenario.Utilization.BaseValue,
            Hardware = source.HardwareOf(target),
        };
        CostCase priced = CostCaseFactory.Of(
            conditions,
            StepRate.Of(target.Batch / seconds, time.Provenance),
            new DevicePower(source.PowerOf(target), source.IdlePowerOf(target)),
            source.SpecificationOf(target),
            PhysicsInputs.InputWork(source.PlanOf(target)),
            scenario
        );
        return CostStack.Create(priced, scenario).Total.UsdPerMillionTokens.Value;
    }
}
