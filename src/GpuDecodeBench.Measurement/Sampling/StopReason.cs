namespace GpuDecodeBench.Measurement.Sampling;

/// <summary>Why sampling stopped.</summary>
public enum StopReason
{
    /// <summary>The median is known as well as the rule asks.</summary>
    Converged,

    /// <summary>The time was up first; the interval says how well the median is known.</summary>
    TimeLimit,

    /// <summary>The user or the caller ended it.</summary>
    Interrupted,
}
