using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics;

/// <summary>Prices a roofline prediction: the least that a million tokens could cost on hardware that was not measured.</summary>
public static class PredictionCost
{
    /// <summary>The reason code of a model that does not fit the devices of its plan.</summary>
    public const string DoesNotFit = "doesNotFit";

    /// <summary>The cost of a prediction, or why there is none.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="options">Price and utilisation; null for the assumed ones.</param>
    public static CostResult Of(RooflinePrediction prediction, CostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        if (prediction.Fits == false)
        {
            return CostResult.None(
                DoesNotFit,
                $"the step needs {prediction.NeededBytes / 1e9:0.0} GB on each device, and {prediction.UsableMemoryBytes / 1e9:0.0} GB of its {prediction.DeviceMemoryBytes / 1e9:0.0} GB are usable"
            );
        }

        Figure price = options?.UsdPerHour ?? PriceCatalogue.Find(prediction.Hardware);
        if (price.Value is not > 0)
        {
            return CostResult.None(PriceCatalogue.NoPrice, price.Provenance.Detail ?? "the price is not above zero");
        }

        Figure utilization = options?.Utilization ?? PriceCatalogue.DefaultUtilization;
        if (utilization.Value is not (> 0 and <= 1))
        {
            return CostResult.None(RecordCost.NoUtilization, "the utilisation is not above 0 and at most 1");
        }

        StepConditions step = prediction.Plan.Conditions;
        CostConditions conditions = ConditionsOf(prediction, utilization.Value.Value);
        Figure all = DevicePrice.Times(price, step.TensorParallel);
        return CostResult.Of(
            TokenCost.Compute(all, utilization, prediction.TokensPerSecond, prediction.Provenance, conditions)
        );
    }

    /// <summary>The five conditions of a prediction's cost.</summary>
    internal static CostConditions ConditionsOf(RooflinePrediction prediction, double utilization) =>
        ConditionsOf(
            prediction.Plan,
            new HardwareUnits(prediction.Hardware.Name, prediction.Plan.Conditions.TensorParallel),
            utilization
        );

    /// <summary>The five conditions of a planned step's cost.</summary>
    internal static CostConditions ConditionsOf(DecodeStepPlan plan, HardwareUnits hardware, double utilization)
    {
        StepConditions step = plan.Conditions;
        return new CostConditions
        {
            Model = plan.Model.Name,
            Weights = step.Formats.Weights.Name(),
            LmHead = step.Formats.LmHead.Name(),
            Kv = step.Formats.Kv.Name(),
            ContextTokens = step.ContextTokens.Max(),
            Batch = step.Batch,
            Utilization = utilization,
            Hardware = hardware,
        };
    }
}
