namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Points of run records beside those of a baseline.</summary>
public static class ComparisonTable
{
    private const int SharedDrop = 10;

    /// <summary>The table.</summary>
    /// <param name="title">What is compared with what.</param>
    /// <param name="rows">The points.</param>
    /// <param name="captions">What stands under it; see <see cref="ComparisonCaptions"/>.</param>
    public static ResultTable From(string title, IReadOnlyList<ComparisonRow> rows, IReadOnlyList<string> captions)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(captions);
        int DropOf<T>(Func<ComparisonRow, T> value, int otherwise) => Varies(rows, value) ? otherwise : SharedDrop;
        TableSchema<ComparisonRow> schema = new TableSchema<ComparisonRow>();
        ShowOrKeep(schema, "Against", "against", rows, row => row.Against)
            .Words("Model", "model", row => ResultCell.Of(row.Model), DropOf(row => row.Model, 3))
            .Words("Weights", "weights", row => ResultCell.Of(row.Weights), DropOf(row => row.Weights, 0));
        ShowOrKeep(schema, "LM head", "lmHead", rows, row => row.LmHead)
            .Words("KV", "kv", row => ResultCell.Of(row.Kv), DropOf(row => row.Kv, 2));
        (
            Varies(rows, row => row.KvBlockTokens)
                ? schema.Number("KV block", null, "kvBlockTokens", row => ResultCell.Of(row.KvBlockTokens), drop: 1)
                : schema.MachineNumber("kvBlockTokens", row => ResultCell.Of(row.KvBlockTokens))
        )
            .Number("Batch", null, "batch", row => ResultCell.Of(row.Batch), DropOf(row => row.Batch, 0))
            .Number("Context", null, "contextTokens", row => ResultCell.Of(row.Context), DropOf(row => row.Context, 2))
            .MachineNumber("tensorParallel", row => ResultCell.Of(row.TensorParallel))
            .Machine("baselineFormats", row => ResultCell.Of(row.BaselineFormats ?? ""))
            .MachineNumber("layersMeasured", row => ResultCell.Of(row.LayersMeasured, layers => $"{layers}"))
            .MachineNumber("layersTotal", row => ResultCell.Of(row.LayersTotal))
            .Number("Baseline", "ms", "baselineStepSeconds", row => Milliseconds(row.BaselineStepSeconds), drop: 4)
            .Number("Step", "ms", "stepSeconds", row => Milliseconds(row.StepSeconds), drop: 4);
        return AddRatios(schema).Build(title, rows, captions);
    }

    private static bool Varies<T>(IReadOnlyList<ComparisonRow> rows, Func<ComparisonRow, T> value) =>
        rows.Select(value).Distinct().Take(2).Count() > 1;

    /// <summary>A column for people where its values differ; otherwise for machines alone.</summary>
    private static TableSchema<ComparisonRow> ShowOrKeep(
        TableSchema<ComparisonRow> schema,
        string header,
        string csvName,
        IReadOnlyList<ComparisonRow> rows,
        Func<ComparisonRow, string> value
    ) =>
        Varies(rows, value)
            ? schema.Words(header, csvName, row => ResultCell.Of(value(row)), drop: 1)
            : schema.Machine(csvName, row => ResultCell.Of(value(row)));

    private static TableSchema<ComparisonRow> AddRatios(TableSchema<ComparisonRow> schema) =>
        schema
            .Number("Change", "%", "stepTimeRatio", row => Change(row.Step?.Ratio))
            .Number("95 %", "%", "stepTimeRatioCi95Low", row => Interval(row.Step))
            .MachineNumber("stepTimeRatioCi95High", row => Change(row.Step?.High))
            .Number("Ceiling", "%", "readCeilingRatio", row => Change(row.CeilingRatio), drop: 5)
            .Number("Adjusted", "%", "ratioAtEqualCeiling", row => Change(row.AtEqualCeiling?.Ratio))
            .Number("95 %", "%", "ratioAtEqualCeilingCi95Low", row => Interval(row.AtEqualCeiling), drop: 6)
            .MachineNumber("ratioAtEqualCeilingCi95High", row => Change(row.AtEqualCeiling?.High))
            .Number("Tok/s", "baseline", "baselineTokensPerSecond", row => Rate(row.BaselineTokensPerSecond), drop: 8)
            .Number("Tok/s", "now", "tokensPerSecond", row => Rate(row.TokensPerSecond), drop: 8)
            .Number(
                "Tok/s change",
                "%",
                "tokensPerSecondRatio",
                row => Change(row.Step is null ? null : row.TokensPerSecond / row.BaselineTokensPerSecond),
                drop: 7
            )
            .MachineNumber("meanStepTimeRatio", row => Change(row.MeanStep?.Ratio))
            .MachineNumber("meanStepTimeRatioCi95Low", row => Change(row.MeanStep?.Low))
            .MachineNumber("meanStepTimeRatioCi95High", row => Change(row.MeanStep?.High))
            .MachineNumber("baselineRuns", row => ResultCell.Of(row.BaselineRuns))
            .MachineNumber("runs", row => ResultCell.Of(row.Runs))
            .MachineNumber(
                "baselineEffectiveSamples",
                row => ResultCell.Of(row.BaselineEffectiveSamples, count => $"{count}")
            )
            .MachineNumber("effectiveSamples", row => ResultCell.Of(row.EffectiveSamples, count => $"{count}"))
            .Words("Verdict", "verdict", row => ResultCell.Of(ReasonWords.Of(row.Verdict), row.Verdict))
            .Machine("reasons", row => ResultCell.Of(string.Join(' ', row.ReasonCodes)))
            .Machine("baselineWarnings", row => ResultCell.Of(string.Join(' ', row.BaselineWarnings)))
            .Machine("warnings", row => ResultCell.Of(string.Join(' ', row.Warnings)));

    private static ResultCell Milliseconds(double seconds) =>
        ResultCell.Of(seconds, value => Economics.SignificantDigits.Format(value * 1e3, 4));

    private static ResultCell Rate(double perSecond) => ResultCell.Of(perSecond, Quantity.Digits);

    private static ResultCell Change(double? ratio) => ResultCell.Of(ratio, RatioText.Change);

    /// <summary>Both ends for people; for machines the lower one, the upper one having a column of its own.</summary>
    private static ResultCell Interval(RatioText? ratio) => ResultCell.Of(ratio?.Low, _ => ratio!.Interval!);
}
