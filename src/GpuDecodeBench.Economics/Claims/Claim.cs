using System.Globalization;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>
/// A published figure: what a document says in our words, the inputs that it rests on, and the formula that leads from them to it.
/// </summary>
public sealed record Claim
{
    /// <summary>A computed value within this share of a claimed one is never called an error: printed inputs are rounded too.</summary>
    public const double SmallestTolerance = 0.005;

    /// <summary>The share by which a figure that its document calls approximate may be off.</summary>
    public const double ApproximateTolerance = 0.05;

    /// <summary>The document's key, a point, and a short name.</summary>
    public required string Id { get; init; }

    /// <summary>The document's key.</summary>
    public required string Document { get; init; }

    /// <summary>Where it stands: section or table and row.</summary>
    public required string Place { get; init; }

    /// <summary>What it says, paraphrased.</summary>
    public required string Statement { get; init; }

    /// <summary>The figure with the digits that are printed; the low end where a range is given.</summary>
    public required string Given { get; init; }

    /// <summary>The high end of a range; null where one figure is given.</summary>
    public string? To { get; init; }

    /// <summary>The unit of the figure.</summary>
    public required string Unit { get; init; }

    /// <summary>Whether the document calls the figure approximate.</summary>
    public bool Approximate { get; init; }

    /// <summary>The step that the figure is rounded to, where its digits do not show that (87,000); null where they do.</summary>
    public double? RoundedTo { get; init; }

    /// <summary>How the formula's value must stand to the figure: a document may state a bound, and a formula may be one.</summary>
    public ClaimComparison Computed { get; init; }

    /// <summary>The inputs.</summary>
    public IReadOnlyList<ClaimInput> Inputs { get; init; } = [];

    /// <summary>The formula that yields the figure from the inputs; null where none is known.</summary>
    public string? Formula { get; init; }

    /// <summary>Claims that it must be consistent with.</summary>
    public IReadOnlyList<ClaimRelation> ConsistentWith { get; init; } = [];

    /// <summary>Why it cannot be checked; null exactly where there is a formula.</summary>
    public string? NotCheckable { get; init; }

    /// <summary>An editor's note. It never has a part in the verdict.</summary>
    public string? Remark { get; init; }

    /// <summary>The figure, or the low end of its range.</summary>
    public double Low => Parse(Given);

    /// <summary>The figure, or the high end of its range.</summary>
    public double High => To is null ? Low : Parse(To);

    /// <summary>The lowest value that is taken for the figure.</summary>
    public double AcceptedLow => Low - Tolerance(Given);

    /// <summary>The highest value that is taken for the figure.</summary>
    public double AcceptedHigh => High + Tolerance(To ?? Given);

    /// <summary>The figure without its unit, for people.</summary>
    public string GivenNumber => Sign + Number;

    /// <summary>The figure with its unit, for people.</summary>
    public string GivenText =>
        Unit switch
        {
            "1" => Sign + Number,
            _ when Unit[0] == '$' => $"{Sign}${Number}{Unit[1..]}",
            _ => $"{Sign}{Number} {Unit}",
        };

    private string Sign => Approximate ? "~" : string.Empty;

    private string Number => To is null ? Digits(Given) : $"{Digits(Given)}–{Digits(To)}";

    /// <summary>Whether a computed value, in the claim's unit, agrees with the figure within its rounding.</summary>
    /// <param name="value">The value.</param>
    public bool Agrees(double value) =>
        Computed switch
        {
            ClaimComparison.AtLeast => value >= AcceptedLow,
            ClaimComparison.AtMost => value <= AcceptedHigh,
            _ => value >= AcceptedLow && value <= AcceptedHigh,
        };

    /// <summary>A value over the figure; of a range, over its nearest part.</summary>
    /// <param name="value">The value, in the claim's unit.</param>
    public double RatioOf(double value) => value / Math.Clamp(value, Low, High);

    /// <summary>Reads a printed number.</summary>
    internal static bool TryParse(string text, out double value) =>
        double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out value
        );

    /// <summary>Half the step of the last printed digit, or the least share where that is more.</summary>
    private double Tolerance(string text)
    {
        double value = Math.Abs(Parse(text));
        double step = RoundedTo ?? LastDigit(text);
        return Math.Max(step / 2, value * (Approximate ? ApproximateTolerance : SmallestTolerance));
    }

    private static double LastDigit(string text)
    {
        string[] parts = text.Split('e', 'E');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        int decimals = point < 0 ? 0 : parts[0].Length - point - 1;
        int exponent = parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        return Math.Pow(10, exponent - decimals);
    }

    /// <summary>Whole numbers with their thousands set apart, others as printed.</summary>
    private static string Digits(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            ? whole.ToString("N0", CultureInfo.InvariantCulture)
            : text;

    private static double Parse(string text) =>
        TryParse(text, out double value) ? value : throw new FormatException($"'{text}' is no number.");
}
