using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>A point of a grid of predictions with what it costs, or why it has no cost.</summary>
/// <param name="Prediction">The prediction.</param>
/// <param name="Swept">The values of the inputs that are swept beside the step's own conditions, by symbol, in their own units.</param>
/// <param name="Region">The region whose electricity price holds; null where regions are not swept.</param>
/// <param name="Utilization">The utilisation.</param>
/// <param name="Evaluation">Everything computed; null where there is no cost.</param>
/// <param name="Problem">Why there is no cost; null where there is one.</param>
public sealed record GridPoint(
    RooflinePrediction Prediction,
    IReadOnlyDictionary<string, ModelInput> Swept,
    string? Region,
    double Utilization,
    Evaluation? Evaluation,
    string? Problem
)
{
    /// <summary>A figure of the point; unavailable where there is no cost.</summary>
    /// <param name="symbol">Its symbol.</param>
    public Figure Figure(string symbol) => Evaluation?.Figure(symbol) ?? Records.Figure.Unavailable("noCost", Problem);
}
