using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Terminal;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The points of a run, one row each, with the conditions that they share and what to know of them as captions.</summary>
public static class RunTable
{
    private const int SharedDrop = 10;
    private const int BarWidth = 12;

    private sealed record Row(RunRecord Record, PointRecord Point, CostResult Cost);

    /// <summary>The table of a run.</summary>
    /// <param name="record">The run.</param>
    /// <param name="costs">The costs of its points, in their order; see <see cref="RecordCost.All"/>.</param>
    /// <exception cref="ArgumentException">There are more or fewer costs than points.</exception>
    public static ResultTable From(RunRecord record, IReadOnlyList<CostResult> costs)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(costs);
        if (costs.Count != record.Points.Count)
        {
            throw new ArgumentException($"{record.Points.Count} costs are needed, one for each point.", nameof(costs));
        }

        return Schema(record)
            .Build(
                $"Decode of {record.Model.Name} on {record.Device.Name}",
                record.Points.Select((point, i) => new Row(record, point, costs[i])),
                RunCaptions.Of(record, costs)
            );
    }

    /// <summary>What all rows share stands in the captions too, so it leaves a narrow terminal first.</summary>
    private static TableSchema<Row> Schema(RunRecord record)
    {
        int kvDrop = PointText.SharedKv(record) is null ? 1 : SharedDrop;
        int contextDrop = PointText.SharedContext(record) is null ? 2 : SharedDrop;
        TableSchema<Row> schema = new TableSchema<Row>()
            .Words("Model", "model", row => ResultCell.Of(row.Record.Model.Name), drop: 9)
            .Words("Weights", "weights", row => ResultCell.Of(row.Point.Weights))
            .Machine("lmHead", row => ResultCell.Of(row.Point.LmHead))
            .Words("KV", "kv", row => ResultCell.Of(row.Point.Kv), drop: kvDrop)
            .MachineNumber("kvBlockTokens", row => ResultCell.Of(PointText.KvBlockTokens(row.Point)))
            .Number("Batch", null, "batch", row => ResultCell.Of(row.Point.Batch))
            .Number("Context", null, "contextTokens", row => ResultCell.Of(row.Point.Context), drop: contextDrop)
            .Number("Step", "ms", "fullStepSeconds", row => Milliseconds(row.Point.FullStepSeconds))
            .Number(
                "±95 %",
                "ms",
                "fullStepCi95HalfWidthSeconds",
                row => ResultCell.Of(HalfWidth(row.Point), value => SignificantDigits.Format(value * 1e3, 2)),
                drop: 4
            )
            .MachineNumber("fullStepCi95LowSeconds", row => ResultCell.Of(row.Point.FullStepCi95Low, Quantity.Digits))
            .MachineNumber("fullStepCi95HighSeconds", row => ResultCell.Of(row.Point.FullStepCi95High, Quantity.Digits))
            .MachineNumber("samples", row => ResultCell.Of(row.Point.StepSeconds.Count))
            .MachineNumber("fullStepMeanSeconds", row => OfWholeModel(row.Point, row.Point.StepSeconds.Mean))
            .MachineNumber("fullStepP95Seconds", row => OfWholeModel(row.Point, row.Point.StepSeconds.P95))
            .MachineNumber("fullStepP99Seconds", row => OfWholeModel(row.Point, row.Point.StepSeconds.P99))
            .Number("Tok/s", null, "tokensPerSecond", row => ResultCell.Of(row.Point.TokensPerSecond, Quantity.Digits));
        return AddReasons(AddRates(AddBars(schema, record)));
    }

    /// <summary>Bars of tokens per second, the longest for the fastest valid point; nothing for a point that is not valid.</summary>
    private static TableSchema<Row> AddBars(TableSchema<Row> schema, RunRecord record)
    {
        double most = record
            .Points.Where(point => point.Valid)
            .Select(point => point.TokensPerSecond)
            .DefaultIfEmpty(0)
            .Max();
        return record.Points.Count < 2 || most <= 0
            ? schema
            : schema.Drawing(
                "",
                "tokensPerSecondBar",
                row => ResultCell.Of(row.Point.Valid ? Bar.Of(row.Point.TokensPerSecond / most, BarWidth) : "")
            );
    }

    private static TableSchema<Row> AddRates(TableSchema<Row> schema) =>
        schema
            .Number(
                "Tok/s",
                "per user",
                "tokensPerSecondPerUser",
                row => ResultCell.Of(row.Point.TokensPerSecondPerUser, Quantity.Digits),
                drop: 7
            )
            .Number(
                "Memory",
                "GB/s",
                "achievedBytesPerSecond",
                row => ResultCell.Of(row.Point.AchievedBytesPerSecond, rate => Quantity.Digits(rate / 1e9)),
                drop: 6
            )
            .Number("MBU", "% ceiling", "mbuOfCeiling", row => Percent(row.Point.MbuOfCeiling), drop: 3)
            .Number("MBU", "% spec", "mbuOfSpec", row => Percent(row.Point.MbuOfSpec), drop: 5)
            .Number("Power", "W", "powerWatts", row => ResultCell.Of(row.Point.Power.Value, Quantity.Digits), drop: 4)
            .Number(
                "Energy",
                "J/token",
                "energyJoulesPerToken",
                row => ResultCell.Of(row.Point.EnergyJoulesPerToken.Value, Quantity.Digits),
                drop: 4
            )
            .Number(
                "Cost",
                "$/Mtok",
                "usdPerMillionTokens",
                row => ResultCell.Of(row.Cost.Cost?.UsdPerMillionTokens, Quantity.Digits)
            )
            .Number(
                "Layers",
                null,
                "layersMeasured",
                row => ResultCell.Of(row.Point.LayersMeasured, layers => $"{layers}/{row.Point.LayersTotal}"),
                drop: 8
            )
            .MachineNumber("layersTotal", row => ResultCell.Of(row.Point.LayersTotal));

    private static TableSchema<Row> AddReasons(TableSchema<Row> schema) =>
        schema
            .Words("From", "tokensPerSecondProvenance", Origin)
            .Words(
                "Valid",
                "valid",
                row => row.Point.Valid ? ResultCell.Of("yes", "true") : ResultCell.Of("NO", "false")
            )
            .Machine("invalidReasons", row => ResultCell.Of(string.Join(' ', row.Point.InvalidReasons)))
            .Machine("throttleReasons", row => ResultCell.Of(string.Join(' ', row.Point.ThrottleReasons)))
            .Machine(
                "energyUnavailableReason",
                row => ResultCell.Of(row.Point.EnergyJoulesPerToken.Provenance.Reason ?? "")
            )
            .MachineNumber(
                "idleSubtractedJoulesPerToken",
                row => ResultCell.Of(row.Point.Telemetry?.IdleSubtractedJoulesPerToken.Value, Quantity.Digits)
            )
            .MachineNumber(
                "picojoulesPerBit",
                row => ResultCell.Of(row.Point.Telemetry?.PicojoulesPerBit.Value, Quantity.Digits)
            )
            .Machine("warnings", row => ResultCell.Of(string.Join(' ', row.Point.Warnings)))
            .Machine("device", row => ResultCell.Of(row.Record.Device.Name))
            .MachineNumber("devices", row => ResultCell.Of(row.Point.TensorParallel))
            .MachineNumber(
                "cpuThreads",
                row => ResultCell.Of(row.Record.Environment.CpuThreadsUsed, threads => $"{threads}")
            )
            .MachineNumber("utilization", row => ResultCell.Of(row.Cost.Cost?.Utilization.Value, Quantity.Digits))
            .MachineNumber("usdPerHour", row => ResultCell.Of(row.Cost.Cost?.UsdPerHour.Value, Quantity.Digits))
            .Machine("costProvenance", CostOrigin);

    private static ResultCell Milliseconds(double? seconds) =>
        ResultCell.Of(seconds, value => SignificantDigits.Format(value * 1e3, 4));

    /// <summary>A statistic of the samples where they are of the whole model; how others would spread with more layers nobody measured.</summary>
    private static ResultCell OfWholeModel(PointRecord point, double seconds) =>
        ResultCell.Of(point.LayersMeasured == point.LayersTotal ? seconds : (double?)null, Quantity.Digits);

    private static ResultCell Percent(double? fraction) => ResultCell.Of(fraction, Quantity.Percent);

    private static double? HalfWidth(PointRecord point) => (point.FullStepCi95High - point.FullStepCi95Low) / 2;

    private static ResultCell Origin(Row row)
    {
        string name = CostProvenance.NameOf(RecordCost.TokensPerSecondProvenanceOf(row.Point).Kind);
        return ResultCell.Of(name[..1], name);
    }

    private static ResultCell CostOrigin(Row row) =>
        ResultCell.Of(
            row.Cost.Cost is TokenCost cost
                ? CostProvenance.NameOf(cost.Provenance.Kind)
                : $"unavailable: {row.Cost.Unavailable!.Reason}"
        );
}
