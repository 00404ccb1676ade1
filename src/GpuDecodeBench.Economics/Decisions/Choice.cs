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

    /// <summary>The cost that is shown: that of the traffic at the use it reaches, or without traffic at the scenario's utilisation.</summary>
    public CostStack Shown => Bill?.Stack ?? Stack;

    /// <summary>The conditions.</summary>
    public CostConditions Conditions => Shown.Conditions;

    /// <summary>The symbol of what an output token costs.</summary>
    public string CostSymbol => Bill is null ? CostLayers.Total.TokenSymbol : FleetEquations.PerOutputToken;

    /// <summary>Dollars per million output tokens; with traffic the bill over the day's output. Known.</summary>
    public Figure UsdPerMillionTokens => Shown.Evaluation.Figure(CostSymbol);

    /// <summary>The time between two tokens of a sequence, in milliseconds, with what prefill takes of it.</summary>
    public Figure StepMilliseconds => Shown.Evaluation.Figure(StepSymbol);

    /// <summary>
    /// The same where only the lowest credible share of the roofline is reached, in milliseconds; null for what was measured, and where
    /// that share is certain.
    /// </summary>
    public double? SlowStepMilliseconds =>
        Shown.System.Inputs.FirstOrDefault(input => input.Symbol == PredictedCase.Efficiency)
            is { IsUncertain: true, Low: double low }
        && Shown.System.Defines(PhysicsInputs.RooflineTime)
            ? Shown.System.Evaluate(new Dictionary<string, double> { [PredictedCase.Efficiency] = low })[StepSymbol]
            : null;

    /// <summary>What choices are ranked by: the day's bill where there is traffic, else dollars per million output tokens.</summary>
    internal double Rank =>
        Bill?.Values[FleetEquations.DaySymbol(CostLayers.Total)] ?? UsdPerMillionTokens.Value!.Value;

    private string StepSymbol => Bill is null ? PredictedCase.StepTime : FleetEquations.TimeBetween;
}
