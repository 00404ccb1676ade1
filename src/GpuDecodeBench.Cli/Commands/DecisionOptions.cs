using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The scenario of a decision: where the hardware stands, what it costs, and how fast software is on it.</summary>
internal sealed class DecisionOptions(string defaultScenario = "rented")
{
    /// <summary>Why a share of the roofline says nothing of a record.</summary>
    internal const string MeasuredAsItWas =
        "has no effect beside --from; what was measured is priced as it was measured, and nothing of it is a share of the roofline.";

    /// <summary>More tokens than all machines make in a day.</summary>
    private const double MostTokens = 1e18;

    /// <summary>The symbol of input tokens in an hour that is paid.</summary>
    internal const string InputRate = "tok_in_paid";

    private readonly Option<string> _scenario = CommandOptions.Text(
        "--scenario",
        "rented or owned for what is assumed of them, or a file (see cost --new-scenario)",
        "rented|owned|FILE",
        defaultScenario
    );

    private readonly Option<string?> _price = CommandOptions.Text(
        "--price-per-hour",
        "what a device costs in US dollars an hour; for several devices NAME=USD,…",
        "USD|NAME=USD,…"
    );

    private readonly Option<string?> _utilization = CommandOptions.Utilization();

    private readonly Option<string?> _efficiency = CommandOptions.Text(
        "--efficiency",
        "the share of the roofline's speed that is reached, above 0 to 1 (default: assumed, with its source)",
        "SHARE|LOW/LIKELY/HIGH"
    );

    private readonly Option<string?> _efficiencyFrom = CommandOptions.Text(
        "--efficiency-from",
        "take that share from a run record: the lowest, median and highest of its valid points",
        "FILE"
    );

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "any input of the scenario, for example tariff=0.08 or years=2/3/5; can be given several times",
        HelpName = "SYMBOL=VALUE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_scenario, _price, _utilization, _efficiency, _efficiencyFrom, _set])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Refuses one price for several devices, and the price of a device that is not among them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="devices">The devices' names in the hardware catalogue, or what they are called where they are not in it.</param>
    public void CheckPrices(ParseResult parsed, IReadOnlyList<string> devices)
    {
        if (parsed.GetValue(_price) is not string text)
        {
            return;
        }

        if (!text.Contains('=', StringComparison.Ordinal))
        {
            if (devices.Count > 1)
            {
                throw new InputException(
                    $"--price-per-hour '{text}' is one price, and {devices.Count} devices are compared; give NAME=USD with commas between them."
                );
            }

            return;
        }

        foreach ((string name, _) in NamedPrices(text))
        {
            if (!devices.Contains(name))
            {
                throw new InputException(
                    $"--price-per-hour '{text}' has a price of {name}, which is not among the devices; give {(devices.Count == 1 ? $"one price, of {devices[0]}" : $"prices of {string.Join(", ", devices)}")}."
                );
            }
        }
    }

    /// <summary>Refuses the price of a device that is not the one of a run.</summary>
    public void CheckPrices(ParseResult parsed, RunRecord record) => CheckPrices(parsed, [NameOf(record)]);

    /// <summary>A run's device as the hardware catalogue has it, or as it calls itself.</summary>
    public static string NameOf(RunRecord record) => record.Device.Specification?.Name ?? record.Device.Name;

    /// <summary>Refuses the share of the roofline that is reached, where nothing is predicted.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="why">Why nothing is, and what to do.</param>
    public void RefuseEfficiency(ParseResult parsed, string why) =>
        GivenOptions.Refuse(parsed, why, _efficiency, _efficiencyFrom);

    /// <summary>Refuses what a cost is computed with, where every cost is a given price.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="why">Why nothing is computed, and what to do.</param>
    public void RefusePricing(ParseResult parsed, string why)
    {
        GivenOptions.Refuse(parsed, why, _price, _utilization);
        if (!IsFile(parsed))
        {
            GivenOptions.Refuse(parsed, why, _scenario);
        }
    }

