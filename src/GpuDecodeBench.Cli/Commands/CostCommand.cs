using System.CommandLine;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>cost</c>: what a million tokens cost, from a run record or a prediction.</summary>
internal sealed class CostCommand(CommandContext context)
{
    private readonly RecordOrPrediction _source = new();
    private readonly Option<string?> _price = CommandOptions.Price();
    private readonly Option<string?> _utilization = CommandOptions.Utilization();

    private readonly ScenarioOptions _scenario = new();

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
              gpu-decode-bench cost --from runs/…/run.json --scenario owned --explain
              gpu-decode-bench cost --calibrated-from runs/…/run.json --model llama-3.1-8b --weights int4 --batch 2,8
            """
        );
        _source.AddTo(command);
        command.Options.Add(_price);
        command.Options.Add(_utilization);
        _scenario.AddTo(command);
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
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format);
        bool explain = parsed.GetValue(_explain);
        CostOptions options = PriceArguments.ToOptions(
            CommandOptions.ReadPrice(parsed, _price),
            CommandOptions.ReadUtilization(parsed, _utilization),
            parsed.GetValue(_includeInvalid)
        );
        if (_scenario.WantsTemplate(parsed))
        {
            context.Output.Write(ScenarioTemplate.Write(null));
            return ExitCodes.Done;
        }

        ResultTable[] tables = [.. Tables(parsed, options, explain)];
        new ResultPrinter(context).Tables(tables, format);
        return ExitCodes.Done;
    }

    private IEnumerable<ResultTable> Tables(ParseResult parsed, CostOptions options, bool explain)
    {
        if (_source.ReadRecord(parsed) is RunRecord record)
        {
            return OfRecord(parsed, record, options, explain);
        }

        if (!_source.IsCalibrated(parsed))
        {
            return _source
                .ReadPredictions(parsed)
                .SelectMany(prediction => OfPrediction(parsed, prediction, options, explain));
        }

        return OfCalibrated(parsed, _source.ReadCalibrated(parsed, wholeModel: true), options, explain);
    }

    private IEnumerable<ResultTable> OfRecord(ParseResult parsed, RunRecord record, CostOptions options, bool explain)
    {
        string? device = record.Device.Specification?.Name;
        if (_scenario.Read(parsed, device, options) is not Scenario scenario)
        {
            return [CostTable.From(record, RecordCost.All(record, options), explain)];
        }

        PointRecord[] points = [.. record.Points.Where(point => point.Valid || options.IncludeInvalid)];
        return points.Length == 0
            ? throw new InputException(
                "The record has no valid point to price; --include-invalid prices the others, marked so."
            )
            : points.SelectMany(point =>
                CostReport.Of(CostCaseFactory.Of(record, point, scenario), scenario, _scenario.Report(parsed, explain))
            );
    }

    private IEnumerable<ResultTable> OfCalibrated(
        ParseResult parsed,
        IReadOnlyList<CalibratedPrediction> predictions,
        CostOptions options,
        bool explain
    )
    {
        if (_scenario.WantsPhysics(parsed))
        {
            throw new InputException("--physics needs --gpu; it rests on a datasheet, not on a calibration.");
        }

        RunRecord record = predictions[0].Report.Set.Records[0];
        string? device = record.Device.Specification?.Name;

        // Scenarios know rents of catalogued devices; another's price is the one that it is priced at without a scenario.
        CostOptions given =
            device is null && options.UsdPerHour is null && RecordCost.PriceOf(record, options) is { Value: > 0 } price
                ? options with
                {
                    UsdPerHour = price,
                }
                : options;
        IEnumerable<ResultTable> derivations = explain
            ? predictions.Select(prediction => CalibratedTable.From(prediction, explain: true))
            : [];
        IEnumerable<ResultTable> costs = _scenario.Read(parsed, device, given) is Scenario scenario
            ? predictions.SelectMany(prediction =>
                CostReport.Of(CostCaseFactory.Of(prediction, scenario), scenario, _scenario.Report(parsed, explain))
            )
            :
            [
                CostTable.From(
                    [.. predictions.Select(prediction => (prediction, CalibratedCost.Of(prediction, options)))],
                    explain
                ),
            ];
        return derivations.Concat(costs);
    }

    private IEnumerable<ResultTable> OfPrediction(
        ParseResult parsed,
        RooflinePrediction prediction,
        CostOptions options,
        bool explain
    )
    {
        IEnumerable<ResultTable> physics = _scenario.WantsPhysics(parsed) ? [CostReport.Physics(prediction)] : [];
        return _scenario.Read(parsed, prediction.Hardware.Name, options) is Scenario scenario
            ? physics.Concat(
                CostReport.Of(CostCaseFactory.Of(prediction, scenario), scenario, _scenario.Report(parsed, explain))
            )
            : physics.Append(CostTable.From(prediction, PredictionCost.Of(prediction, options), explain));
    }
}
