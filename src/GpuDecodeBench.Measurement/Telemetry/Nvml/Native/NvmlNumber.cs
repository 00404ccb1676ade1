namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>
/// Functions that give one number: <c>(device, unsigned int *)</c>. The names are those of the library without
/// <c>nvmlDeviceGet</c>.
/// </summary>
internal enum NvmlNumber
{
    PowerUsage,
    PowerManagementDefaultLimit,
    EnforcedPowerLimit,
    CurrPcieLinkGeneration,
    MaxPcieLinkGeneration,
    CurrPcieLinkWidth,
    MaxPcieLinkWidth,
    PcieReplayCounter,
    PersistenceMode,
    ComputeMode,
    MemoryBusWidth,
    Architecture,
}
