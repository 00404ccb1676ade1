using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>An input that the user gives as numbers alone: one value, or the lowest, the likely and the highest.</summary>
public static class GivenInput
{
    /// <summary>How many numbers a range has.</summary>
    public const int RangeValues = 3;

    /// <summary>What is accepted, in words, where the values are not; null where they are.</summary>
    /// <param name="input">The input.</param>
    /// <param name="values">One value, or three that do not fall, in the input's unit.</param>
    public static string? WhyNot(ModelInput input, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(values);
        return values.Select(value => AcceptedRange.WhyNot(input.Symbol, value)).FirstOrDefault(why => why is not null)
            ?? (
                values.Zip(values.Skip(1)).Any(pair => pair.First > pair.Second)
                    ? "LOW/LIKELY/HIGH, which must not fall"
                    : null
            );
    }

    /// <summary>The input with what was given.</summary>
    /// <param name="input">The input.</param>
    /// <param name="values">What <see cref="WhyNot"/> accepts.</param>
    /// <param name="argument">The argument that it was given by.</param>
    /// <exception cref="ArgumentException">The values are not accepted, or are neither one nor three.</exception>
    public static ModelInput Of(ModelInput input, IReadOnlyList<double> values, string argument)
    {
        if (WhyNot(input, values) is string accepted)
        {
            throw new ArgumentException($"{input.Symbol} is {accepted}.", nameof(values));
        }

        return values switch
        {
            [double only] => At(only),
            [double low, double likely, double high] => At(likely) with { Low = low, High = high },
            _ => throw new ArgumentException("One value or three are required.", nameof(values)),
        };

        ModelInput At(double value) => new(input.Symbol, input.Name, input.Unit.Text, value, UserFigure.Note(argument));
    }
}
