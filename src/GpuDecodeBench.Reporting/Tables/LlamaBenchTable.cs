using System.Globalization;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>
/// The points of a run under the column names of llama-bench (llama.cpp, tools/llama-bench/llama-bench.cpp, <c>test::get_fields</c>,
/// commit 0104b15), so far as they mean the same: a step is a test of one generated token for each sequence behind a context that is
/// there already. What llama-bench has no name for follows under names of our own.
/// </summary>
/// <remarks>
/// Left out because they would mean something else: <c>n_batch</c> and <c>n_ubatch</c> (tokens of a prompt processed together, where our batch
/// is sequences), <c>model_size</c> (bytes of a file), and whatever names a file or a setting of that program alone.
/// </remarks>
public static class LlamaBenchTable
{
    private const double NanosecondsPerSecond = 1e9;

    private sealed record Row(RunRecord Record, PointRecord Point)
    {
        /// <summary>Whether the samples are those of the whole model; of fewer layers nothing is said of a token's time.</summary>
        public bool IsWhole => Point.LayersMeasured == Point.LayersTotal;

        public IReadOnlyList<double> Seconds => IsWhole ? Point.SamplesSeconds : [];

        public double[] TokensPerSecond =>
            [.. Seconds.Where(seconds => seconds > 0).Select(seconds => Point.Batch / seconds)];
    }

    /// <summary>The table.</summary>
    /// <param name="record">The run.</param>
    public static ResultTable From(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        TableSchema<Row> schema = new TableSchema<Row>()
            .Words("build_commit", "build_commit", row => ResultCell.Of(row.Record.Tool.Commit ?? ""), drop: 9)
            .Words("cpu_info", "cpu_info", row => ResultCell.Of(row.Record.Environment.CpuModel ?? ""), drop: 8)
            .Words("gpu_info", "gpu_info", row => ResultCell.Of(IsCpu(row) ? "" : row.Record.Device.Name), drop: 8)
            .Words("backends", "backends", row => ResultCell.Of(row.Record.Device.Backend.ToUpperInvariant()), drop: 7)
            .Words("model_type", "model_type", row => ResultCell.Of($"{row.Record.Model.Name} {row.Point.Weights}"))
            .Number("model_n_params", null, "model_n_params", row => Whole(row.Record.Model.Parameters), drop: 6)
            .Number(
                "n_threads",
                null,
                "n_threads",
                row => ResultCell.Of(row.Record.Environment.CpuThreadsUsed, threads => $"{threads}"),
                drop: 5
            )
            .Words("type_k", "type_k", row => ResultCell.Of(TypeOf(row.Point.Kv)))
            .Words("type_v", "type_v", row => ResultCell.Of(TypeOf(row.Point.Kv)), drop: 1)
            .Number("n_prompt", null, "n_prompt", _ => ResultCell.Of(0), drop: 4)
            .Number("n_gen", null, "n_gen", _ => ResultCell.Of(1), drop: 4)
            .Number("n_depth", null, "n_depth", row => Whole(row.Point.Context - 1))
            .Words(
                "test_time",
                "test_time",
                row => ResultCell.Of($"{row.Record.StartedUtc:yyyy-MM-dd'T'HH:mm:ss'Z'}"),
                drop: 3
            );
        return AddResults(schema)
            .Build(
                $"{record.Model.Name} on {record.Device.Name}, columns of llama-bench",
                record.Points.Select(point => new Row(record, point)),
                [
                    "One generated token a sequence behind n_depth tokens; avg_ts is of all sequences together. docs/commands.md says what each "
                        + "column means.",
                ]
            );
    }

    private static TableSchema<Row> AddResults(TableSchema<Row> schema) =>
        schema
            .Number("avg_ns", null, "avg_ns", row => Rounded(Mean(row.Seconds) * NanosecondsPerSecond), drop: 2)
            .Number(
                "stddev_ns",
                null,
                "stddev_ns",
                row => Rounded(Deviation(row.Seconds) * NanosecondsPerSecond),
                drop: 2
            )
            .Number("avg_ts", null, "avg_ts", row => ResultCell.Of(Mean(row.TokensPerSecond), Quantity.Digits))
            .Number(
                "stddev_ts",
                null,
                "stddev_ts",
                row => ResultCell.Of(Deviation(row.TokensPerSecond), Quantity.Digits)
            )
            .Numbers(
                "samples_ns",
                "samples_ns",
                row => List(row.Seconds.Select(seconds => Math.Round(seconds * NanosecondsPerSecond))),
                machineOnly: true
            )
            .Numbers("samples_ts", "samples_ts", row => List(row.TokensPerSecond), machineOnly: true)
            .Number("batch", null, "batch", row => ResultCell.Of(row.Point.Batch))
            .Machine("weights", row => ResultCell.Of(row.Point.Weights))
            .Machine("lm_head", row => ResultCell.Of(row.Point.LmHead))
            .Machine("kv", row => ResultCell.Of(row.Point.Kv))
            .MachineNumber("devices_used", row => ResultCell.Of(row.Point.TensorParallel))
            .MachineNumber("layers_measured", row => ResultCell.Of(row.Point.LayersMeasured))
            .MachineNumber("layers_total", row => ResultCell.Of(row.Point.LayersTotal))
            .Words(
                "valid",
                "valid",
                row => ResultCell.Of(row.Point.Valid ? "yes" : "NO", row.Point.Valid ? "true" : "false")
            )
            .Machine(
                "unavailable_reason",
                row => ResultCell.Of(row.IsWhole ? "" : "layers_measured of layers_total: no token's time was measured")
            );

    private static bool IsCpu(Row row) => row.Record.Environment.CpuThreadsUsed is not null;

    /// <summary>The name that ggml has for a type of the same bits; our own where it has none.</summary>
    private static string TypeOf(string kv) => kv == "fp16" ? "f16" : kv;

    private static double? Mean(IReadOnlyList<double> values) => values.Count == 0 ? null : values.Average();

    /// <summary>Over n − 1, as there; 0 for a single sample, as there.</summary>
    private static double? Deviation(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            return values.Count == 0 ? null : 0;
        }

        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    private static ResultCell Whole(long value) =>
        ResultCell.Of(value, number => number.ToString(CultureInfo.InvariantCulture));

    private static ResultCell Rounded(double? value) =>
        value is double known ? Whole((long)Math.Round(known)) : ResultCell.None;

    private static ResultCell List(IEnumerable<double> values)
    {
        string[] texts = [.. values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))];
        return texts.Length == 0 ? ResultCell.None : ResultCell.Of($"{texts.Length} samples", string.Join(' ', texts));
    }
}
