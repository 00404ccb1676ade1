using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The options that turn a cost into one by layers.</summary>
internal sealed class ScenarioOptions
{
    /// <summary>The scenarios that have names; all others are files.</summary>
    internal static readonly string[] Names = ["rented", "owned"];

    private readonly Option<string?> _scenario = CommandOptions.Text(
        "--scenario",
        "cost by layers: rented or owned for what is assumed of them, or a file (see --new-scenario)",
        "rented|owned|FILE"
    );

    private readonly Option<bool> _newScenario = new("--new-scenario")
    {
        Description = "print a scenario file with every key, its assumed value and its source",
    };

    private readonly Option<string> _draws = CommandOptions.Text(
        "--draws",
        "with --scenario: draws from the assumptions' ranges",
        "N",
        "10000"
    );

    private readonly Option<string> _seed = CommandOptions.Text("--seed", "the seed of the draws", "N", "1");

    private readonly Option<string[]> _sweeps = new("--sweep")
    {
        Description =
            "with --scenario: the cost while one input changes, for example util=0.1,0.3,0.6,0.9 or years=2,3,5, or region for all regions; can be given several times",
        HelpName = "SYMBOL=V,…",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _apiPrice = CommandOptions.Text(
        "--api-price",
        "with --scenario: what an API takes for a million output tokens and, behind a comma, input tokens: host or buy",
        "OUT[,IN]"
    );

    private readonly Option<string> _inputRatio = CommandOptions.Text(
        "--input-ratio",
        "with --api-price: input tokens for each output token",
        "N",
        "0"
    );

    private readonly Option<bool> _physics = new("--physics")
    {
        Description = "bytes, intensity, energy and memory limits of the step, and the device's power by part",
    };

    public void AddTo(Command command)
    {
        foreach (
            Option option in (Option[])
                [_scenario, _newScenario, _draws, _seed, _sweeps, _apiPrice, _inputRatio, _physics]
        )
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether a scenario's file is asked for, and nothing else.</summary>
    public bool WantsTemplate(ParseResult parsed)
    {
        if (!parsed.GetValue(_newScenario))
        {
            return false;
        }

        GivenOptions.Refuse(
            parsed,
            "has no effect beside --new-scenario, which prints a file with every key and prices nothing; give one of them.",
            parsed.CommandResult.Command.Options.Where(option => option != _newScenario)
        );
        return true;
    }

    /// <summary>Refuses what only draws read where nothing is drawn.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="why">Why nothing is drawn, and what to do.</param>
    public void RefuseDraws(ParseResult parsed, string why) => GivenOptions.Refuse(parsed, why, _draws, _seed);

    /// <summary>Refuses a sweep where there is no cost that it could go through.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="why">Why there is none, and what to do.</param>
    public void RefuseSweeps(ParseResult parsed, string why) => GivenOptions.Refuse(parsed, why, _sweeps);

    /// <summary>Whether a cost by layers is asked for.</summary>
    public bool IsByLayers(ParseResult parsed) => parsed.GetValue(_scenario) is not null;

    public bool WantsPhysics(ParseResult parsed) => parsed.GetValue(_physics);

    /// <summary>What the report is to show.</summary>
    public CostReportOptions Report(ParseResult parsed, bool explain) =>
        new(
            ReadDraws(parsed.GetValue(_draws)!),
            ReadSeed(parsed.GetValue(_seed)!),
            explain,
            [.. (parsed.GetValue(_sweeps) ?? []).Select(ReadSweep)],
            ReadApi(parsed)
        );

    /// <summary>How many draws from the assumptions' ranges; fewer than a hundred say nothing of a tenth percentile.</summary>
    internal static int ReadDraws(string text)
    {
        const int Fewest = 100;
        int draws = ArgumentReader.Count("--draws", text, 1_000_000);
        return draws >= Fewest
            ? draws
            : throw new InputException(
                $"--draws {draws} is not accepted; give a whole number from {Fewest} to 1000000."
            );
    }

    /// <summary>The seed of the draws; their generator takes 31 bits.</summary>
    internal static int ReadSeed(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seed)
            ? seed
            : throw new InputException(
                $"--seed '{text}' is not accepted; give a whole number from 0 to {int.MaxValue}."
            );

    private static (string Symbol, IReadOnlyList<double> Values) ReadSweep(string text)
    {
        if (text == Sweep.Region)
        {
            return (text, []);
        }

        string[] parts = text.Split('=', 2);
        return parts.Length < 2
            ? throw new InputException(
                $"--sweep '{text}' is not accepted; give a symbol of the scenario with values, as in util=0.3,0.6,0.9, or region."
            )
            : (parts[0].Trim(), ArgumentReader.List<double>("--sweep", parts[1], "numbers", Number));
    }

    private (double OutUsd, double InUsd, double InputRatio)? ReadApi(ParseResult parsed)
    {
        double ratio = Number(parsed.GetValue(_inputRatio)!) is double given and >= 0 and <= 1e6
            ? given
            : throw new InputException(
                $"--input-ratio '{parsed.GetValue(_inputRatio)}' is not accepted; give a number from 0 to 1000000."
            );
        if (parsed.GetValue(_apiPrice) is not string text)
        {
            return ratio > 0
                ? throw new InputException(
                    "--input-ratio needs --api-price OUT,IN; it is the input that an API's bill holds."
                )
                : null;
        }

        if (parsed.GetValue(_scenario) is null)
        {
            throw new InputException("--api-price needs --scenario; give rented, owned or a file.");
        }

        string[] parts = text.Split(',');
        double?[] prices = [.. parts.Select(Number)];
        if (prices.Length > 2 || prices.Any(price => price is not (> 0 and <= 1e6)))
        {
            throw new InputException(
                $"--api-price '{text}' is not accepted; give US dollars above 0 and at most 1000000 for a million output tokens and, behind a comma, input tokens."
            );
        }

        return prices.Length == 1 && ratio > 0
            ? throw new InputException("--input-ratio needs the API's price of input tokens, too: --api-price OUT,IN.")
            : (prices[0]!.Value, prices.Length == 2 ? prices[1]!.Value : 0, ratio);
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value)
            ? value
            : null;

    /// <summary>The scenario, with price and utilisation from the command line before its own; null where none is asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="device">The device's name in the hardware catalogue.</param>
    /// <param name="given">What the command line gives.</param>
    public Scenario? Read(ParseResult parsed, string? device, CostOptions given)
    {
        if (parsed.GetValue(_scenario) is not string name)
        {
            return null;
        }

        Scenario scenario = Named(name, device);
        CheckPrice(scenario, given.UsdPerHour is not null);
        return scenario with { Inputs = [.. scenario.Inputs.Select(input => Given(input, given))] };
    }

    /// <summary>Refuses a price of an hour where the scenario pays none.</summary>
    internal static void CheckPrice(Scenario scenario, bool isGiven)
    {
        if (isGiven && scenario.Ownership == Ownership.Owned)
        {
            throw new InputException(
                "--price-per-hour is a rent, and the scenario owns its devices; leave it out, or give gpu_price in a scenario file."
            );
        }
    }

    /// <summary>What is assumed of rented or owned hardware, or a user's file.</summary>
    public static Scenario Named(string name, string? device) =>
        name switch
        {
            _ when Names.Contains(name) => ScenarioReader.Parse($"{{name: {name}, ownership: {name}}}", name, device),
            _ when File.Exists(name) => ScenarioReader.Read(name, device),
            _ => throw new InputException(
                $"--scenario '{name}' {(Directory.Exists(name) ? "is a folder" : "does not exist")}; give {string.Join(", ", Names)} or a file{(NearestName.Of(name, Names) is string meant ? $"; did you mean {meant}?" : ".")}"
            ),
        };

    private static Economics.Equations.ModelInput Given(Economics.Equations.ModelInput input, CostOptions given)
    {
        Figure? figure = input.Symbol switch
        {
            "rent" => given.UsdPerHour,
            "util" => given.Utilization,
            _ => null,
        };
        return figure is null
            ? input
            : new Economics.Equations.ModelInput(
                input.Symbol,
                input.Name,
                input.Unit.Text,
                figure.Value,
                figure.Provenance
            );
    }
}
