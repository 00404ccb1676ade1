namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>The answers of <c>librocm_smi64.so</c> (<c>rsmi_status_t</c>, rocm_smi/rocm_smi.h 7.3).</summary>
internal static class RocmSmiStatus
{
    /// <summary>What a number means.</summary>
    public static AmdStatus Of(uint status) =>
        status switch
        {
            0 => AmdStatus.Success,
            1 or 7 => AmdStatus.InvalidArgument,
            2 or 9 or 18 => AmdStatus.NotSupported,
            3 => AmdStatus.FileError,
            4 => AmdStatus.PermissionDenied,
            8 => AmdStatus.InitializationFailed,
            10 => AmdStatus.DeviceLost,
            11 or 13 or 15 => AmdStatus.UnexpectedData,
            12 or 16 => AmdStatus.Busy,
            14 => AmdStatus.NoData,
            _ => AmdStatus.Failed,
        };
}
