using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The traffic of a day.</summary>
internal sealed class DemandOptions
{
    private readonly Option<string?> _output = CommandOptions.Text(
        "--tokens-per-day",
        "output tokens a day, for example 20e6",
        "N"
    );

    private readonly Option<string> _input = CommandOptions.Text(
        "--input-tokens-per-day",
        "input tokens a day; 0 where prefill is done elsewhere",
        "N",
        "0"
    );

    public void AddTo(Command command)
    {
        command.Options.Add(_output);
        command.Options.Add(_input);
    }

    /// <summary>The traffic; null where none was given.</summary>
    public TrafficDemand? Read(ParseResult parsed)
    {
        double input = DecisionOptions.Tokens("--input-tokens-per-day", parsed.GetValue(_input)!, allowsZero: true);
        if (parsed.GetValue(_output) is string text)
        {
            return new TrafficDemand(DecisionOptions.Tokens("--tokens-per-day", text, allowsZero: false), input);
        }

        return input > 0
            ? throw new InputException("--input-tokens-per-day needs --tokens-per-day, the output tokens of a day.")
            : null;
    }
}
