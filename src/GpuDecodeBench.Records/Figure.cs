using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>
/// A number with where it comes from. It has a value if and only if it is not unavailable, and the value is finite; a figure
/// that breaks these rules cannot be made. The unit stands in the name of the field that holds it.
/// </summary>
public sealed record Figure
{
    /// <summary>A figure; the factories say the same in fewer words.</summary>
    /// <param name="value">The value, in the unit of the field that holds the figure; null exactly where unavailable.</param>
    /// <param name="provenance">Where it comes from.</param>
    /// <param name="method">How it was obtained, for example <c>nvml.totalEnergy</c>.</param>
    /// <exception cref="ArgumentException">A rule is broken.</exception>
    [JsonConstructor]
    public Figure(double? value, ProvenanceNote provenance, string? method = null)
    {
        ArgumentNullException.ThrowIfNull(provenance);
        if (ProvenanceRules.Check(value, provenance.Kind) is string problem)
        {
            throw new ArgumentException($"The value {problem}", nameof(value));
        }

        Value = value;
        Provenance = provenance;
        Method = method;
    }

    /// <summary>The value, in the unit of the field that holds the figure; null exactly where unavailable.</summary>
    public double? Value { get; }

    /// <summary>Where it comes from.</summary>
    public ProvenanceNote Provenance { get; }

    /// <summary>How it was obtained, for example <c>nvml.totalEnergy</c>.</summary>
    public string? Method { get; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }

    /// <summary>A figure observed in this run.</summary>
    public static Figure Measured(double value, string? method = null) => new(value, ProvenanceNote.Measured(), method);

    /// <summary>A figure computed from measured ones.</summary>
    public static Figure Derived(double value, string? method = null) => new(value, ProvenanceNote.Derived(), method);

    /// <summary>A figure computed from the roofline.</summary>
    public static Figure Predicted(double value, string? method = null) =>
        new(value, ProvenanceNote.Predicted(), method);

    /// <summary>A figure carried over from fewer layers or another size.</summary>
    public static Figure Extrapolated(double value, string? method = null) =>
        new(value, ProvenanceNote.Extrapolated(), method);

    /// <summary>A figure taken from <paramref name="source"/>.</summary>
    public static Figure Assumed(double value, string source, string? method = null) =>
        new(value, ProvenanceNote.Assumed(source), method);

    /// <summary>A figure that is not known, for the reason that the code <paramref name="reason"/> gives.</summary>
    public static Figure Unavailable(string reason, string? detail = null, string? method = null) =>
        new(null, ProvenanceNote.Unavailable(reason, detail), method);
}
