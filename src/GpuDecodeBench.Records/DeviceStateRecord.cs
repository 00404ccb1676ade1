using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>What a device said of itself before a run. Null means not told, never zero; <see cref="Unavailable"/> says why.</summary>
public sealed record DeviceStateRecord
{
    /// <summary>Its unique identity.</summary>
    public string? Uuid { get; init; }

    /// <summary>The driver's version.</summary>
    public string? DriverVersion { get; init; }

    /// <summary>The newest CUDA or ROCm version that the driver supports.</summary>
    public string? RuntimeVersion { get; init; }

    /// <summary>The power limit that the device comes with, in watts.</summary>
    public double? DefaultPowerLimitWatts { get; init; }

    /// <summary>The power limit in force, in watts.</summary>
    public double? EnforcedPowerLimitWatts { get; init; }

    /// <summary>The lowest limit that can be set, in watts.</summary>
    public double? MinimumPowerLimitWatts { get; init; }

    /// <summary>The highest limit that can be set, in watts.</summary>
    public double? MaximumPowerLimitWatts { get; init; }

    /// <summary>The clock that the cores get unless somebody sets another, in Hz.</summary>
    public double? DefaultCoreClockHz { get; init; }

    /// <summary>The clock that the cores were given, in Hz.</summary>
    public double? ApplicationCoreClockHz { get; init; }

    /// <summary>The highest clock of the cores, in Hz.</summary>
    public double? MaximumCoreClockHz { get; init; }

    /// <summary>The highest clock of the memory, in Hz.</summary>
    public double? MaximumMemoryClockHz { get; init; }

    /// <summary>The temperature at which clocks are lowered, in °C.</summary>
    public double? SlowdownCelsius { get; init; }

    /// <summary>Whether memory errors are corrected.</summary>
    public bool? EccEnabled { get; init; }

    /// <summary>Memory errors of the device's life that could not be corrected.</summary>
    public long? UncorrectedErrors { get; init; }

    /// <summary>Whether the device is cut into instances, or is one of them.</summary>
    public bool? Partitioned { get; init; }

    /// <summary>Whether the driver stays loaded without users.</summary>
    public bool? Persistence { get; init; }

    /// <summary>Who may compute: <c>default</c>, <c>exclusiveProcess</c> or <c>prohibited</c>.</summary>
    public string? ComputeMode { get; init; }

    /// <summary>Processes on the device, this one among them where the driver shows it.</summary>
    public int? Processes { get; init; }

    /// <summary>Why fields are null.</summary>
    public required IReadOnlyList<MissingReading> Unavailable { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
