using System.Globalization;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Cli.Arguments;

/// <summary>
/// Reads argument values. Every refusal is one sentence that names the argument, the value and what is accepted.
/// </summary>
public static class ArgumentReader
{
    /// <summary>The most points that a grid may have: a day of measuring, and a sign of a slip of the finger beyond it.</summary>
    public const int LargestGrid = 4096;

    /// <summary>A comma-separated list with no empty and no repeated entry.</summary>
    /// <param name="argument">The argument's name.</param>
    /// <param name="text">What was given.</param>
    /// <param name="accepted">What an entry may be, for the message.</param>
    /// <param name="parse">Reads an entry; null where it is not accepted.</param>
    public static IReadOnlyList<T> List<T>(string argument, string text, string accepted, Func<string, T?> parse)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(parse);
        var values = new List<T>();
        foreach (string entry in text.Split(','))
        {
            string trimmed = entry.Trim();
            if (trimmed.Length == 0)
            {
                throw new InputException(
                    text.Trim().Length == 0
                        ? $"{argument} is empty; give {accepted}, several with commas between them."
                        : $"{argument} '{text}' has an empty entry; give {accepted}, several with commas between them."
                );
            }

            T value =
                parse(trimmed) ?? throw new InputException($"{argument} '{trimmed}' is not accepted; give {accepted}.");
            if (values.Contains(value))
            {
                throw new InputException($"{argument} names '{trimmed}' twice; each entry is measured once.");
            }

            values.Add(value);
        }

        return values;
    }

    /// <summary>Weight formats.</summary>
    public static IReadOnlyList<WeightFormat> Weights(string argument, string text) =>
        List<WeightFormat>(
            argument,
            text,
            FormatNames.WeightNames,
            entry => FormatNames.TryParseWeightFormat(entry, out WeightFormat format) ? format : null
        );

    /// <summary>KV formats.</summary>
    public static IReadOnlyList<KvFormat> KvFormats(string argument, string text) =>
        List<KvFormat>(
            argument,
            text,
            FormatNames.KvNames,
            entry => FormatNames.TryParseKvFormat(entry, out KvFormat format) ? format : null
        );

    /// <summary>Whole numbers from 1.</summary>
    public static IReadOnlyList<int> Counts(string argument, string text) =>
        List<int>(argument, text, "whole numbers from 1", entry => ParseCount(entry));

    /// <summary>One whole number from 1, or null for <c>auto</c>.</summary>
    public static int? CountOrAuto(string argument, string text)
    {
        if (string.Equals(text, "auto", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return ParseCount(text)
            ?? throw new InputException($"{argument} '{text}' is not accepted; give a whole number from 1, or auto.");
    }

    /// <summary>One whole number from 1 to a largest one.</summary>
    public static int Count(string argument, string text, int largest) =>
        ParseCount(text) is int count && count <= largest
            ? count
            : throw new InputException(
                $"{argument} '{text}' is not accepted; give a whole number from 1 to {largest}."
            );

    /// <summary>A number above zero.</summary>
    /// <param name="argument">The argument's name.</param>
    /// <param name="text">What was given.</param>
    /// <param name="largest">The largest value accepted.</param>
    /// <param name="unit">What it counts, for the message.</param>
    public static double Positive(string argument, string text, double largest, string unit)
    {
        bool parsed = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        return parsed && value > 0 && value <= largest
            ? value
            : throw new InputException(
                $"{argument} '{text}' is not accepted; give a number of {unit} above 0, at most {largest.ToString(CultureInfo.InvariantCulture)}."
            );
    }

    /// <summary>A number between two.</summary>
    /// <param name="argument">The argument's name.</param>
    /// <param name="text">What was given.</param>
    /// <param name="smallest">The smallest value accepted.</param>
    /// <param name="largest">The largest value accepted.</param>
    /// <param name="unit">What it counts, for the message.</param>
    public static double Between(string argument, string text, double smallest, double largest, string unit) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && value >= smallest
        && value <= largest
            ? value
            : throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{argument} '{text}' is not accepted; give a number of {unit} from {smallest} to {largest}."
                )
            );

    /// <summary>A share of a whole.</summary>
    /// <param name="argument">The argument's name.</param>
    /// <param name="text">What was given.</param>
    public static double Share(string argument, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && value is > 0 and <= 1
            ? value
            : throw new InputException(
                $"{argument} '{text}' is not accepted; give a share above 0 and at most 1, for example 0.5."
            );

    /// <summary>A seed.</summary>
    public static ulong Seed(string argument, string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw new InputException(
                $"{argument} '{text}' is not accepted; give a whole number from 0 to {ulong.MaxValue}."
            );

    /// <summary>One of some names.</summary>
    public static T Choice<T>(string argument, string text, IReadOnlyList<T> choices, Func<T, string> name)
    {
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(name);
        foreach (T choice in choices)
        {
            if (string.Equals(name(choice), text, StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        throw new InputException(
            $"{argument} '{text}' is not accepted; give {string.Join(", ", choices.Select(name))}."
        );
    }

    private static int? ParseCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 ? value : null;
}
