using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>cost route</c>: traffic shared among models on the user's device, a small one and a large one.</summary>
internal sealed class CostRouteCommand(CommandContext context)
{
    private static readonly string[] DeviceInputs = ["device_energy", "device_tariff", "charge_efficiency"];

    private readonly Option<string?> _large = Cost("--large", "what the large model costs");
    private readonly Option<string?> _small = Cost("--small", "what the small model costs");
    private readonly Option<string> _smallShare = Share("--small-share", "share of tokens sent to the small model");
    private readonly Option<string> _deviceShare = Share(
        "--device-share",
        "share of tokens sent to a model on the user's device"
    );

    private readonly Option<string> _smallEscalation = Share(
        "--escalate-small",
        "share of the small model's that goes on to the large one"
    );

    private readonly Option<string> _deviceEscalation = Share(
        "--escalate-device",
        "share of the device's that goes on to the large one"
    );

    private readonly Option<string> _router = CommandOptions.Text(
        "--router-cost",
        "what choosing the model costs, for a million tokens",
        "USD",
        "0"
    );

    private readonly Option<string> _ratio = CommandOptions.Text(
        "--input-ratio",
        "input tokens for each output token",
        "N",
        "0"
    );

    private readonly CandidateOptions _candidates = new("h200", "fp8");
    private readonly DecisionOptions _decision = new();
    private readonly Option<bool> _explain = new("--explain") { Description = "show every line of the derivation" };
    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "route",
            """
            Hybrid routing: shares of the tokens go to a model on the user's device, to a small and to a large one; what a smaller
            one cannot answer goes on to the large one, and both are paid. Blended cost, saving, and where it stops saving.

            A cost is a price OUT[,IN] in US dollars for a million tokens, a run record (its cheapest valid point), or MODEL@GPU
            (its cheapest predicted batch). The device's electricity is --set device_energy=…,device_tariff=….

            Examples:
              gpu-decode-bench cost route --large 10 --small 0.3 --small-share 0.7 --escalate-small 0.15
              gpu-decode-bench cost route --large llama-3.1-70b@h200 --small llama-3.1-8b@h200 --small-share 0.5 --device-share 0.2
            """
        );
        foreach (
            Option option in (Option[])
                [_large, _small, _smallShare, _deviceShare, _smallEscalation, _deviceEscalation, _router, _ratio]
        )
        {
            command.Options.Add(option);
        }

        _candidates.AddLimitsTo(command);
        _decision.AddTo(command);
        command.Options.Add(_explain);
        command.Options.Add(_format);
        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format, _explain);
        string large = parsed.GetValue(_large) ?? throw new InputException("Give --large, what the large model costs.");
        CheckNeeded(parsed, large, parsed.GetValue(_small));
        var targets = new RouteTargets(_candidates, _decision, AtLeastZero(parsed, _ratio));
        Scenario scenario = _decision.Read(parsed, null);
        var decision = RouteDecision.Of(
            targets.Read(parsed, "--large", "cost_large", large),
            parsed.GetValue(_small) is string small ? targets.Read(parsed, "--small", "cost_small", small) : null,
            [
                Given(parsed, _deviceShare, "share_device", "share sent to the user's device"),
                Given(parsed, _smallShare, "share_small", "share sent to the small model"),
                Given(parsed, _deviceEscalation, "escalate_device", "share of the device's that is escalated"),
                Given(parsed, _smallEscalation, "escalate_small", "share of the small model's that is escalated"),
                new ModelInput(
                    "router_usd",
                    "choosing the model",
                    "$/Mtok",
                    AtLeastZero(parsed, _router),
                    ProvenanceNote.Assumed("given by the user (--router-cost), else none")
                ),
            ],
            [.. scenario.Inputs.Where(input => DeviceInputs.Contains(input.Symbol))]
        );
        bool usesDevice = decision.Values["share_device"] > 0;
        _decision.CheckInfluence(
            parsed,
            targets.Scenario ?? scenario,
            symbol => (usesDevice && DeviceInputs.Contains(symbol)) || targets.DependOn(symbol)
        );
        if (!usesDevice)
        {
            GivenOptions.Refuse(
                parsed,
                "has no effect where no tokens are sent to the user's device; give --device-share.",
                _deviceEscalation
            );
        }

        new ResultPrinter(context).Tables(
            [RouteTable.Targets(decision), RouteTable.Result(decision, parsed.GetValue(_explain))],
            format
        );
        return ExitCodes.Done;
    }

    /// <summary>Refuses what no cost is computed with, where costs are given.</summary>
    private void CheckNeeded(ParseResult parsed, string large, string? small)
    {
        const string Given = "has no effect where";
        if (small is null)
        {
            GivenOptions.Refuse(
                parsed,
                $"{Given} no small model is given; give its cost with --small.",
                _smallEscalation
            );
        }

        string[] costs = [.. new[] { large, small }.OfType<string>()];
        string[] predicted = [.. costs.Where(RouteTargets.IsPrediction)];
        bool isMeasured = costs.Any(RouteTargets.IsRecord);
        if (predicted.Length == 0)
        {
            const string Why = $"{Given} no cost is predicted; give one as MODEL@GPU.";
            _candidates.RefusePredicted(parsed, Why);
            _decision.RefuseEfficiency(parsed, Why);
        }

        if (predicted.Length == 0 && !isMeasured)
        {
            const string Why = $"{Given} every cost is a given price; give one as MODEL@GPU or a run record.";
            _candidates.RefuseLimit(parsed, Why);
            _decision.RefusePricing(parsed, Why);
        }
        else
        {
            RouteTargets.CheckPrices(parsed, _decision, costs);
        }
    }

    private static Option<string?> Cost(string name, string description) =>
        CommandOptions.Text(name, description, "OUT[,IN]|FILE|MODEL@GPU");

    private static Option<string> Share(string name, string description) =>
        CommandOptions.Text(name, $"{description}, from 0 to 1", "SHARE", "0");

    private static ModelInput Given(ParseResult parsed, Option<string> option, string symbol, string name)
    {
        string text = parsed.GetValue(option)!;
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
            && share is >= 0 and <= 1
            ? new ModelInput(symbol, name, "1", share, UserFigure.Note(option.Name))
            : throw new InputException($"{option.Name} '{text}' is not accepted; give a share from 0 to 1.");
    }

    private static double AtLeastZero(ParseResult parsed, Option<string> option)
    {
        string text = parsed.GetValue(option)!;
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value >= 0
            && double.IsFinite(value)
            ? value
            : throw new InputException($"{option.Name} '{text}' is not accepted; give a number, 0 or more.");
    }
}
