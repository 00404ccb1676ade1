namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>
/// Functions that give two numbers: <c>(device, unsigned int *, unsigned int *)</c>. The names are those of the library without
/// <c>nvmlDeviceGet</c>.
/// </summary>
internal enum NvmlPair
{
    PowerManagementLimitConstraints,
    EccMode,
    MigMode,
    CudaComputeCapability,
}
