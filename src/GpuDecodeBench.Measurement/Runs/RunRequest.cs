using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>What a run is asked to measure.</summary>
public sealed record RunRequest
{
    /// <summary>The model.</summary>
    public required ModelShape Model { get; init; }

    /// <summary>The points, in the order in which they are reported.</summary>
    public required IReadOnlyList<PointConditions> Points { get; init; }

    /// <summary>Layers to run; null for as many as memory allows.</summary>
    public int? Layers { get; init; }

    /// <summary>How thoroughly to measure.</summary>
    public required MeasurementPreset Preset { get; init; }

    /// <summary>The longest time to spend on samples, all points together, in seconds; null for the preset's own limit a point.</summary>
    public double? MaxSeconds { get; init; }

    /// <summary>The seed of all data.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Price and utilisation as the user gave them; null where not given.</summary>
    public PriceInfo? Price { get; init; }

    /// <summary>What an earlier run found of how the device's kernels are best launched; see <see cref="RunTuning.Of"/>.</summary>
    public IReadOnlyList<TuningEntry> Tuning { get; init; } = [];

    /// <summary>The device's sensors; null where there are none. It stays the caller's.</summary>
    public ITelemetrySource? Telemetry { get; init; }

    /// <summary>Tells what the host's processors do, for devices whose steps run on them; null where nobody is to look.</summary>
    public IHostReader? Host { get; init; }

    /// <summary>The clock of telemetry.</summary>
    public ITelemetryTime Time { get; init; } = new SystemTelemetryTime();

    /// <summary>The command line, for the record.</summary>
    public required string Command { get; init; }

    /// <summary>The program's name, version and commit.</summary>
    public required ToolInfo Tool { get; init; }
}
