using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>Where one figure comes from. A note that breaks its rules cannot be made.</summary>
public sealed record ProvenanceNote
{
    /// <summary>A note; the factories say the same in fewer words.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="source">The source; required for <see cref="Provenance.Assumed"/>.</param>
    /// <param name="reason">The reason code; required for <see cref="Provenance.Unavailable"/>, and for it alone.</param>
    /// <param name="detail">Anything else worth saying.</param>
    /// <exception cref="ArgumentException">A rule is broken.</exception>
    [JsonConstructor]
    public ProvenanceNote(Provenance kind, string? source = null, string? reason = null, string? detail = null)
    {
        if (ProvenanceRules.Check(kind, source, reason) is (string field, string problem))
        {
            throw new ArgumentException($"{field} {problem}", field);
        }

        Kind = kind;
        Source = source;
        Reason = reason;
        Detail = detail;
    }

    /// <summary>The kind.</summary>
    public Provenance Kind { get; }

    /// <summary>The source; never blank for <see cref="Provenance.Assumed"/>.</summary>
    public string? Source { get; }

    /// <summary>The reason code; never blank for <see cref="Provenance.Unavailable"/>, null for every other kind.</summary>
    public string? Reason { get; }

    /// <summary>Anything else worth saying.</summary>
    public string? Detail { get; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }

    /// <summary>Observed in this run.</summary>
    public static ProvenanceNote Measured(string? detail = null) => new(Provenance.Measured, detail: detail);

    /// <summary>Arithmetic on measured figures.</summary>
    public static ProvenanceNote Derived(string? detail = null) => new(Provenance.Derived, detail: detail);

    /// <summary>Computed from the roofline.</summary>
    public static ProvenanceNote Predicted(string? detail = null) => new(Provenance.Predicted, detail: detail);

    /// <summary>Carried over from fewer layers or another size.</summary>
    public static ProvenanceNote Extrapolated(string? detail = null) => new(Provenance.Extrapolated, detail: detail);

    /// <summary>Taken from <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentException">The source is blank.</exception>
    public static ProvenanceNote Assumed(string source, string? detail = null) =>
        new(Provenance.Assumed, source: source, detail: detail);

    /// <summary>Not known, for the reason that the code <paramref name="reason"/> gives.</summary>
    /// <exception cref="ArgumentException">The reason is blank.</exception>
    public static ProvenanceNote Unavailable(string reason, string? detail = null) =>
        new(Provenance.Unavailable, reason: reason, detail: detail);
}
