using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>What a decision may choose from: devices, formats, how many devices share a layer, and the limits.</summary>
internal sealed class CandidateOptions(string defaultGpu, string defaultWeights)
{
    internal const string All = "all";

    private readonly Option<string?> _model = CommandOptions.Text(
        "--model",
        "a model of the catalogue, or the path of a config.json",
        "NAME|FILE"
    );

    private readonly Option<string> _gpu = CommandOptions.Text(
        "--gpu",
        "hardware of the catalogue to choose from",
        "all|NAME,…",
        defaultGpu
    );

    private readonly Option<string> _weights = CommandOptions.Text(
        "--weights",
        $"weight formats whose quality is accepted: {FormatNames.WeightNames}",
        "F,…",
        defaultWeights
    );

    private readonly Option<string?> _lmHead = CommandOptions.Text(
        "--lm-head",
        "format of the embedding and the LM head (default: 16-bit weights as they are, else bf16)",
        "F"
    );

    private readonly Option<string> _kv = CommandOptions.Text(
        "--kv",
        $"KV cache formats whose quality is accepted: {FormatNames.KvNames}",
        "F,…",
        "bf16"
    );

    private readonly Option<string> _context = CommandOptions.Text(
        "--context",
        "tokens of context of each sequence",
        "N",
        "4096"
    );

    private readonly Option<string> _devices = CommandOptions.Text(
        "--tensor-parallel",
        "numbers of devices that may share each layer",
        "N,…",
        "1,2,4,8"
    );

    private readonly Option<string> _largestBatch = CommandOptions.Text(
        "--max-batch",
        "the largest batch to look at",
        "N",
        "1024"
    );

    private readonly Option<string?> _limit = CommandOptions.Text(
        "--max-step-ms",
        "the longest time between two tokens of a sequence, in milliseconds",
        "MS"
    );