    /// <summary>Refuses an input of <c>--set</c> that no figure of a choice depends on.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="stacks">The costs that the choice depends on, with their bills.</param>
    /// <param name="demand">The traffic; null for none.</param>
    /// <param name="limitMilliseconds">The longest time between two tokens; null for no limit.</param>
    /// <exception cref="InputException">There is one.</exception>
    public void CheckInfluence(
        ParseResult parsed,
        IReadOnlyList<CostStack> stacks,
        TrafficDemand? demand,
        double? limitMilliseconds
    )
    {
        if (stacks.Count == 0)
        {
            return;
        }

        IReadOnlyList<string> shown =
        [
            CostLayers.Total.Symbol,
            CostLayers.Total.TokenSymbol,
            PredictedCase.StepTime,
            PredictedCase.MemoryUse,
            .. FleetEquations.All.Select(equation => equation.Symbol),
        ];
        // Without input tokens their rate is of no account, and without a limit no cache moves; the equations of a bill have both.
        IReadOnlyList<string> without = demand is { InputTokensPerDay: > 0 }
            ? limitMilliseconds is null
                ? [FleetEquations.Moving]
                : []
            : [InputRate, FleetEquations.InputRate, FleetEquations.Moving];
        // A bill is made at the utilisation of whole instances, whose number follows from the one given.
        CheckInfluence(
            parsed,
            stacks[0].Scenario,
            symbol =>
                symbol == "util"
                || stacks.Any(stack => Influence.OnAny(stack.System, Influence.CarrierOf(symbol), shown, without))
        );
    }

    /// <summary>Refuses an input of <c>--set</c> that does not count.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="scenario">A scenario with all inputs.</param>
    /// <param name="counts">Whether an input counts.</param>
    /// <exception cref="InputException">There is one that does not.</exception>
    public void CheckInfluence(ParseResult parsed, Scenario scenario, Func<string, bool> counts)
    {
        if (SetSymbols(parsed).FirstOrDefault(symbol => !counts(symbol)) is string symbol)
        {
            throw new InputException($"--set '{symbol}' {Influence.WhyNone(scenario, symbol, counts)}");
        }
    }

    /// <summary>The scenario of a device of the catalogue.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="device">The device's name in the hardware catalogue; null where it is not known.</param>
    /// <param name="rent">The price of a device that the catalogues do not know, for example of a CPU; null for none.</param>
    public Scenario Read(ParseResult parsed, string? device, Figure? rent = null)
    {
        CheckGivenOnce(parsed);
        Scenario scenario = ScenarioOptions.Named(parsed.GetValue(_scenario)!, device);
        ScenarioOptions.CheckPrice(scenario, parsed.GetValue(_price) is not null);
        IReadOnlyList<ModelInput> inputs = Assignments.Apply("--set", parsed.GetValue(_set) ?? [], scenario.Inputs);
        return scenario with { Inputs = [.. inputs.Select(input => Given(parsed, input, device, rent))] };
    }

    /// <summary>
    /// The scenario of a run: where no scenario file was given, what the run itself was told of price and utilisation goes before what
    /// is assumed; a device without a price in the catalogues, a CPU say, has the price that records are priced with.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="record">The run.</param>
    public Scenario ReadOf(ParseResult parsed, RunRecord record)
    {
        Scenario scenario = Read(
            parsed,
            record.Device.Specification?.Name,
            RecordCost.PriceOf(record, new CostOptions())
        );
        return IsFile(parsed)
            ? scenario
            : scenario with
            {
                Inputs = [.. scenario.Inputs.Select(input => Recorded(parsed, input, record))],
            };
    }

    private bool IsFile(ParseResult parsed) => !ScenarioOptions.Names.Contains(parsed.GetValue(_scenario));

    /// <summary>The symbols that <c>--set</c> gives.</summary>
    private IEnumerable<string> SetSymbols(ParseResult parsed) =>
        (parsed.GetValue(_set) ?? []).SelectMany(text => text.Split(',')).Select(part => part.Split('=')[0].Trim());

    /// <summary>Refuses an input that stands on the command line twice, of which one would win silently.</summary>
    private void CheckGivenOnce(ParseResult parsed)
    {
        string[] set = [.. SetSymbols(parsed)];
        foreach (
            (string symbol, Option option) in (ReadOnlySpan<(string, Option)>)
                [
                    ("rent", _price),
                    ("util", _utilization),
                    (PredictedCase.Efficiency, _efficiency),
                    (PredictedCase.Efficiency, _efficiencyFrom),
                ]
        )
        {
            if (set.Contains(symbol) && GivenOptions.IsGiven(parsed, option))
            {
                throw new InputException($"--set {symbol} and {option.Name} say the same; give one of them.");
            }
        }
    }

