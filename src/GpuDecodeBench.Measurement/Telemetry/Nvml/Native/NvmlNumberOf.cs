namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>
/// Functions that give one number of a kind: <c>(device, kind, unsigned int *)</c>. The names are those of the library without
/// <c>nvmlDeviceGet</c>.
/// </summary>
internal enum NvmlNumberOf
{
    ClockInfo,
    MaxClockInfo,
    ApplicationsClock,
    DefaultApplicationsClock,
    Temperature,
    TemperatureThreshold,
    NvLinkState,
}
