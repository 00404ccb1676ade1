using System.CommandLine;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>cost</c>: what a million tokens cost, from a run record or a prediction.</summary>
internal sealed class CostCommand(CommandContext context)
{
    private readonly RecordOrPrediction _source = new();
    private readonly Option<string?> _price = CommandOptions.Price();
    private readonly Option<string?> _utilization = CommandOptions.Utilization();

    private readonly ScenarioOptions _scenario = new();
    private readonly LeverOptions _levers = new();

    private readonly Option<bool> _explain = new("--explain") { Description = "show every line of the derivation" };

    private readonly Option<bool> _includeInvalid = new("--include-invalid")
    {
        Description = "price invalid and throttled points too, marked so",
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
              gpu-decode-bench cost --from runs/…/run.json --scenario owned --explain
              gpu-decode-bench cost --calibrated-from runs/…/run.json --model llama-3.1-8b --weights int4 --batch 2,8
              gpu-decode-bench cost --model llama-3.1-70b --weights fp8 --batch 64 --context 4096 --gpu h200 --levers
              gpu-decode-bench cost --model llama-3.1-70b --weights fp8,int4 --batch 1,8,64 --context 2048,32768 --gpu h100,h200,b200 --scenario rented
            """
        );
        _source.AddTo(command);
        command.Options.Add(_price);
        command.Options.Add(_utilization);
        _scenario.AddTo(command);
        _levers.AddTo(command);
        command.Options.Add(_explain);
        command.Options.Add(_includeInvalid);
        command.Options.Add(_format);
        command.Subcommands.Add(new CostChooseCommand(context).Create());
        command.Subcommands.Add(new CostFleetCommand(context).Create());
        command.Subcommands.Add(new CostRouteCommand(context).Create());
        command.Subcommands.Add(new CostDayCommand(context).Create());
        command.Subcommands.Add(new CostOutlookCommand(context).Create());
        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        bool wantsTemplate = _scenario.WantsTemplate(parsed);
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format, _explain);
        bool explain = parsed.GetValue(_explain);
        CostOptions options = PriceArguments.ToOptions(
            CommandOptions.ReadPrice(parsed, _price),
            CommandOptions.ReadUtilization(parsed, _utilization),
            parsed.GetValue(_includeInvalid)
        );
        if (wantsTemplate)
        {
            context.Output.Write(ScenarioTemplate.Write(null));
            return ExitCodes.Done;
        }

        var questions = new CostQuestions(
            options,
            explain,
            _levers.Read(parsed),
            _scenario.WantsPhysics(parsed),
            _scenario.Report(parsed, explain),
            device => _scenario.Read(parsed, device, options)
        );
        var tally = new CostTally();
        new ResultPrinter(context).Tables([.. Tables(parsed, questions, tally)], format);
        tally.Check();
        return ExitCodes.Done;
    }

    private IEnumerable<ResultTable> Tables(ParseResult parsed, CostQuestions questions, CostTally tally)
    {
        RunRecord? record = _source.ReadRecord(parsed);
        if (!_scenario.IsByLayers(parsed))
        {
            _scenario.RefuseDraws(
                parsed,
                "has no effect without --scenario, whose ranges are drawn from; give rented, owned or a file."
            );
        }

        if (record is null)
        {
            GivenOptions.Refuse(parsed, CostChooseCommand.NothingMeasured, _includeInvalid);
        }

        bool isCalibrated = record is null && _source.IsCalibrated(parsed);
        if ((record is not null || isCalibrated) && !_scenario.IsByLayers(parsed))
        {
            _scenario.RefuseSweeps(
                parsed,
                "has no effect without --scenario, whose inputs are swept; give rented, owned or a file."
            );
        }

        if (record is not null)
        {
            return new RecordCostReport(questions, tally, context.Error).Of(record, _source.ReadDegrees(parsed));
        }

        if (isCalibrated)
        {
            return new CalibratedCostReport(questions, tally).Of(_source.ReadCalibrated(parsed, wholeModel: true));
        }

        return Predicted(parsed, questions, tally);
    }

    private IEnumerable<ResultTable> Predicted(ParseResult parsed, CostQuestions questions, CostTally tally)
    {
        PredictionGrid grid = _source.ReadPredictions(parsed);
        int devices = grid.Possible.Select(prediction => prediction.Hardware.Name).Distinct().Count();
        if (devices > 1)
        {
            GivenOptions.Refuse(
                parsed,
                $"is one price, and {devices} devices are compared; give one device with --gpu, or cost choose with NAME=USD and commas between them.",
                _price
            );
        }

        var report = new PredictionCostReport(questions, tally);
        if (report.IsOneTable(grid.Possible.Count))
        {
            _scenario.RefuseDraws(
                parsed,
                $"has no effect on the one table of {grid.Possible.Count} points, which has no ranges; --explain gives each point a report with its range."
            );
        }

        return report.Of(grid.Possible).Concat(grid.ImpossibleTable());
    }
}
