using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The scenario of a decision: where the hardware stands, what it costs, and how fast software is on it.</summary>
internal sealed class DecisionOptions(string defaultScenario = "rented")
{
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

    /// <summary>Refuses one price for several devices.</summary>
    public void CheckPrices(ParseResult parsed, IReadOnlyList<HardwareEntry> hardware)
    {
        if (
            hardware.Count > 1
            && parsed.GetValue(_price) is string text
            && !text.Contains('=', StringComparison.Ordinal)
        )
        {
            throw new InputException(
                $"--price-per-hour '{text}' is one price, and {hardware.Count} devices are compared; give NAME=USD with commas between them."
            );
        }
    }

    /// <summary>The scenario of a device of the catalogue.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="device">The device's name in the hardware catalogue; null where it is not known.</param>
    /// <param name="rent">The price of a device that the catalogues do not know, for example of a CPU; null for none.</param>
    public Scenario Read(ParseResult parsed, string? device, Figure? rent = null)
    {
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
        bool isFile = parsed.GetValue(_scenario) is not ("rented" or "owned");
        return isFile
            ? scenario
            : scenario with
            {
                Inputs = [.. scenario.Inputs.Select(input => Recorded(parsed, input, record))],
            };
    }

    private ModelInput Recorded(ParseResult parsed, ModelInput input, RunRecord record)
    {
        (Figure? figure, bool isGivenAgain) = input.Symbol switch
        {
            "rent" => (record.Price?.UsdPerHour, parsed.GetValue(_price) is not null),
            "util" => (record.Price?.Utilization, parsed.GetValue(_utilization) is not null),
            _ => (null, false),
        };
        bool isSet = (parsed.GetValue(_set) ?? []).Any(text =>
            text.Contains($"{input.Symbol}=", StringComparison.Ordinal)
        );
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

        return given is not null ? Assignments.Apply("--efficiency", [$"efficiency={given}"], [assumed])[0]
            : from is not null ? MeasuredEfficiency.Of(RunRecordStore.Read(from))
            : assumed;
    }

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

        double? found = null;
        foreach (string part in text.Split(','))
        {
            string[] sides = part.Split('=', 2);
            if (sides.Length < 2)
            {
                throw new InputException(
                    $"--price-per-hour '{part}' is not accepted; give NAME=USD with commas between them."
                );
            }

            double price = ArgumentReader.Positive("--price-per-hour", sides[1], 1e6, "US dollars");
            if (HardwareCatalogue.Find(sides[0]).Name == device)
            {
                if (found is not null)
                {
                    throw new InputException($"--price-per-hour '{text}' names {device} twice; give each once.");
                }

                found = price;
            }
        }

        return found;
    }

    /// <summary>A number of tokens, for example <c>20e6</c>.</summary>
    public static double Tokens(string argument, string text, bool allowsZero) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double tokens)
        && (tokens > 0 || (allowsZero && tokens == 0))
        && tokens <= 1e18
            ? tokens
            : throw new InputException(
                $"{argument} '{text}' is not accepted; give a number of tokens {(allowsZero ? "from 0" : "above 0")}, for example 20e6."
            );
}
