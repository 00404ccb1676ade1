namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>
/// The properties of a device that are asked for. Numbers: enum CUdevice_attribute,
/// https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html.
/// </summary>
internal enum CudaDeviceAttribute
{
    MaxThreadsPerBlock = 1,
    MaxSharedMemoryPerBlock = 8,
    WarpSize = 10,

    /// <summary>Peak clock of the multiprocessors in kHz.</summary>
    ClockRate = 13,
    MultiprocessorCount = 16,
    Integrated = 18,

    /// <summary>One of CUcomputemode: 0 default, 2 prohibited, 3 one process alone.</summary>
    ComputeMode = 20,
    EccEnabled = 32,

    /// <summary>Peak clock of the memory in kHz.</summary>
    MemoryClockRate = 36,

    /// <summary>Width of the memory bus in bits.</summary>
    GlobalMemoryBusWidth = 37,
    L2CacheSize = 38,
    MaxThreadsPerMultiprocessor = 39,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
    MaxSharedMemoryPerMultiprocessor = 81,
    MaxRegistersPerMultiprocessor = 82,
    MaxSharedMemoryPerBlockOptIn = 97,
    MaxBlocksPerMultiprocessor = 106,
    ReservedSharedMemoryPerBlock = 111,
}
