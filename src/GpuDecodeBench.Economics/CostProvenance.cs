using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics;

/// <summary>Where a cost comes from, by where its inputs come from, and provenance in words.</summary>
public static class CostProvenance
{
    /// <summary>The provenance of a cost.</summary>
    internal static ProvenanceNote Of(Figure usdPerHour, Figure utilization, ProvenanceNote tokensPerSecond)
    {
        var assumed = new List<string>();
        AddAssumed(assumed, "price", usdPerHour.Provenance, UserFigure.IsGiven(usdPerHour));
        AddAssumed(assumed, "utilisation", utilization.Provenance, UserFigure.IsGiven(utilization));
        AddAssumed(assumed, "tokens per second", tokensPerSecond, isGiven: false);
        string names = string.Join("; ", assumed);
        return DerivedProvenance.Of([tokensPerSecond, usdPerHour.Provenance, utilization.Provenance], names, names);
    }

    /// <summary>A figure's provenance in words, for example <c>assumed: price list of 2026-01-30</c>.</summary>
    /// <param name="figure">The figure.</param>
    public static string Describe(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return UserFigure.IsGiven(figure) ? figure.Provenance.Source! : Describe(figure.Provenance);
    }

    /// <summary>A provenance in words, for example <c>extrapolated (8 of 32 layers measured)</c>.</summary>
    /// <param name="note">The provenance.</param>
    public static string Describe(ProvenanceNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        string text = NameOf(note.Kind);
        if ((note.Source ?? note.Reason) is string named)
        {
            // What the user gave is no assumption of this program.
            text = UserFigure.IsGiven(note) ? named : $"{text}: {named}";
        }

        // The detail of an assumed cost repeats its source.
        bool repeats = note.Source is string source && note.Detail?.Contains(source, StringComparison.Ordinal) == true;
        return note.Detail is null || repeats ? text : $"{text} ({note.Detail})";
    }

    /// <summary>The name of a kind, as run records write it.</summary>
    /// <param name="kind">The kind.</param>
    public static string NameOf(Provenance kind) =>
        kind switch
        {
            Provenance.Measured => "measured",
            Provenance.Derived => "derived",
            Provenance.Predicted => "predicted",
            Provenance.Extrapolated => "extrapolated",
            Provenance.Assumed => "assumed",
            _ => "unavailable",
        };

    private static void AddAssumed(List<string> assumed, string name, ProvenanceNote note, bool isGiven)
    {
        if (note.Kind == Provenance.Assumed && !isGiven)
        {
            assumed.Add($"{name} ({note.Source})");
        }
    }
}
