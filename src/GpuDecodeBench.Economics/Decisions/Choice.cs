using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>A way to serve a model that keeps to the limits, with its cost.</summary>
/// <param name="Stack">The cost by layers, with its conditions.</param>
/// <param name="Bill">The bill of a day's traffic; null where no traffic was given.</param>
/// <param name="BatchIsCapped">Whether a larger batch would keep to the limits, but was not looked at.</param>
public sealed record Choice(CostStack Stack, FleetBill? Bill, bool BatchIsCapped)
{
    /// <summary>The prediction behind it; null for what was measured.</summary>
    public RooflinePrediction? Prediction { get; init; }

    /// <summary>The conditions.</summary>
    public CostConditions Conditions => Stack.Conditions;

    /// <summary>Dollars per million output tokens; known.</summary>
    public Figure UsdPerMillionTokens => Stack.Total.UsdPerMillionTokens;

    /// <summary>The time between two tokens of a sequence, in milliseconds.</summary>
    public Figure StepMilliseconds => Stack.Evaluation.Figure(PredictedCase.StepTime);

    /// <summary>
    /// The same where only the lowest credible share of the roofline is reached, in milliseconds; null for what was measured, and where
    /// that share is certain.
    /// </summary>
    public double? SlowStepMilliseconds =>
        Stack.System.Inputs.FirstOrDefault(input => input.Symbol == PredictedCase.Efficiency)
            is { IsUncertain: true, Low: double low }
        && Stack.System.Defines(PhysicsInputs.RooflineTime)
            ? Stack.System.Evaluate(new Dictionary<string, double> { [PredictedCase.Efficiency] = low })[
                PredictedCase.StepTime
            ]
            : null;

    /// <summary>What choices are ranked by: the day's bill where there is traffic, else dollars per million output tokens.</summary>
    internal double Rank => Bill?.Values["usd_all_day"] ?? UsdPerMillionTokens.Value!.Value;
}
