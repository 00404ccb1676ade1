namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>The answers of <c>libamd_smi.so</c> (<c>amdsmi_status_t</c>, amd_smi/amdsmi.h 26.1; the same numbers since 23.2).</summary>
internal static class AmdSmiStatus
{
    /// <summary>What a number means.</summary>
    public static AmdStatus Of(uint status) =>
        status switch
        {
            0 => AmdStatus.Success,
            1 or 17 or 53 => AmdStatus.InvalidArgument,
            2 or 3 or 55 => AmdStatus.NotSupported,
            4 or 5 or 18 => AmdStatus.InitializationFailed,
            8 => AmdStatus.Timeout,
            9 or 11 or 30 => AmdStatus.Busy,
            10 => AmdStatus.PermissionDenied,
            12 or 14 or 20 or 52 => AmdStatus.FileError,
            31 or 32 => AmdStatus.DeviceLost,
            34 => AmdStatus.DriverNotLoaded,
            40 => AmdStatus.NoData,
            41 or 42 or 43 or 56 => AmdStatus.UnexpectedData,
            _ => AmdStatus.Failed,
        };
}
