namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>What a history shows.</summary>
public enum HistoryFinding
{
    /// <summary>Too few runs to show anything.</summary>
    TooFewRuns,

    /// <summary>Neither drift nor jump is shown.</summary>
    NothingShown,

    /// <summary>The time changes steadily.</summary>
    Drift,

    /// <summary>The time changes from one run to the next and stays so.</summary>
    Jump,
}
