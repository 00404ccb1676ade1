using System.CommandLine;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>roofline</c>: predicted against measured, by operation and by step.</summary>
internal sealed class RooflineCommand(CommandContext context)
{
    private readonly RecordOrPrediction _source = new();
    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "roofline",
            """
            Holds each operation of a measured step against the time that bytes and FLOPs allow, or predicts a step on
            hardware that was not measured.

            Examples:
              gpu-decode-bench roofline --from runs/…/run.json
              gpu-decode-bench roofline --model llama-3.1-70b --weights fp8 --batch 1,64 --context 4096 --gpu h200
            """
        );
        _source.AddTo(command);
        command.Options.Add(_format);
        command.SetAction(parsed =>
        {
            OutputFormat format = CommandOptions.ReadFormat(parsed, _format);
            var printer = new ResultPrinter(context);
            if (_source.ReadRecord(parsed) is not RunRecord record)
            {
                printer.Tables([.. _source.ReadPredictions(parsed).Select(RooflineTable.From)], format);
                return ExitCodes.Done;
            }

            List<ResultTable> tables =
            [
                .. record.Points.Select(point => RooflineTable.From(RooflineComparison.Of(record, point))),
            ];
            if (TuningTable.From(record) is { } tuning)
            {
                tables.Add(tuning);
            }

            printer.Tables(tables, format);
            return ExitCodes.Done;
        });
        return command;
    }
}
