using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics;

/// <summary>Figures that the user gave, as run records hold them: assumed, with the user as their source.</summary>
public static class UserFigure
{
    /// <summary>The <see cref="Figure.Method"/> by which such a figure is known again.</summary>
    public const string Method = "user";

    private const string Given = "given by the user";

    /// <summary>A figure that the user gave.</summary>
    /// <param name="value">The value, in the unit of the field that holds the figure.</param>
    /// <param name="argument">The argument that it was given by, for example <c>--price-per-hour</c>.</param>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public static Figure Create(double value, string argument)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(argument);
        return Figure.Assumed(value, Note(argument).Source!, Method);
    }

    /// <summary>Where a value comes from that the user gave.</summary>
    /// <param name="argument">The argument, or the file, that it was given by, for example <c>--price-per-hour</c>.</param>
    public static ProvenanceNote Note(string argument) => ProvenanceNote.Assumed($"{Given} ({argument})");

    /// <summary>Whether a value is what the user gave.</summary>
    /// <param name="note">Where the value comes from.</param>
    public static bool IsGiven(ProvenanceNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        return note is { Kind: Provenance.Assumed, Source: string source }
            && source.StartsWith(Given, StringComparison.Ordinal)
            && !source.Contains(", else ", StringComparison.Ordinal);
    }

    /// <summary>Whether the user gave the figure, as a run record says it.</summary>
    /// <param name="figure">Any figure.</param>
    public static bool IsGiven(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Provenance.Kind == Provenance.Assumed && figure.Method == Method;
    }

    /// <summary>Whether a value is an assumption: assumed, and not what the user gave.</summary>
    /// <param name="note">Where the value comes from.</param>
    internal static bool IsAssumption(ProvenanceNote note) => note.Kind == Provenance.Assumed && !IsGiven(note);
}
