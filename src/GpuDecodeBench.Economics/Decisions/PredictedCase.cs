using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// Prices a prediction for a decision: not at the roofline, which no software reaches, but at the share of it that is assumed or was
/// measured (<c>efficiency</c>), with the time on the link between devices, and within the memory that is free for weights and cache.
/// </summary>
public static class PredictedCase
{
    /// <summary>The symbol of the time of a step, which is the time between two tokens of a sequence.</summary>
    public const string StepTime = "t_token";

    /// <summary>The symbol of the share of the free memory that the step takes; it fits up to 1.</summary>
    public const string MemoryUse = "memory_use";

    /// <summary>The symbol of the share of the roofline's speed that is reached.</summary>
    public const string Efficiency = "efficiency";

    /// <summary>Inputs of the physics that a decision needs; the others are of no use to it.</summary>
    private static readonly string[] PhysicalInputs =
    [
        PhysicsInputs.RooflineTime,
        "sequences",
        "w_step",
        "kv_step",
        "w_held",
        "kv_held",
        "other_held",
        "link_bytes",
        "link_count",
        "link_rate",
        "link_share",
        "link_devices",
        "hbm_size",
        "kv_whole",
        "input_tokens",
    ];

    private static readonly string[] PhysicalEquations =
    [
        "bytes_step",
        "t_link",
        "hbm_usable",
        "memory_needed",
        "e_weights",
        "e_kv",
        "e_memory",
    ];

    /// <summary>The equations on top of the layers'.</summary>
    public static IReadOnlyList<Equation> Equations { get; } =
    [
        .. PhysicsEquations.All.Where(equation => PhysicalEquations.Contains(equation.Symbol)),
        new(
            StepTime,
            "time of a step, and so between two tokens of a sequence",
            "ms",
            "t_roofline / efficiency + t_link",
            "the roofline over the share of it that is reached; the link's time is not overlapped"
        ),
        new("rate", "output tokens while busy", "tok/s", "sequences × 1[tok] / t_token"),
        new(MemoryUse, "share of the free memory that is taken", "1", "memory_needed / hbm_usable"),
    ];

    /// <summary>The cost by layers of a prediction.</summary>
    /// <param name="prediction">The prediction; whether it fits is <see cref="MemoryUse"/>.</param>
    /// <param name="scenario">The scenario, with an <c>efficiency</c>.</param>
    /// <param name="more">More inputs and equations over the same symbols; null for none.</param>
    /// <exception cref="ArgumentException">The scenario lacks a symbol.</exception>
    public static CostStack Price(
        RooflinePrediction prediction,
        Scenario scenario,
        (IReadOnlyList<ModelInput> Inputs, IReadOnlyList<Equation> Equations)? more = null
    )
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(scenario);
        CostCase atMost = CostCaseFactory.OfUnchecked(prediction, scenario);
        CostCase priced = atMost with { Inputs = [.. atMost.Inputs.Where(input => input.Symbol != "rate")] };
        return CostStack.Create(
            priced,
            scenario,
            ([.. Inputs(prediction), .. more?.Inputs ?? []], [.. Equations, .. more?.Equations ?? []])
        );
    }

    /// <summary>What another batch changes, as values for <see cref="EquationSystem.Evaluate(IReadOnlyDictionary{string, double})"/>.</summary>
    internal static Dictionary<string, double> ValuesOf(DecodeStepPlan plan, RooflineCeilings ceilings)
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal)
        {
            [PhysicsInputs.RooflineTime] = Roofline.Of(plan, ceilings).Seconds * 1e3,
            ["sequences"] = plan.Conditions.Batch,
            ["w_step"] = plan.Totals.WeightReadBytes / 1e9,
            ["kv_step"] = plan.Totals.KvReadBytes / 1e9,
            ["kv_held"] = plan.Memory.KvBytes / 1e9,
            ["other_held"] = (plan.Memory.TotalBytes - plan.Memory.WeightBytes - plan.Memory.KvBytes) / 1e9,
        };
        if (plan.Conditions.TensorParallel > 1)
        {
            values["link_bytes"] = plan.Totals.LinkBytes / 1e6;
        }

        return values;
    }

    private static IEnumerable<ModelInput> Inputs(RooflinePrediction prediction)
    {
        DeviceSpecification specification = prediction.Hardware.ToSpecification();
        bool isAlone = prediction.Plan.Conditions.TensorParallel == 1;
        if (isAlone)
        {
            yield return new ModelInput(
                "t_link",
                "time on the link between devices",
                "ms",
                0,
                ProvenanceNote.Derived("one device exchanges nothing")
            );
        }

        foreach (
            ModelInput input in PhysicsInputs
                .Of(prediction.Plan, specification, [])
                .Where(input => PhysicalInputs.Contains(input.Symbol))
                .Where(input =>
                    !isAlone || input.Symbol is not ("link_rate" or "link_share" or "link_devices" or "link_count")
                )
        )
        {
            yield return input;
        }
    }
}
