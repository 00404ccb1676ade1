using System.Text.Json;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Energy;
using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>Makes what a run's record says of telemetry, its device and its environment.</summary>
internal static class RunTelemetryRecord
{
    /// <summary>Adds it to a record.</summary>
    public static RunRecord AddTo(
        RunRecord record,
        RunTelemetry telemetry,
        ITelemetrySource source,
        TelemetryRecorder recorder
    )
    {
        DeviceState state = telemetry.State ?? new DeviceState();
        return record with
        {
            Telemetry = new TelemetryRecord
            {
                Source = source.Name,
                Description = source.Description,
                Quantities = [.. source.Capabilities.Select(Quantity)],
                IdleWatts = telemetry.IdleEnergy.Watts is double watts
                    ? Figure.Measured(watts, "the device opened, nothing running, before the run")
                    : Figure.Unavailable(telemetry.IdleEnergy.ReasonCode!),
                Sensor = Sensor(telemetry),
                State = State(state),
                CostShare = recorder.CostShare,
                FailedReads = recorder.Failures,
                DroppedSamples = recorder.Dropped,
                TraceFile = record.Telemetry?.TraceFile,
            },
            Device = record.Device with
            {
                Clocks = Clocks(record.Device.Clocks, state),
                Limits =
                    record.Device.Limits
                    ?? (
                        state.PowerLimits.EnforcedWatts.TryGet(out double limit)
                            ? new DeviceLimits { PowerLimitWatts = limit }
                            : null
                    ),
            },
            Environment = record.Environment with
            {
                Driver = record.Environment.Driver ?? state.DriverVersion.OrElse(null),
            },
        };
    }

    private static TelemetryQuantityRecord Quantity(TelemetryCapability capability) =>
        new()
        {
            Quantity = JsonNamingPolicy.CamelCase.ConvertName(capability.Quantity.ToString()),
            Method = capability.Method,
            Reason = capability.ReasonCode,
            Detail = capability.Detail,
        };

    private static SensorRecord Sensor(RunTelemetry telemetry)
    {
        SensorBehaviour behaviour = telemetry.Behaviour;
        Figure Told(double? value, bool isMeasured)
        {
            if (value is not double known)
            {
                return Figure.Unavailable("notKnown", behaviour.Origin);
            }

            return isMeasured ? Figure.Measured(known, behaviour.Origin) : Figure.Assumed(known, behaviour.Origin);
        }

        return new SensorRecord
        {
            UpdateSeconds = Told(behaviour.UpdateSeconds, behaviour.IsMeasured),
            InstantWindowSeconds = Told(behaviour.InstantWindowSeconds, telemetry.Probe?.Instant is not null),
            AverageWindowSeconds = Told(behaviour.AverageWindowSeconds, telemetry.Probe?.Average is not null),
            LagSeconds = Told(behaviour.LagSeconds, behaviour.IsMeasured),
            DutyCycleCounterOverIntegrated = telemetry.Probe?.CounterOverIntegrated is double ratio
                ? Figure.Derived(ratio, "a load that went on and off at random")
                : Figure.Unavailable("notMeasured"),
        };
    }

    private static ClockInfo? Clocks(ClockInfo? known, DeviceState state)
    {
        double? memory = Optional(state.Clocks.MemoryMaximumHz);
        double? core = Optional(state.Clocks.CoreMaximumHz);
        int? width = Optional(state.MemoryBusWidthBits);
        if (known is not null || (memory is null && core is null && width is null))
        {
            return known;
        }

        return new ClockInfo
        {
            MemoryClockHz = memory,
            CoreClockHz = core,
            MemoryBusWidthBits = width,
            ClockBandwidthBytesPerSecond =
                memory is double hertz && width is int bits ? ClockInfo.BandwidthOf(hertz, bits) : null,
        };
    }

    private static DeviceStateRecord State(DeviceState state)
    {
        var missing = new List<MissingReading>();
        T? Take<T>(string field, Reading<T> reading)
            where T : struct
        {
            Note(missing, field, reading.ReasonCode, reading.Detail);
            return Optional(reading);
        }

        string? Text(string field, Reading<string> reading)
        {
            Note(missing, field, reading.ReasonCode, reading.Detail);
            return reading.OrElse(null);
        }

        Note(missing, "processes", state.Processes.ReasonCode, state.Processes.Detail);
        return new DeviceStateRecord
        {
            Uuid = Text("uuid", state.Uuid),
            DriverVersion = Text("driverVersion", state.DriverVersion),
            RuntimeVersion = Text("runtimeVersion", state.RuntimeVersion),
            DefaultPowerLimitWatts = Take("defaultPowerLimitWatts", state.PowerLimits.DefaultWatts),
            EnforcedPowerLimitWatts = Take("enforcedPowerLimitWatts", state.PowerLimits.EnforcedWatts),
            MinimumPowerLimitWatts = Take("minimumPowerLimitWatts", state.PowerLimits.MinimumWatts),
            MaximumPowerLimitWatts = Take("maximumPowerLimitWatts", state.PowerLimits.MaximumWatts),
            DefaultCoreClockHz = Take("defaultCoreClockHz", state.Clocks.CoreDefaultHz),
            ApplicationCoreClockHz = Take("applicationCoreClockHz", state.Clocks.CoreApplicationHz),
            MaximumCoreClockHz = Take("maximumCoreClockHz", state.Clocks.CoreMaximumHz),
            MaximumMemoryClockHz = Take("maximumMemoryClockHz", state.Clocks.MemoryMaximumHz),
            SlowdownCelsius = Take("slowdownCelsius", state.Thermal.SlowdownCelsius),
            EccEnabled = Take("eccEnabled", state.MemoryErrors.IsEccEnabled),
            UncorrectedErrors = Take("uncorrectedErrors", state.MemoryErrors.UncorrectedInAll),
            Partitioned = Take("partitioned", state.IsPartitioned),
            Persistence = Take("persistence", state.Persistence),
            ComputeMode = Text("computeMode", state.ComputeMode),
            Processes = state.Processes.OrElse(null)?.Count,
            Unavailable = missing,
        };
    }

    private static void Note(List<MissingReading> missing, string field, string? reason, string? detail)
    {
        if (reason is not null)
        {
            missing.Add(
                new MissingReading
                {
                    Field = field,
                    Reason = reason,
                    Detail = detail,
                }
            );
        }
    }

    private static T? Optional<T>(Reading<T> reading)
        where T : struct => reading.TryGet(out T value) ? value : null;
}
