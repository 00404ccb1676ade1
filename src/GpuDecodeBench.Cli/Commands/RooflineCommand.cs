using System.CommandLine;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>roofline</c>: predicted against measured, by operation and by step.</summary>
internal sealed class RooflineCommand(CommandContext context)
{
    private readonly RecordOrPrediction _source = new();
    private readonly Option<bool> _calibrate = new("--calibrate")
    {
        Description =
            "with --from: what the device really does by kind of operation and format, and how well it predicts points left out (docs/calibration.md)",
    };

    private readonly Option<bool> _explain = new("--explain")
    {
        Description = "with --calibrated-from: show every line of the derivation",
    };

    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "roofline",
            """
            Holds each operation of a measured step against the time that bytes and FLOPs allow, or predicts a step on
            hardware that was not measured, or calibrates a device on its records and predicts steps that were not.

            Examples:
              gpu-decode-bench roofline --from runs/…/run.json --calibrate
              gpu-decode-bench roofline --calibrated-from a/run.json,b/run.json --model llama-3.1-8b --weights int4 --batch 2,8
              gpu-decode-bench roofline --model llama-3.1-70b --weights fp8 --batch 1,64 --context 4096 --gpu h200
            """
        );
        _source.AddTo(command);
        command.Options.Add(_calibrate);
        command.Options.Add(_explain);
        command.Options.Add(_format);
        command.SetAction(parsed =>
        {
            OutputFormat format = CommandOptions.ReadFormat(parsed, _format, _explain);
            new ResultPrinter(context).Tables([.. Tables(parsed)], format);
            return ExitCodes.Done;
        });
        return command;
    }

    private IEnumerable<ResultTable> Tables(ParseResult parsed)
    {
        IReadOnlyList<RunRecord> records = _source.ReadRecords(parsed);
        bool calibrates = parsed.GetValue(_calibrate);
        if (records.Count > 0)
        {
            if (parsed.GetValue(_explain))
            {
                throw new InputException(
                    "--explain needs --calibrated-from; --calibrate shows what measured times were fitted to."
                );
            }

            _source.RefuseDegreesOfRecords(parsed);
            return OfRecords(records, calibrates);
        }

        if (calibrates)
        {
            throw new InputException(
                "--calibrate needs --from with run records; --calibrated-from predicts with them."
            );
        }

        bool explain = parsed.GetValue(_explain);
        return _source.IsCalibrated(parsed)
                ? _source
                    .ReadCalibrated(parsed, wholeModel: false)
                    .Select(prediction => CalibratedTable.From(prediction, explain))
            : explain
                ? throw new InputException("--explain needs --calibrated-from; a roofline is bytes over bandwidth.")
            : OfPredictions(_source.ReadPredictions(parsed));
    }

    private static IEnumerable<ResultTable> OfPredictions(PredictionGrid grid) =>
        grid.Possible.Select(RooflineTable.From).Concat(grid.ImpossibleTable());

    private static IEnumerable<ResultTable> OfRecords(IReadOnlyList<RunRecord> records, bool calibrates)
    {
        CalibrationSet? set = calibrates ? CalibrationSet.Of(records) : CalibrationSet.TryOf(records);
        CalibrationReport? report = set is null ? null : CalibrationReport.Of(set);
        foreach (RunRecord record in records)
        {
            foreach (PointRecord point in record.Points)
            {
                yield return RooflineTable.From(
                    RooflineComparison.Of(record, point),
                    report?.PredictMeasured(record, point)
                );
            }

            if (TuningTable.From(record) is { } tuning)
            {
                yield return tuning;
            }
        }

        if (calibrates && report is not null)
        {
            yield return CalibrationTable.Parameters(report);
            yield return CalibrationTable.LeaveOneOut(report);
        }
    }
}
