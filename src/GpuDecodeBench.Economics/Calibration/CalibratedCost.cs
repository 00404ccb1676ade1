using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>Prices a calibrated prediction: what a million tokens cost at conditions that were not measured, on hardware that was.</summary>
public static class CalibratedCost
{
    /// <summary>The cost, or why there is none.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="options">Price and utilisation; null for those of the first record, else the assumed ones.</param>
    public static CostResult Of(CalibratedPrediction prediction, CostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        options ??= new CostOptions();
        if (prediction.Fits == false)
        {
            return CostResult.None(
                PredictionCost.DoesNotFit,
                $"the step needs {prediction.NeededBytes / 1e9:0.0} GB, and of the device's {prediction.DeviceMemoryBytes / 1e9:0.0} GB {prediction.UsableMemoryBytes / 1e9:0.0} GB are usable"
            );
        }

        Figure price = RecordCost.PriceOf(prediction.FirstRecord, options);
        if (price.Value is not > 0)
        {
            return CostResult.None(
                price.Provenance.Reason ?? PriceCatalogue.NoPrice,
                price.Provenance.Detail ?? "the price is not above zero"
            );
        }

        Figure utilization = RecordCost.UtilizationOf(prediction.FirstRecord, options);
        return utilization.Value is not (> 0 and <= 1)
            ? CostResult.None(RecordCost.NoUtilization, "the utilisation is not above 0 and at most 1")
            : CostResult.Of(
                TokenCost.Compute(
                    price,
                    utilization,
                    prediction.TokensPerSecond,
                    prediction.Provenance,
                    ConditionsOf(prediction, utilization.Value.Value)
                )
            );
    }

    /// <summary>The five conditions of a calibrated prediction's cost.</summary>
    internal static CostConditions ConditionsOf(CalibratedPrediction prediction, double utilization) =>
        PredictionCost.ConditionsOf(prediction.Plan, prediction.Hardware, utilization);
}
