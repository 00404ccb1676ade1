using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Equations;

/// <summary>Where a computed value comes from, by what it was computed from.</summary>
internal static class DerivedProvenance
{
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
            else if (note.Kind == Provenance.Assumed)
            {
                assumed.Add(symbol);
            }
        }

        foreach (Provenance kind in (Provenance[])[Provenance.Predicted, Provenance.Extrapolated])
        {
            if (all.Any(entry => entry.Note.Kind == kind))
            {
                return new ProvenanceNote(kind, detail: Names(assumed));
            }
        }

        return assumed.Count == 0
            ? ProvenanceNote.Derived()
            : ProvenanceNote.Assumed("computed from assumptions", Names(assumed));
    }

    private const string AssumedPrefix = "assumed inputs: ";

    private static string? Names(SortedSet<string> assumed) =>
        assumed.Count == 0 ? null : AssumedPrefix + string.Join(", ", assumed);
}
