using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>Where a figure comes from.</summary>
public enum Provenance
{
    /// <summary>Observed in this run.</summary>
    [JsonStringEnumMemberName("measured")]
    Measured,

    /// <summary>Arithmetic on measured figures.</summary>
    [JsonStringEnumMemberName("derived")]
    Derived,

    /// <summary>Computed from the roofline; nothing was executed.</summary>
    [JsonStringEnumMemberName("predicted")]
    Predicted,

    /// <summary>Carried over from fewer layers or from another size that was measured.</summary>
    [JsonStringEnumMemberName("extrapolated")]
    Extrapolated,

    /// <summary>Taken from a source that the figure names.</summary>
    [JsonStringEnumMemberName("assumed")]
    Assumed,

    /// <summary>Not known; a reason code says why.</summary>
    [JsonStringEnumMemberName("unavailable")]
    Unavailable,
}
