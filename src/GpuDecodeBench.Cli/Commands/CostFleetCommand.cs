using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>cost fleet</c>: how many instances a day's traffic needs, and their bill.</summary>
internal sealed class CostFleetCommand(CommandContext context)
{
    private readonly Option<string?> _from = CommandOptions.Text(
        "--from",
        "instead of --model and --gpu: the cheapest valid point of a run record that keeps to the limit",
        "FILE"
    );

    private readonly CandidateOptions _candidates = new("h200", "fp8");
    private readonly DecisionOptions _decision = new();
    private readonly DemandOptions _demand = new();

    private readonly Option<bool> _includeInvalid = new("--include-invalid")
    {
        Description = "with --from: take invalid and throttled points too, marked so",
    };

    private readonly Option<string> _draws = CommandOptions.Text(
        "--draws",
        "draws from the assumptions' ranges for P10 to P90 of the bill",
        "N",
        "1000"
    );

    private readonly Option<string> _seed = CommandOptions.Text("--seed", "the seed of the draws", "N", "1");

    private readonly Option<bool> _explain = new("--explain") { Description = "show every line of the derivation" };
    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "fleet",
            """
            The bill of a fleet: instances for a day's tokens at the scenario's utilisation and peak, dollars a day, month and
            year by layers, power and energy. From the cheapest point of a record, or the cheapest predicted batch.

            Examples:
              gpu-decode-bench cost fleet --tokens-per-day 2e9 --input-tokens-per-day 7e9 --model llama-3.1-70b --gpu h200 --max-step-ms 50
              gpu-decode-bench cost fleet --tokens-per-day 50e6 --from runs/…/run.json --scenario owned --explain
            """
        );
        _demand.AddTo(command);
        command.Options.Add(_from);
        _candidates.AddTo(command);
        _decision.AddTo(command);
        foreach (Option option in (Option[])[_includeInvalid, _draws, _seed, _explain, _format])
        {
            command.Options.Add(option);
        }

        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format, _explain);
        string? from = parsed.GetValue(_from);
        TrafficDemand demand = _demand.Read(parsed) ?? throw WithoutDemand(parsed, from);
        if (from is null == !_candidates.HasModel(parsed))
        {
            throw new InputException(
                from is null
                    ? "Give either --from with a run record, or --model and --gpu for a prediction."
                    : "--from cannot be given together with --model; a record says itself what was measured."
            );
        }

        if (from is null)
        {
            GivenOptions.Refuse(parsed, CostChooseCommand.NothingMeasured, _includeInvalid);
        }
        else
        {
            _candidates.RefuseBesideRecord(parsed);
            _decision.RefuseEfficiency(parsed, DecisionOptions.MeasuredAsItWas);
        }

        ChoiceResult result = from is null
            ? DeviceChooser.Choose(_candidates.Read(parsed, _decision, demand))
            : Measured(parsed, RunRecordStore.Read(from), demand);
        if (result.Ranked.Count == 0)
        {
            ExcludedChoice first = result.Excluded[0];
            throw new InputException(
                $"Nothing keeps to the limits and has a price: {first.Device} with {first.Formats}, {first.Reason}."
            );
        }

        Choice cheapest = result.Ranked[0];
        FleetBill bill = cheapest.Bill!;
        _decision.CheckInfluence(parsed, result.Decisive, demand, _candidates.Limit(parsed));
        bool explain = parsed.GetValue(_explain);
        UncertainResult range = MonteCarlo.Run(
            bill.Stack.System,
            FleetEquations.DaySymbol(CostLayers.Total),
            ScenarioOptions.ReadDraws(parsed.GetValue(_draws)!),
            ScenarioOptions.ReadSeed(parsed.GetValue(_seed)!)
        );
        new ResultPrinter(context).Tables(
            [FleetTable.Size(bill), FleetTable.Bill(bill, cheapest.Prediction?.Plan, range, explain)],
            format
        );
        return ExitCodes.Done;
    }

    /// <summary>What is given is looked at before what is missing is asked for, which may not be what somebody mistyped.</summary>
    private InputException WithoutDemand(ParseResult parsed, string? from)
    {
        if (from is null && _candidates.HasModel(parsed))
        {
            _ = _candidates.Read(parsed, _decision, null);
        }

        return new InputException("Give --tokens-per-day, the output tokens of a day, for example 20e6.");
    }

    private ChoiceResult Measured(ParseResult parsed, RunRecord record, TrafficDemand demand)
    {
        _decision.CheckPrices(parsed, record);
        Scenario scenario = _decision.ReadOf(parsed, record);
        ChoiceResult result = PointChooser.Choose(
            record,
            scenario,
            _candidates.Limit(parsed),
            demand,
            parsed.GetValue(_includeInvalid)
        );
        return result.Ranked.Count == 0 && result.Excluded.Count == 0
            ? throw new InputException("The record has no point.")
            : result;
    }
}
