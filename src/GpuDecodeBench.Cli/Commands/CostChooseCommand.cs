using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>cost choose</c>: which device for a model and a limit.</summary>
internal sealed class CostChooseCommand(CommandContext context)
{
    /// <summary>Why <c>--include-invalid</c> needs a record.</summary>
    internal const string NothingMeasured =
        "has no effect without --from; predictions are neither invalid nor throttled.";

    private readonly Option<string?> _from = CommandOptions.Text(
        "--from",
        "instead of --model: choose among the measured points of a run record",
        "FILE"
    );

    private readonly CandidateOptions _candidates = new("all", "bf16,fp8,int4");
    private readonly DecisionOptions _decision = new();
    private readonly DemandOptions _demand = new();

    private readonly Option<bool> _includeInvalid = new("--include-invalid")
    {
        Description = "with --from: rank invalid and throttled points too, marked so",
    };

    private readonly Option<string> _top = CommandOptions.Text("--top", "how many to show", "N", "20");
    private readonly Option<string> _draws = CommandOptions.Text(
        "--draws",
        "draws from the assumptions' ranges for each row's P10 and P90",
        "N",
        "1000"
    );

    private readonly Option<string> _seed = CommandOptions.Text("--seed", "the seed of the draws", "N", "1");

    private readonly Option<bool> _explain = new("--explain") { Description = "derive the cost of the first row" };
    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "choose",
            """
            Which GPU for this model and this limit: for every device, weight format and number of devices the batch at which
            a token is cheapest, within the time between two tokens and the memory. Ranked, with why others are out.

            Examples:
              gpu-decode-bench cost choose --model llama-3.1-70b --max-step-ms 50 --context 4096
              gpu-decode-bench cost choose --model llama-3.1-8b --gpu h100,h200,b200 --weights fp8 --tokens-per-day 500e6
              gpu-decode-bench cost choose --from runs/…/run.json --max-step-ms 20
            """
        );
        command.Options.Add(_from);
        _candidates.AddTo(command);
        _demand.AddTo(command);
        _decision.AddTo(command);
        foreach (Option option in (Option[])[_includeInvalid, _top, _draws, _seed, _explain, _format])
        {
            command.Options.Add(option);
        }

        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format, _explain);
        TrafficDemand? demand = _demand.Read(parsed);
        string? from = parsed.GetValue(_from);
        if (from is null == !_candidates.HasModel(parsed))
        {
            throw new InputException(
                from is null
                    ? "Give either --model to choose among predictions, or --from with a run record to choose among its points."
                    : "--from cannot be given together with --model; a record says itself what was measured."
            );
        }

        if (from is null)
        {
            GivenOptions.Refuse(parsed, NothingMeasured, _includeInvalid);
        }
        else
        {
            _candidates.RefuseBesideRecord(parsed);
            _decision.RefuseEfficiency(parsed, DecisionOptions.MeasuredAsItWas);
        }

        (string title, ChoiceResult result) = from is null
            ? Predicted(_candidates.Read(parsed, _decision, demand))
            : Measured(parsed, RunRecordStore.Read(from), demand);
        int top = ArgumentReader.Count("--top", parsed.GetValue(_top)!, 10_000);
        int draws = ScenarioOptions.ReadDraws(parsed.GetValue(_draws)!);
        int seed = ScenarioOptions.ReadSeed(parsed.GetValue(_seed)!);
        _decision.CheckInfluence(parsed, result.Decisive, demand, _candidates.Limit(parsed));
        List<ResultTable> tables =
        [
            ChoiceTable.Ranked(
                $"Cheapest first: {title}",
                [.. result.Ranked.Take(top)],
                new ChoiceDraws(draws, seed),
                _candidates.LargestBatch(parsed),
                _candidates.Limit(parsed),
                parsed.GetValue(_explain)
            ),
        ];
        if (result.Excluded.Count > 0)
        {
            tables.Add(ChoiceTable.Excluded(title, result.Excluded));
        }

        new ResultPrinter(context).Tables(tables, format);
        return result.Ranked.Count > 0
            ? ExitCodes.Done
            : throw new InputException($"Nothing keeps to the limits: {result.Excluded.Count} rows say why.");
    }

    private static (string Title, ChoiceResult Result) Predicted(ChoiceRequest request) =>
        (CandidateOptions.Describe(request), DeviceChooser.Choose(request));

    private (string Title, ChoiceResult Result) Measured(ParseResult parsed, RunRecord record, TrafficDemand? demand)
    {
        _decision.CheckPrices(parsed, record);
        Scenario scenario = _decision.ReadOf(parsed, record);
        string limit = _candidates.Limit(parsed) is double milliseconds
            ? $"a token within {milliseconds:0.######} ms"
            : "no limit on a token's time";
        return (
            $"{record.Model.Name} on {record.Device.Name}, measured, {limit}",
            PointChooser.Choose(record, scenario, _candidates.Limit(parsed), demand, parsed.GetValue(_includeInvalid))
        );
    }
}
