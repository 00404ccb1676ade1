using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>The memory's temperature under load against the highest that it should work at.</summary>
internal sealed class MemoryTemperatureCheck()
    : HighestTemperatureCheck(
        "temperature-memory",
        "its memory stays cool under load",
        DoctorTargets.Gpu,
        TelemetryQuantity.MemoryTemperature,
        "the memory's highest working temperature, as the device says"
    )
{
    protected override double? Of(TelemetrySample sample) => sample.MemoryTemperatureCelsius;

    protected override Reading<double> Threshold(ThermalState state) => state.MemoryMaximumCelsius;
}