    private readonly Option<bool> _sure = new("--surely")
    {
        Description = "hold the limit even where only the lowest credible share of the roofline is reached",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_gpu);
        AddLimitsTo(command);
    }

    /// <summary>Everything but model and devices, for commands that name them otherwise.</summary>
    public void AddLimitsTo(Command command)
    {
        foreach (Option option in (Option[])[_weights, _lmHead, _kv, _context, _devices, _largestBatch, _limit, _sure])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Refuses what says what to predict, beside a record that says what was measured.</summary>
    /// <param name="parsed">The command line.</param>
    public void RefuseBesideRecord(ParseResult parsed) =>
        GivenOptions.Refuse(
            parsed,
            "has no effect beside --from, which chooses among the points of the record as they were measured; leave it out, or give --model in place of --from.",
            Predicted.Prepend(_gpu)
        );

    /// <summary>Refuses what says what to predict, where nothing is predicted.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="why">Why nothing is, and what to do.</param>
    public void RefusePredicted(ParseResult parsed, string why) => GivenOptions.Refuse(parsed, why, Predicted);

    /// <summary>Refuses the limit, where everything has a given price.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="why">Why nothing is limited, and what to do.</param>
    public void RefuseLimit(ParseResult parsed, string why) => GivenOptions.Refuse(parsed, why, _limit);

    private Option[] Predicted => [_weights, _lmHead, _kv, _context, _devices, _largestBatch, _sure];

    public bool HasModel(ParseResult parsed) => parsed.GetValue(_model) is not null;

    /// <summary>The limit in milliseconds; null for none.</summary>
    public double? Limit(ParseResult parsed) =>
        parsed.GetValue(_limit) is string text
            ? ArgumentReader.Positive("--max-step-ms", text, 1e9, "milliseconds")
            : null;

    /// <summary>The largest batch to look at.</summary>
    public int LargestBatch(ParseResult parsed) =>
        ArgumentReader.Count("--max-batch", parsed.GetValue(_largestBatch)!, StepConditions.LargestBatch);

    /// <summary>What to choose from, with the model and the devices that the options name.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="decision">The scenario's options.</param>
    /// <param name="demand">The traffic; null for none.</param>
    public ChoiceRequest Read(ParseResult parsed, DecisionOptions decision, TrafficDemand? demand)
    {
        string model =
            parsed.GetValue(_model)
            ?? throw new InputException("Give --model with a model that models lists, or a config.json.");
        string gpu = parsed.GetValue(_gpu)!;
        bool isAll = IsAll(gpu);
        if (!isAll && gpu.Split(',').Any(IsAll))
        {
            throw new InputException(
                $"--gpu '{gpu}' is not accepted: {All} is every device and stands alone; give {All}, or names with commas between them."
            );
        }

        IReadOnlyList<HardwareEntry> hardware = isAll
            ? HardwareCatalogue.All
            : CommandOptions.ReadHardware("--gpu", gpu);
        decision.CheckPrices(parsed, [.. hardware.Select(entry => entry.Name)]);
        return Read(parsed, decision, demand, ModelCatalogue.Resolve(model), hardware);
    }

    private static bool IsAll(string name) => string.Equals(name.Trim(), All, StringComparison.OrdinalIgnoreCase);

    /// <summary>What to choose from for a given model and devices.</summary>
    public ChoiceRequest Read(
        ParseResult parsed,
        DecisionOptions decision,
        TrafficDemand? demand,
        ModelShape model,
        IReadOnlyList<HardwareEntry> hardware
    )
    {
        CheckSurely(parsed, decision, hardware);
        IReadOnlyList<int> context = ArgumentReader.Counts("--context", parsed.GetValue(_context)!);
        return new ChoiceRequest
        {
            Model = model,
            Hardware = hardware,
            ScenarioOf = device => decision.Read(parsed, device.Name, PriceCatalogue.Find(device)),
            Weights = ArgumentReader.Weights("--weights", parsed.GetValue(_weights)!),
            LmHead = parsed.GetValue(_lmHead) is string head ? One(head) : null,
            Kv = ArgumentReader.KvFormats("--kv", parsed.GetValue(_kv)!),
            ContextTokens = context is [int tokens]
                ? tokens
                : throw new InputException(
                    $"--context '{parsed.GetValue(_context)}' is not accepted; a decision is made for one context."
                ),
            TensorParallel = ArgumentReader.Counts("--tensor-parallel", parsed.GetValue(_devices)!),
            LargestBatch = LargestBatch(parsed),
            LongestStepMilliseconds = Limit(parsed),
            LimitHoldsWhenSlow = parsed.GetValue(_sure),
            Demand = demand,
        };
    }

    /// <summary>A promise needs a limit to hold and a range to hold it over.</summary>
    private void CheckSurely(ParseResult parsed, DecisionOptions decision, IReadOnlyList<HardwareEntry> hardware)
    {
        if (!parsed.GetValue(_sure))
        {
            return;
        }

        if (Limit(parsed) is null)
        {
            throw new InputException(
                "--surely has no effect without --max-step-ms, the limit that it holds; give one in milliseconds."
            );
        }

        ModelInput efficiency = decision
            .Read(parsed, hardware[0].Name)
            .Inputs.Single(input => input.Symbol == PredictedCase.Efficiency);
        if (!efficiency.IsUncertain)
        {
            throw new InputException(
                $"--surely has no effect with an efficiency of {efficiency.Value?.ToString(CultureInfo.InvariantCulture)} alone, which leaves nothing lower to hold the limit at; give it as LOW/LIKELY/HIGH."
            );
        }
    }

    /// <summary>The limits in words, for titles.</summary>
    public static string Describe(ChoiceRequest request)
    {
        string limit = request.LongestStepMilliseconds is double milliseconds
            ? string.Create(CultureInfo.InvariantCulture, $"a token within {milliseconds:0.###} ms")
            : "no limit on a token's time";
        return $"{request.Model.Name}, context {request.ContextTokens}, predicted, {limit}";
    }

    private static WeightFormat One(string text) =>
        ArgumentReader.Weights("--lm-head", text) is [WeightFormat one]
            ? one
            : throw new InputException($"--lm-head '{text}' is not accepted; give one of {FormatNames.WeightNames}.");
}
