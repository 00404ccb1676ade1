using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>All that was read and measured of a device; what was not is null, and checks that need it are skipped.</summary>
public sealed record DoctorFacts
{
    /// <summary>What the driver says of the device.</summary>
    public required DeviceFacts Device { get; init; }

    /// <summary>What the catalogue says of a device of that name; null where it has none.</summary>
    public HardwareEntry? Catalogue { get; init; }

    /// <summary>What the management library says, read before any load; null without telemetry.</summary>
    public DeviceState? State { get; init; }

    /// <summary>What the management library says, read under load; null without telemetry or load.</summary>
    public DeviceState? StateUnderLoad { get; init; }

    /// <summary>Why there is no telemetry, as a code; null where there is.</summary>
    public string? NoTelemetryReason { get; init; }

    /// <summary>What the sensors can tell, and why not the rest; empty without telemetry.</summary>
    public IReadOnlyList<TelemetryCapability> Capabilities { get; init; } = [];

    /// <summary>The test of memory.</summary>
    public MemoryTestResult? Memory { get; init; }

    /// <summary>The ceilings.</summary>
    public DeviceCeilings? Ceilings { get; init; }

    /// <summary>Reading by working-set size, ascending.</summary>
    public IReadOnlyList<WorkingSetRate>? Sweep { get; init; }

    /// <summary>Copies between host and device.</summary>
    public IReadOnlyList<HostCopyRate>? Copies { get; init; }

    /// <summary>Seconds of repeated short kernels.</summary>
    public IReadOnlyList<double>? ShortKernelSeconds { get; init; }

    /// <summary>The load's phases.</summary>
    public IReadOnlyList<LoadObservation>? Load { get; init; }

    /// <summary>What the operating system counted before and after the load.</summary>
    public HostObservation? Host { get; init; }

    /// <summary>How far the wall clock moved against the monotonic one, in seconds; null where too little time passed to tell.</summary>
    public ClockObservation? Clock { get; init; }

    /// <summary>The process that measured, as the operating system numbers it.</summary>
    public long ProcessId { get; init; }

    /// <summary>Probes that did not come to a result, and why.</summary>
    public IReadOnlyDictionary<DoctorProbes, ProbeFailure> Failures { get; init; } =
        new Dictionary<DoctorProbes, ProbeFailure>();
}
