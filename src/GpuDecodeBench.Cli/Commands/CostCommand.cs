using System.CommandLine;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>cost</c>: what a million tokens cost, from a run record or a prediction.</summary>
internal sealed class CostCommand(CommandContext context)
{
    private readonly RecordOrPrediction _source = new();
    private readonly Option<string?> _price = CommandOptions.Price();
    private readonly Option<string?> _utilization = CommandOptions.Utilization();

    private readonly Option<bool> _explain = new("--explain") { Description = "show every line of the derivation" };

    private readonly Option<bool> _includeInvalid = new("--include-invalid")
    {
        Description = "price invalid points too, marked so",
    };

    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "cost",
            """
            Prices a run record, or a prediction for hardware that was not measured: dollars per million output tokens, with
            model, precision, context, batch and utilisation, and hardware.

            Examples:
              gpu-decode-bench cost --from runs/…/run.json --price-per-hour 0.40 --utilization 0.6 --explain
              gpu-decode-bench cost --model llama-3.1-8b --weights fp8 --batch 64 --context 4096 --gpu h100
            """
        );
        _source.AddTo(command);
        command.Options.Add(_price);
        command.Options.Add(_utilization);
        command.Options.Add(_explain);
        command.Options.Add(_includeInvalid);
        command.Options.Add(_format);
        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format);
        bool explain = parsed.GetValue(_explain);
        CostOptions options = PriceArguments.ToOptions(
            CommandOptions.ReadPrice(parsed, _price),
            CommandOptions.ReadUtilization(parsed, _utilization),
            parsed.GetValue(_includeInvalid)
        );
        var printer = new ResultPrinter(context);
        if (_source.ReadRecord(parsed) is not RunRecord record)
        {
            printer.Tables(
                [
                    .. _source
                        .ReadPredictions(parsed)
                        .Select(prediction =>
                            CostTable.From(prediction, PredictionCost.Of(prediction, options), explain)
                        ),
                ],
                format
            );
            return ExitCodes.Done;
        }

        printer.Table(CostTable.From(record, RecordCost.All(record, options), explain), format);
        return ExitCodes.Done;
    }
}
