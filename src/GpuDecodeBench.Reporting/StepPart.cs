namespace GpuDecodeBench.Reporting;

/// <summary>One operation's part of a step.</summary>
/// <param name="Name">The operation's name.</param>
/// <param name="Seconds">The time of all its executions in the step.</param>
/// <param name="PredictedSeconds">The shortest time that the roofline allows them; null where that is not known.</param>
/// <param name="Share">Its time over the step's, a fraction.</param>
internal sealed record StepPart(string Name, double Seconds, double? PredictedSeconds, double Share)
{
    /// <summary>Measured over predicted time; null where either is missing.</summary>
    public double? MeasuredOverPredicted { get; init; }
}
