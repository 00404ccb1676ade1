namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>A value of a sensor's own buffer.</summary>
/// <param name="Seconds">When the sensor took it, in seconds of <see cref="TelemetryClock"/>.</param>
/// <param name="Watts">Power, in watts.</param>
public readonly record struct PowerSample(double Seconds, double Watts);
