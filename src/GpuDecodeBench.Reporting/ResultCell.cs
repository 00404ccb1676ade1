using System.Globalization;

namespace GpuDecodeBench.Reporting;

/// <summary>A cell: text for people, and the exact value for machines.</summary>
public sealed record ResultCell
{
    /// <summary>What stands where there is no value.</summary>
    public const string Dash = "–";

    private ResultCell(string text, string exact)
    {
        Text = text;
        Exact = exact;
    }

    /// <summary>The text for people.</summary>
    public string Text { get; }

    /// <summary>The exact value, culture-free; empty where there is none.</summary>
    public string Exact { get; }

    /// <summary>No value: a dash for people, nothing for machines.</summary>
    public static ResultCell None { get; } = new(Dash, "");

    /// <summary>Words.</summary>
    /// <param name="text">The words, for people and machines alike.</param>
    public static ResultCell Of(string text) => new(text, text);

    /// <summary>Words that people read otherwise than machines.</summary>
    /// <param name="text">For people.</param>
    /// <param name="exact">For machines.</param>
    public static ResultCell Of(string text, string exact) => new(text, exact);

    /// <summary>A count.</summary>
    /// <param name="value">The count.</param>
    public static ResultCell Of(long value) =>
        new(value.ToString("N0", CultureInfo.InvariantCulture), value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A count whose text is given, or a dash where there is none.</summary>
    /// <param name="value">The count; null where it is not known.</param>
    /// <param name="text">Makes the text.</param>
    public static ResultCell Of(long? value, Func<long, string> text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return value is long known ? new(text(known), known.ToString(CultureInfo.InvariantCulture)) : None;
    }

    /// <summary>A number in full precision with its text, or a dash where there is none. A number that is not finite is none.</summary>
    /// <param name="value">The number; null where it is not known.</param>
    /// <param name="text">Makes the text.</param>
    public static ResultCell Of(double? value, Func<double, string> text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return value is double known && double.IsFinite(known)
            ? new(text(known), known.ToString("R", CultureInfo.InvariantCulture))
            : None;
    }
}
