using System.CommandLine;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>Options that several commands have. Values are text; <see cref="ArgumentReader"/> reads and refuses them.</summary>
internal static class CommandOptions
{
    public static Option<string?> Text(string name, string description, string valueName) =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            Arity = ArgumentArity.ExactlyOne,
        };

    public static Option<string> Text(string name, string description, string valueName, string defaultValue) =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            Arity = ArgumentArity.ExactlyOne,
            DefaultValueFactory = _ => defaultValue,
        };

    public static Option<string> Format()
    {
        Option<string> option = Text("-o", "how to print the result: table, json, jsonl, csv or md", "FORMAT", "table");
        option.Aliases.Add("--output");
        return option;
    }

    public static OutputFormat ReadFormat(ParseResult parsed, Option<string> option) =>
        ArgumentReader.Choice(
            "-o",
            parsed.GetValue(option)!,
            Enum.GetValues<OutputFormat>(),
            format => format.ToString().ToLowerInvariant()
        );

    /// <summary>The format of a result that can be explained. A derivation stands in notes, and CSV and JSON Lines are rows alone.</summary>
    /// <exception cref="InputException">A derivation is asked for where there is no place for it.</exception>
    public static OutputFormat ReadFormat(ParseResult parsed, Option<string> option, Option<bool> explain)
    {
        OutputFormat format = ReadFormat(parsed, option);
        return parsed.GetValue(explain) && format is OutputFormat.Csv or OutputFormat.Jsonl
            ? throw new InputException(
                $"--explain has no effect with -o '{parsed.GetValue(option)}', which is rows alone; give -o table, json or md."
            )
            : format;
    }

    /// <summary>Devices of the catalogue by their names, with commas between them.</summary>
    /// <param name="argument">The argument, for messages.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="InputException">A name is not in the catalogue, or names a device that another one named.</exception>
    public static IReadOnlyList<HardwareEntry> ReadHardware(string argument, string text)
    {
        HardwareEntry[] hardware = [.. text.Split(',').Select(HardwareCatalogue.Find)];
        return hardware.GroupBy(entry => entry.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new InputException($"{argument} '{text}' names {twice.Key} twice; give each once.")
            : hardware;
    }

    public static Option<string?> Price() =>
        Text("--price-per-hour", "what the device costs in US dollars an hour", "USD");

    public static Option<string?> Utilization() =>
        Text("--utilization", "the share of the paid time in which tokens are made, above 0 to 1", "SHARE");

    /// <summary>The price in US dollars an hour; null where none was given.</summary>
    public static double? ReadPrice(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is string text
            ? ArgumentReader.Positive("--price-per-hour", text, 1e6, "US dollars")
            : null;

    /// <summary>The utilisation; null where none was given.</summary>
    public static double? ReadUtilization(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is string text ? ArgumentReader.Share("--utilization", text) : null;
}
