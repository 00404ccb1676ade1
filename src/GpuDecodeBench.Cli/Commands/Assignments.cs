using System.Globalization;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>
/// Inputs that are given on the command line: <c>SYMBOL=VALUE</c>, or <c>SYMBOL=LOW/LIKELY/HIGH</c> where a value is uncertain. They are
/// held to the same rules as those of a scenario file.
/// </summary>
internal static class Assignments
{
    private const string Accepted = "SYMBOL=VALUE or SYMBOL=LOW/LIKELY/HIGH, as in tariff=0.08 or years=2/3/5";

    /// <summary>The inputs with those that were given in the place of the others.</summary>
    /// <param name="argument">The argument's name.</param>
    /// <param name="texts">What was given, an assignment each, or several with commas between them.</param>
    /// <param name="inputs">The inputs that may be given.</param>
    public static IReadOnlyList<ModelInput> Apply(
        string argument,
        IEnumerable<string> texts,
        IReadOnlyList<ModelInput> inputs
    )
    {
        Dictionary<string, ModelInput> given = Read(argument, texts, inputs)
            .ToDictionary(input => input.Symbol, StringComparer.Ordinal);
        return [.. inputs.Select(input => given.GetValueOrDefault(input.Symbol, input))];
    }

    /// <summary>The inputs that were given, alone.</summary>
    public static IReadOnlyList<ModelInput> Read(
        string argument,
        IEnumerable<string> texts,
        IEnumerable<ModelInput> known
    )
    {
        string[] parts = [.. texts.SelectMany(text => text.Split(','))];
        if (parts.Length == 0)
        {
            return [];
        }

        ModelInput[] inputs = [.. known];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string part in parts)
        {
            string symbol = part.Split('=')[0].Trim();
            if (!inputs.Any(input => input.Symbol == symbol))
            {
                throw new InputException(
                    $"{argument} '{part}' is not accepted; give {Accepted}, with one of {string.Join(", ", inputs.Select(input => input.Symbol))}."
                );
            }

            if (!seen.Add(symbol))
            {
                throw new InputException($"{argument} gives '{symbol}' twice.");
            }
        }

        string yaml = string.Join(", ", parts.Select(part => Yaml(argument, part)));
        return ScenarioReader.ReadValues($"{{{yaml}}}", argument, inputs);
    }

    /// <summary>One value, or three with strokes between them, as a scenario file would have it.</summary>
    private static string Yaml(string argument, string part)
    {
        string[] sides = part.Split('=', 2);
        string[] values = sides.Length == 2 ? [.. sides[1].Split('/').Select(value => value.Trim())] : [];
        if (values.Length is not (1 or 3) || !values.All(IsNumber))
        {
            throw new InputException($"{argument} '{part}' is not accepted; give {Accepted}.");
        }

        string symbol = sides[0].Trim();
        return values.Length == 1
            ? $"{symbol}: {values[0]}"
            : $"{symbol}: {{low: {values[0]}, likely: {values[1]}, high: {values[2]}}}";
    }

    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value);
}
