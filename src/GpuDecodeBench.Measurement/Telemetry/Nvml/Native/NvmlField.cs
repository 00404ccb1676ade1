namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>
/// Numbers of <c>nvmlDeviceGetFieldValues</c> (<c>NVML_FI_DEV_…</c> of nvml.h,
/// https://docs.nvidia.com/deploy/nvml-api/group__nvmlFieldValueEnums.html).
/// </summary>
internal enum NvmlField : uint
{
    /// <summary>The memory's temperature, in °C.</summary>
    MemoryTemperature = 82,

    /// <summary>Energy since the driver was loaded, in mJ.</summary>
    TotalEnergy = 83,

    /// <summary>The speed of NVLink 0, in MB/s; links 1 to 5 follow.</summary>
    FirstLinkSpeed = 84,

    /// <summary>How many NVLinks the device has.</summary>
    LinkCount = 91,

    /// <summary>PCIe packets sent again.</summary>
    PcieReplays = 94,

    /// <summary>The speed of NVLink 6, in MB/s; links 7 to 11 follow.</summary>
    SeventhLinkSpeed = 132,

    /// <summary>The speed of the NVLink that the scope names, in MB/s.</summary>
    LinkSpeed = 164,

    /// <summary>Power averaged over a second, in mW, of the scope.</summary>
    PowerAverage = 185,

    /// <summary>Power now, in mW, of the scope.</summary>
    PowerInstant = 186,
}
