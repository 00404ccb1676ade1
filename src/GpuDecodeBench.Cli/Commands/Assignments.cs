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

        return
        [
            .. parts.Select(part =>
            {
                string[] sides = part.Split('=', 2);
                ModelInput input = inputs.Single(entry => entry.Symbol == sides[0].Trim());
                string wrong = $"{argument} '{part}' is not accepted; give";
                double[] values =
                    (sides.Length == 2 ? Values(sides[1]) : null) ?? throw new InputException($"{wrong} {Accepted}.");
                return GivenInput.WhyNot(input, values) is string accepted
                    ? throw new InputException($"{wrong} for {input.Symbol} ({input.Name}): {accepted}.")
                    : GivenInput.Of(input, values, argument);
            }),
        ];
    }

    /// <summary>One value, or three with strokes between them; null for anything else.</summary>
    public static double[]? Values(string text)
    {
        string[] parts = text.Split('/');
        double[] values =
        [
            .. parts
                .Select(part =>
                    double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                        ? value
                        : double.NaN
                )
                .Where(double.IsFinite),
        ];
        return values.Length == parts.Length && values.Length is 1 or GivenInput.RangeValues ? values : null;
    }
}
