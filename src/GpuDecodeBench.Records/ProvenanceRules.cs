using System.Text.Json;

namespace GpuDecodeBench.Records;

/// <summary>The rules of provenance, in one place for the types that keep them and for the reader that explains them.</summary>
internal static class ProvenanceRules
{
    private static readonly (string Name, Provenance Kind)[] s_kinds =
    [
        .. Enum.GetValues<Provenance>().Select(kind => (JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), kind)),
    ];

    /// <summary>The names of the kinds, for messages.</summary>
    public static string Names { get; } = string.Join(", ", s_kinds.Select(pair => pair.Name));

    /// <summary>The kind of a name, exactly as records write it; null for any other text.</summary>
    public static Provenance? Parse(string text)
    {
        foreach ((string name, Provenance kind) in s_kinds)
        {
            if (string.Equals(text, name, StringComparison.Ordinal))
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>The broken rule of a note: the field at fault and the rest of the sentence; null where none is broken.</summary>
    public static (string Field, string Problem)? Check(Provenance kind, string? source, string? reason)
    {
        if (!Enum.IsDefined(kind))
        {
            return ("kind", $"is {(int)kind}, which is no kind of provenance.");
        }

        if (kind == Provenance.Assumed && string.IsNullOrWhiteSpace(source))
        {
            return ("source", "must name where an assumed figure comes from.");
        }

        if (kind == Provenance.Unavailable && string.IsNullOrWhiteSpace(reason))
        {
            return ("reason", "must give the code of why a figure is unavailable.");
        }

        return kind != Provenance.Unavailable && reason is not null
            ? ("reason", "belongs to unavailable figures only.")
            : null;
    }

    /// <summary>The broken rule of a figure: the rest of a sentence about its value; null where none is broken.</summary>
    public static string? Check(double? value, Provenance kind)
    {
        if (value is double number && !double.IsFinite(number))
        {
            return "must be a finite number.";
        }

        if (kind == Provenance.Unavailable)
        {
            return value is null
                ? null
                : "must be absent, because the figure's provenance says that it is unavailable.";
        }

        return value is null ? "is missing, but only an unavailable figure has no value." : null;
    }
}