    private ModelInput Recorded(ParseResult parsed, ModelInput input, RunRecord record)
    {
        (Figure? figure, bool isGivenAgain) = input.Symbol switch
        {
            "rent" => (record.Price?.UsdPerHour, parsed.GetValue(_price) is not null),
            "util" => (record.Price?.Utilization, parsed.GetValue(_utilization) is not null),
            _ => (null, false),
        };
        bool isSet = SetSymbols(parsed).Contains(input.Symbol);
        return figure is { Value: > 0 } && UserFigure.IsGiven(figure) && !isGivenAgain && !isSet
            ? Replaced(input, figure)
            : input;
    }

    private ModelInput Given(ParseResult parsed, ModelInput input, string? device, Figure? rent)
    {
        switch (input.Symbol)
        {
            case "rent" when PriceOf(parsed, device) is double price:
                return Replaced(input, UserFigure.Create(price, "--price-per-hour"));
            case "rent" when input.Value is null && rent?.Value is not null:
                return Replaced(input, rent);
            case "util" when CommandOptions.ReadUtilization(parsed, _utilization) is double share:
                return Replaced(input, UserFigure.Create(share, "--utilization"));
            case PredictedCase.Efficiency:
                return ReadEfficiency(parsed, input);
            default:
                return input;
        }
    }

    private static ModelInput Replaced(ModelInput input, Figure figure) =>
        new(input.Symbol, input.Name, input.Unit.Text, figure.Value, figure.Provenance);

    private ModelInput ReadEfficiency(ParseResult parsed, ModelInput assumed)
    {
        string? given = parsed.GetValue(_efficiency);
        string? from = parsed.GetValue(_efficiencyFrom);
        if (given is not null && from is not null)
        {
            throw new InputException("--efficiency and --efficiency-from say the same; give one of them.");
        }

        return given is not null ? GivenEfficiency(given, assumed)
            : from is not null ? MeasuredEfficiency.Of(RunRecordStore.Read(from))
            : assumed;
    }

    private static ModelInput GivenEfficiency(string text, ModelInput assumed) =>
        Assignments.Values(text) is double[] values && GivenInput.WhyNot(assumed, values) is null
            ? GivenInput.Of(assumed, values, "--efficiency")
            : throw new InputException(
                $"--efficiency '{text}' is not accepted; give a share above 0 to 1, or LOW/LIKELY/HIGH, as in 0.6 or 0.5/0.6/0.7."
            );

    private double? PriceOf(ParseResult parsed, string? device)
    {
        if (parsed.GetValue(_price) is not string text)
        {
            return null;
        }

        if (!text.Contains('=', StringComparison.Ordinal))
        {
            return ArgumentReader.Positive("--price-per-hour", text, 1e6, "US dollars");
        }

        return NamedPrices(text)
            .Where(named => named.Name == device)
            .Select(named => (double?)named.Usd)
            .SingleOrDefault();
    }

    /// <summary>Prices of devices by their names in the hardware catalogue.</summary>
    private static List<(string Name, double Usd)> NamedPrices(string text)
    {
        List<(string Name, double Usd)> prices = [];
        foreach (string part in text.Split(','))
        {
            string[] sides = part.Split('=', 2);
            if (sides.Length < 2)
            {
                throw new InputException(
                    $"--price-per-hour '{part}' is not accepted; give NAME=USD with commas between them."
                );
            }

            string name = HardwareCatalogue.Find(sides[0]).Name;
            if (prices.Any(price => price.Name == name))
            {
                throw new InputException($"--price-per-hour '{text}' names {name} twice; give each once.");
            }

            prices.Add((name, ArgumentReader.Positive("--price-per-hour", sides[1], 1e6, "US dollars")));
        }

        return prices;
    }

    /// <summary>A number of tokens, for example <c>20e6</c>.</summary>
    public static double Tokens(string argument, string text, bool allowsZero) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double tokens)
        && (tokens > 0 || (allowsZero && tokens == 0))
        && tokens <= MostTokens
            ? tokens
            : throw new InputException(
                $"{argument} '{text}' is not accepted; give a number of tokens {(allowsZero ? "from 0" : "above 0")}, at most {MostTokens:0e0}, for example 20e6."
            );
}
