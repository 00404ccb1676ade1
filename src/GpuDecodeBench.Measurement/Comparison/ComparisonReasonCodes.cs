namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>The codes of <see cref="ComparisonReason"/>; docs/compare.md lists them.</summary>
public static class ComparisonReasonCodes
{
    /// <summary>Measured on other hardware.</summary>
    public const string OtherHardware = "otherHardware";

    /// <summary>Other formats of weights, LM head, KV or activations.</summary>
    public const string OtherFormat = "otherFormat";

    /// <summary>Another number of layers was measured.</summary>
    public const string OtherLayers = "otherLayers";

    /// <summary>The model has the same name and another shape.</summary>
    public const string OtherModel = "otherModel";

    /// <summary>Another program: a remark. Times alone are compared, and activations and KV blocks may differ.</summary>
    public const string OtherSoftware = "otherSoftware";

    /// <summary>A point is invalid.</summary>
    public const string Invalid = "invalid";

    /// <summary>The device lowered its clocks, or its power limit did on one side alone.</summary>
    public const string Throttled = "throttled";

    /// <summary>Fewer than six samples on a side, so that there is no interval.</summary>
    public const string TooFewSamples = "tooFewSamples";

    /// <summary>The samples of a side are worth fewer than six independent ones, so that the interval is their whole range.</summary>
    public const string Drifting = "drifting";

    /// <summary>A side's samples drift or fall into two groups, so that its median stands for nothing and no difference is called.</summary>
    public const string Unsteady = "unsteady";

    /// <summary>The step's time differs, and the read ceiling differs as much.</summary>
    public const string CeilingExplains = "ceilingExplains";

    /// <summary>The step's time does not differ although the read ceiling does.</summary>
    public const string CeilingHides = "ceilingHides";

    /// <summary>Time and share of the ceiling differ in opposite directions.</summary>
    public const string CeilingContradicts = "ceilingContradicts";

    /// <summary>
    /// A remark: the mean step, which tokens per second and costs are over, is slower by more than a twentieth, and the median, which the
    /// verdict is on, is not.
    /// </summary>
    public const string MeanSlower = "meanSlower";

    /// <summary>The same where the mean step is faster.</summary>
    public const string MeanFaster = "meanFaster";

    /// <summary>There is no read ceiling to hold the step against, or the step is not bound by memory.</summary>
    public const string NoCeiling = "noCeiling";
}
