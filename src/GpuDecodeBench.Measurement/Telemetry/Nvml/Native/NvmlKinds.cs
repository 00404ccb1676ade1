namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>Numbers that nvml.h gives to kinds of things.</summary>
internal static class NvmlKinds
{
    /// <summary><c>NVML_CLOCK_SM</c>.</summary>
    public const uint CoreClock = 1;

    /// <summary><c>NVML_CLOCK_MEM</c>.</summary>
    public const uint MemoryClock = 2;

    /// <summary><c>NVML_TEMPERATURE_GPU</c>.</summary>
    public const uint CoreTemperature = 0;

    /// <summary><c>NVML_TEMPERATURE_THRESHOLD_SHUTDOWN</c>.</summary>
    public const uint ShutdownThreshold = 0;

    /// <summary><c>NVML_TEMPERATURE_THRESHOLD_SLOWDOWN</c>.</summary>
    public const uint SlowdownThreshold = 1;

    /// <summary><c>NVML_TEMPERATURE_THRESHOLD_MEM_MAX</c>.</summary>
    public const uint MemoryThreshold = 2;

    /// <summary><c>NVML_POWER_SCOPE_GPU</c>.</summary>
    public const uint GpuScope = 0;

    /// <summary><c>NVML_POWER_SCOPE_MODULE</c>.</summary>
    public const uint ModuleScope = 1;

    /// <summary><c>NVML_TOTAL_POWER_SAMPLES</c>.</summary>
    public const int GpuPowerSamples = 0;

    /// <summary><c>NVML_MODULE_POWER_SAMPLES</c>.</summary>
    public const int ModulePowerSamples = 7;

    /// <summary><c>NVML_MEMORY_ERROR_TYPE_CORRECTED</c>.</summary>
    public const uint CorrectedErrors = 0;

    /// <summary><c>NVML_MEMORY_ERROR_TYPE_UNCORRECTED</c>.</summary>
    public const uint UncorrectedErrors = 1;

    /// <summary><c>NVML_VOLATILE_ECC</c>: since the driver was loaded.</summary>
    public const uint ErrorsSinceLoad = 0;

    /// <summary><c>NVML_AGGREGATE_ECC</c>: of the device's life.</summary>
    public const uint ErrorsInAll = 1;

    /// <summary><c>NVML_NVLINK_MAX_LINKS</c>.</summary>
    public const uint MaximumLinks = 36;

    /// <summary><c>NVML_DEVICE_ARCH_VOLTA</c>.</summary>
    public const uint Volta = 5;

    /// <summary><c>NVML_DEVICE_ARCH_TURING</c>.</summary>
    public const uint Turing = 6;

    /// <summary><c>NVML_DEVICE_ARCH_AMPERE</c>.</summary>
    public const uint Ampere = 7;

    /// <summary><c>NVML_DEVICE_ARCH_UNKNOWN</c>.</summary>
    public const uint UnknownArchitecture = uint.MaxValue;
}
