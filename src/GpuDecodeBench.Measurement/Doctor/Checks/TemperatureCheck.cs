using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>The device's temperature under load against where it slows down.</summary>
internal sealed class TemperatureCheck()
    : HighestTemperatureCheck(
        "temperature",
        "it stays cool under load",
        DoctorTargets.All,
        TelemetryQuantity.Temperature,
        "where clocks are lowered, as the device says"
    )
{
    protected override double? Of(TelemetrySample sample) => sample.TemperatureCelsius;

    protected override Reading<double> Threshold(ThermalState state) => state.SlowdownCelsius;
}
