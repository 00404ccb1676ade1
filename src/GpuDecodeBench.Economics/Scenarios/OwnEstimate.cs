using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>Figures that this program estimated itself, for want of a source that could be cited.</summary>
public static class OwnEstimate
{
    /// <summary>What the title of every such source begins with, in all data files.</summary>
    internal const string Title = "own estimate";

    /// <summary>Whether a figure is an own estimate.</summary>
    /// <param name="note">Where the figure comes from.</param>
    public static bool Is(ProvenanceNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        return note.Kind == Provenance.Assumed && note.Source?.StartsWith(Title, StringComparison.Ordinal) == true;
    }

    /// <summary>The rent that a cost rests on, where that is an own estimate; null where it is not, or hardware is owned.</summary>
    /// <param name="values">A cost by layers.</param>
    public static Figure? RentOf(Evaluation values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.DependsOn("usd_all", "rent") && values.Figure("rent") is var rent && Is(rent.Provenance)
            ? rent
            : null;
    }
}
