namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>The file of known sensors; its <c>about</c> says what each field means.</summary>
internal sealed record SensorFile(
    IReadOnlyList<string> About,
    IReadOnlyList<SensorEntry> Sensors,
    MemoryEnergyEntry MemoryEnergy
);
