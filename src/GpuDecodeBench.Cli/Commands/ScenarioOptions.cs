using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The options that turn a cost into one by layers.</summary>
internal sealed class ScenarioOptions
{
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

    private readonly Option<bool> _physics = new("--physics")
    {
        Description = "with --model and --gpu: bytes, intensity, energy and memory limits of the step",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_scenario, _newScenario, _draws, _seed, _physics])
        {
            command.Options.Add(option);
        }
    }

    public bool WantsTemplate(ParseResult parsed) => parsed.GetValue(_newScenario);

    public bool WantsPhysics(ParseResult parsed) => parsed.GetValue(_physics);

    public int Draws(ParseResult parsed) =>
        Math.Max(100, ArgumentReader.Counts("--draws", parsed.GetValue(_draws)!)[0]);

    public int Seed(ParseResult parsed) => (int)(ArgumentReader.Seed("--seed", parsed.GetValue(_seed)!) & int.MaxValue);

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

        Scenario scenario = name switch
        {
            "rented" or "owned" => ScenarioReader.Parse($"{{name: {name}, ownership: {name}}}", name, device),
            _ => ScenarioReader.Read(name, device),
        };
        return scenario with { Inputs = [.. scenario.Inputs.Select(input => Given(input, given))] };
    }

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
