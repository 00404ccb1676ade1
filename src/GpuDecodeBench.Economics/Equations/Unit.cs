using System.Globalization;

namespace GpuDecodeBench.Economics.Equations;

/// <summary>
/// A unit: its text, its dimension, and what one of it is in base units (second, joule, dollar, byte, token, floating-point
/// operation, device). See <see cref="UnitParser"/> for the texts.
/// </summary>
/// <param name="Text">The text, for example <c>$/Mtok</c>, <c>pJ/bit</c>, <c>GB/s</c>; <c>1</c> for plain numbers.</param>
/// <param name="Dimension">Its dimension.</param>
/// <param name="Scale">One of it in base units.</param>
public sealed record Unit(string Text, Dimension Dimension, double Scale)
{
    private const int Digits = 4;
    private const int MostGivenDigits = 7;

    /// <summary>The unit of plain numbers.</summary>
    public static Unit One { get; } = new("1", Dimension.None, 1);

    /// <summary>The unit that a text names.</summary>
    /// <exception cref="FormatException">It names none.</exception>
    public static Unit Parse(string text) => UnitParser.Parse(text);

    /// <summary>A value in base units, in this unit.</summary>
    public double FromBase(double value) => value / Scale;

    /// <summary>A value in this unit, in base units.</summary>
    public double ToBase(double value) => value * Scale;

    /// <summary>
    /// A value in base units, written in this unit for people: <c>$2.34/h</c>, <c>65.0 %</c>, <c>3.90 pJ/bit</c>.
    /// </summary>
    /// <param name="value">The value in base units.</param>
    /// <param name="digits">Significant digits.</param>
    public string Format(double value, int digits = Digits)
    {
        double here = FromBase(value);
        if (!double.IsFinite(here))
        {
            return double.IsNaN(here) ? "unknown" : "infinite";
        }

        string number = Trimmed(SignificantDigits.Format(Math.Abs(here), digits), Math.Abs(here));
        string sign = here < 0 ? "−" : string.Empty;
        return Text switch
        {
            "1" => sign + number,
            _ when Text[0] == '$' => $"{sign}${number}{Text[1..]}",
            _ => $"{sign}{number} {Text}",
        };
    }

    /// <summary>
    /// A given value, written as <see cref="Format"/> does it, but with all its digits where they are few: 226.75, not 226.8, so that
    /// what is printed can be worked out again.
    /// </summary>
    /// <param name="value">The value in base units.</param>
    public string FormatGiven(double value)
    {
        double here = Math.Abs(FromBase(value));
        for (int digits = Digits; double.IsFinite(here) && digits <= MostGivenDigits; digits++)
        {
            if (IsExact(SignificantDigits.Format(here, digits), here))
            {
                return Format(value, digits);
            }
        }

        return Format(value);
    }

    /// <summary>The text.</summary>
    public override string ToString() => Text;

    /// <summary>Without zeros at the end where the number is exact as it stands: a given 0.08 is not 0.08000.</summary>
    private static string Trimmed(string number, double value)
    {
        bool isExact = number.Contains('.', StringComparison.Ordinal) && IsExact(number, value);
        return isExact ? number.TrimEnd('0').TrimEnd('.') : number;
    }

    private static bool IsExact(string number, double value) =>
        !number.Contains('e', StringComparison.Ordinal)
        && Math.Abs(double.Parse(number, NumberStyles.Number, CultureInfo.InvariantCulture) - value) <= 1e-12 * value;
}
