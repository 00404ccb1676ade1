using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Equations;

/// <summary>Where a computed value comes from, by what it was computed from.</summary>
internal static class DerivedProvenance
{
    private const string AssumedPrefix = "assumed inputs: ";

    /// <summary>
    /// The weakest of the inputs' kinds: predicted, then extrapolated, then assumed (naming what was assumed), else derived.
    /// </summary>
    public static ProvenanceNote Of(IEnumerable<(string Symbol, ProvenanceNote Note)> inputs)
    {
        (string Symbol, ProvenanceNote Note)[] all = [.. inputs];
        SortedSet<string> assumed = new(StringComparer.Ordinal);
        foreach ((string symbol, ProvenanceNote note) in all)
        {
            // What was computed from assumptions names them itself.
            if (note.Detail?.StartsWith(AssumedPrefix, StringComparison.Ordinal) == true)
            {
                assumed.UnionWith(note.Detail[AssumedPrefix.Length..].Split(", "));
            }
            else if (UserFigure.IsAssumption(note))
            {
                assumed.Add(symbol);
            }
        }

        return Of([.. all.Select(entry => entry.Note)], "computed from assumptions", string.Join(", ", assumed));
    }

    /// <summary>
    /// The rule of combination: predicted is weaker than extrapolated, that is weaker than assumed, and what is left is derived. What the
    /// user gave is no assumption and weakens nothing.
    /// </summary>
    /// <param name="inputs">Where the inputs come from.</param>
    /// <param name="source">The source of a value that rests on assumptions.</param>
    /// <param name="assumed">What was assumed, by name; empty where nothing was.</param>
    public static ProvenanceNote Of(IReadOnlyList<ProvenanceNote> inputs, string source, string assumed)
    {
        string? detail = assumed.Length == 0 ? null : AssumedPrefix + assumed;
        foreach (Provenance kind in (Provenance[])[Provenance.Predicted, Provenance.Extrapolated])
        {
            if (inputs.Any(input => input.Kind == kind))
            {
                return new ProvenanceNote(kind, detail: detail);
            }
        }

        return detail is null ? ProvenanceNote.Derived() : ProvenanceNote.Assumed(source, detail);
    }
}
