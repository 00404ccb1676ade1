namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>The mean power of a load by one method, or why there is none.</summary>
/// <param name="Watts">The mean power, in watts; null where there is none.</param>
/// <param name="Readings">Readings of the sensor, or steps of the counter, that it rests on.</param>
/// <param name="ReasonCode">Why there is none, as a code; null where there is one.</param>
public sealed record EnergyEstimate(double? Watts, int Readings, string? ReasonCode)
{
    /// <summary>A mean power.</summary>
    public static EnergyEstimate Of(double watts, int readings) => new(watts, readings, null);

    /// <summary>None.</summary>
    public static EnergyEstimate None(string reasonCode, int readings = 0) => new(null, readings, reasonCode);
}
