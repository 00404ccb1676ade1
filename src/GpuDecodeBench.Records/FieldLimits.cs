namespace GpuDecodeBench.Records;

/// <summary>
/// The lowest value that a number of a record may have, by its JSON name. Bytes, seconds, rates and counts are never negative;
/// what is divided by is never zero.
/// </summary>
internal static class FieldLimits
{
    private static readonly HashSet<string> s_atLeastOne =
    [
        "batch",
        "context",
        "count",
        "cpuLogicalCores",
        "cpuUsableCores",
        "hiddenSize",
        "kvBlockTokens",
        "layers",
        "layersMeasured",
        "layersTotal",
        "level",
        "maxContextTokens",
        "parameters",
        "publishedParameters",
        "tensorParallel",
        "vocabularySize",
    ];

    private static readonly HashSet<string> s_positive = ["fullStepSeconds", "median"];

    /// <summary>The fields that may be negative: measurement noise can bring a small difference below zero.</summary>
    private static readonly HashSet<string> s_unbounded = ["harnessOverheadFraction"];

    /// <summary>The lowest value; null where there is none.</summary>
    /// <param name="field">The JSON name of the field, or of the list that the number is in.</param>
    /// <param name="exclusive">Whether the value itself is not accepted.</param>
    public static double? MinimumOf(string field, out bool exclusive)
    {
        exclusive = s_positive.Contains(field);
        if (s_unbounded.Contains(field))
        {
            return null;
        }

        return s_atLeastOne.Contains(field) ? 1 : 0;
    }
}
