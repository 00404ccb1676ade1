using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>Whether two sets of points measure the same thing, and measured it properly.</summary>
internal static class Comparability
{
    private static readonly (string Code, string What)[] s_unsteady =
    [
        (DriftCheck.Code, "drift"),
        (BimodalCheck.Code, "fall into two groups"),
    ];

    /// <summary>What differs of hardware, formats and layers.</summary>
    public static IEnumerable<ComparisonReason> Differences(ComparedPoints baseline, ComparedPoints against)
    {
        if (baseline.Hardware != against.Hardware)
        {
            yield return new(
                ComparisonReasonCodes.OtherHardware,
                $"other hardware ({baseline.Hardware}; {against.Hardware})"
            );
        }

        string[] formats = [.. FormatDifferences(baseline, against)];
        if (formats.Length > 0)
        {
            yield return new(ComparisonReasonCodes.OtherFormat, $"other format ({string.Join(", ", formats)})");
        }

        if (baseline.LayersMeasured != against.LayersMeasured)
        {
            yield return new(
                ComparisonReasonCodes.OtherLayers,
                $"other layers measured ({baseline.LayersMeasured}; {against.LayersMeasured} of {against.LayersTotal})"
            );
        }
    }

    /// <summary>That models of one name have different shapes; nothing makes those comparable.</summary>
    public static IEnumerable<ComparisonReason> ModelDifference(ComparedPoints baseline, ComparedPoints against)
    {
        if (ShapeOf(baseline.Model) != ShapeOf(against.Model))
        {
            yield return new(
                ComparisonReasonCodes.OtherModel,
                $"another model of the same name ({baseline.Model.Parameters:N0} parameters in {baseline.Model.Layers} layers; {against.Model.Parameters:N0} in {against.Model.Layers})"
            );
        }
    }

    /// <summary>That a side timed single operations and no step; nothing makes those comparable as steps.</summary>
    public static IEnumerable<ComparisonReason> MissingSteps(ComparedPoints baseline, ComparedPoints against) =>
        ((ComparedPoints[])[baseline, against])
            .Where(side => side.InvalidReasons.Contains(PointCodes.OperationsOnly))
            .Select(side => new ComparisonReason(
                ComparisonReasonCodes.Invalid,
                $"no step in {side.Side}, where single operations were timed (compare --operations)"
            ));

    /// <summary>
    /// That another program measured the other side; null where it is the same. Its read ceiling comes from its own kernels, so that it
    /// is no yardstick for both, and how it keeps activations and cache is its own affair.
    /// </summary>
    public static ComparisonReason? OtherSoftware(ComparedPoints baseline, ComparedPoints against)
    {
        if (baseline.Software == against.Software)
        {
            return null;
        }

        string apart = string.Join("", OwnFormats(baseline, against).Select(format => $", {format}"));
        return new(
            ComparisonReasonCodes.OtherSoftware,
            $"other software ({baseline.SoftwareVersion}; {against.SoftwareVersion}{apart}), so the time alone counts"
        );
    }

    /// <summary>That a side's median moved or stands between two groups; null where both are steady.</summary>
    public static ComparisonReason? Unsteady(ComparedPoints baseline, ComparedPoints against)
    {
        string[] found =
        [
            .. ((ComparedPoints[])[baseline, against])
                .Select(side =>
                    (side.Side, What: s_unsteady.Where(kind => side.MostlyWarnsOf(kind.Code)).Select(kind => kind.What))
                )
                .Where(one => one.What.Any())
                .Select(one => $"the samples of {one.Side} {string.Join(" and ", one.What)}"),
        ];
        return found.Length == 0
            ? null
            : new(ComparisonReasonCodes.Unsteady, $"{string.Join(", ", found)}, so no difference is called one");
    }

    /// <summary>What makes a side unusable.</summary>
    public static IEnumerable<ComparisonReason> Faults(ComparedPoints baseline, ComparedPoints against)
    {
        foreach (ComparedPoints side in (ComparedPoints[])[baseline, against])
        {
            if (side.Usable() is null && !side.InvalidReasons.Contains(PointCodes.OperationsOnly))
            {
                yield return side.IsThrottled
                    ? new(ComparisonReasonCodes.Throttled, $"throttled in {side.Side}")
                    : new(ComparisonReasonCodes.Invalid, $"invalid in {side.Side}", [.. side.InvalidReasons]);
            }
        }

        if (baseline.IsPowerLimited != against.IsPowerLimited)
        {
            ComparedPoints limited = baseline.IsPowerLimited ? baseline : against;
            yield return new(ComparisonReasonCodes.Throttled, $"throttled in {limited.Side} alone");
        }
    }

    private static (int, int, int, long) ShapeOf(ModelInfo model) =>
        (model.Layers, model.HiddenSize, model.VocabularySize, model.Parameters);

    private static IEnumerable<string> FormatDifferences(ComparedPoints baseline, ComparedPoints against)
    {
        IEnumerable<string> formats = Differing(
            ("weights", baseline.Conditions.Weights, against.Conditions.Weights),
            ("LM head", baseline.Conditions.LmHead, against.Conditions.LmHead),
            ("KV", baseline.Conditions.Kv, against.Conditions.Kv)
        );
        return baseline.Software == against.Software ? formats.Concat(OwnFormats(baseline, against)) : formats;
    }

    /// <summary>What a program decides for itself.</summary>
    private static IEnumerable<string> OwnFormats(ComparedPoints baseline, ComparedPoints against) =>
        Differing(
            ("KV block", $"{baseline.Conditions.KvBlockTokens}", $"{against.Conditions.KvBlockTokens}"),
            ("activations", baseline.Activations, against.Activations)
        );

    private static IEnumerable<string> Differing(params (string What, string First, string Second)[] formats) =>
        formats
            .Where(format => format.First != format.Second)
            .Select(format => $"{format.What} {format.First}; {format.Second}");
}
