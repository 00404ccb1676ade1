namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>A link to another device.</summary>
/// <param name="Index">Its number.</param>
/// <param name="IsActive">Whether it is up.</param>
/// <param name="BytesPerSecond">Its speed in one direction, in bytes per second.</param>
public sealed record LinkState(int Index, Reading<bool> IsActive, Reading<double> BytesPerSecond);
