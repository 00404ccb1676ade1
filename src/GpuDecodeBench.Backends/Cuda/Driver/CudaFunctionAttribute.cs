namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>
/// Properties of a kernel. Numbers: enum CUfunction_attribute,
/// https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html.
/// </summary>
internal enum CudaFunctionAttribute
{
    MaxThreadsPerBlock = 0,

    /// <summary>Static shared memory in bytes.</summary>
    SharedBytes = 1,
    ConstBytes = 2,

    /// <summary>Local memory of one thread in bytes: spilled registers and arrays.</summary>
    LocalBytes = 3,
    RegistersPerThread = 4,

    /// <summary>May be set: the most dynamic shared memory a launch may ask for.</summary>
    MaxDynamicSharedBytes = 8,

    /// <summary>May be set: percent of the L1 cache kept as shared memory, -1 for the driver's own choice.</summary>
    PreferredSharedMemoryCarveout = 9,
}
