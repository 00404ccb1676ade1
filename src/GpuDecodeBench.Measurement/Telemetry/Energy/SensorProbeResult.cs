namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>What a <see cref="SensorProbe"/> found.</summary>
/// <param name="Behaviour">The behaviour: measured where the sensor's answers could be explained, else as it was assumed.</param>
/// <param name="Instant">The fit of the instant value; null where there is none.</param>
/// <param name="Average">The fit of the average value; null where there is none.</param>
/// <param name="CounterOverIntegrated">Energy by the counter over that by readings under this load; null where one is missing.</param>
public sealed record SensorProbeResult(
    SensorBehaviour Behaviour,
    SensorFit? Instant,
    SensorFit? Average,
    double? CounterOverIntegrated
);
