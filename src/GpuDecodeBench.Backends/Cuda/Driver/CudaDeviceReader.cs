namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>Reads what the driver says of its devices.</summary>
internal static class CudaDeviceReader
{
    /// <summary>CU_COMPUTEMODE_PROHIBITED of https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html.</summary>
    private const int Prohibited = 2;

    private const int UuidBytes = 16;

    /// <summary>Reads every device; the code of the first call that failed for what cannot be done without.</summary>
    public static CudaResult ReadAll(ICudaDriver driver, List<CudaDeviceInfo> devices)
    {
        CudaResult result = driver.DeviceGetCount(out int count);
        for (int ordinal = 0; ordinal < count && result == CudaResult.Success; ordinal++)
        {
            result = driver.DeviceGet(ordinal, out int device);
            if (result == CudaResult.Success)
            {
                result = Read(driver, ordinal, device, out CudaDeviceInfo? info);
                if (info is not null)
                {
                    devices.Add(info);
                }
            }
        }

        return result;
    }

    private static CudaResult Read(ICudaDriver driver, int ordinal, int device, out CudaDeviceInfo? info)
    {
        info = null;
        CudaResult result = driver.DeviceGetName(device, out string name);
        if (result == CudaResult.Success)
        {
            result = driver.DeviceTotalMem(device, out long totalBytes);
            if (result == CudaResult.Success)
            {
                bool isMig = name.Contains(" MIG ", StringComparison.Ordinal);
                info = Describe(driver, device) with
                {
                    Ordinal = ordinal,
                    Name = name,
                    Uuid = Uuid(driver, device, isMig),
                    TotalBytes = totalBytes,
                    IsMigInstance = isMig,
                };
            }
        }

        return result;
    }

    /// <summary>The attributes alone: one that the driver does not know is 0, as newer ones are to older drivers.</summary>
    private static CudaDeviceInfo Describe(ICudaDriver driver, int device)
    {
        int Value(CudaDeviceAttribute attribute) =>
            driver.DeviceGetAttribute(device, attribute, out int value) == CudaResult.Success ? value : 0;

        return new CudaDeviceInfo
        {
            Ordinal = 0,
            Handle = device,
            Name = string.Empty,
            Uuid = string.Empty,
            PciBusId = driver.DeviceGetPciBusId(device, out string id) == CudaResult.Success ? id : string.Empty,
            TotalBytes = 0,
            ComputeMajor = Value(CudaDeviceAttribute.ComputeCapabilityMajor),
            ComputeMinor = Value(CudaDeviceAttribute.ComputeCapabilityMinor),
            MultiprocessorCount = Value(CudaDeviceAttribute.MultiprocessorCount),
            L2Bytes = Value(CudaDeviceAttribute.L2CacheSize),
            MemoryClockKilohertz = Value(CudaDeviceAttribute.MemoryClockRate),
            MemoryBusBits = Value(CudaDeviceAttribute.GlobalMemoryBusWidth),
            ClockKilohertz = Value(CudaDeviceAttribute.ClockRate),
            SharedBytesPerBlock = Math.Max(
                Value(CudaDeviceAttribute.MaxSharedMemoryPerBlockOptIn),
                Value(CudaDeviceAttribute.MaxSharedMemoryPerBlock)
            ),
            SharedBytesPerMultiprocessor = Value(CudaDeviceAttribute.MaxSharedMemoryPerMultiprocessor),
            RegistersPerMultiprocessor = Value(CudaDeviceAttribute.MaxRegistersPerMultiprocessor),
            ThreadsPerMultiprocessor = Value(CudaDeviceAttribute.MaxThreadsPerMultiprocessor),
            WarpSize = Value(CudaDeviceAttribute.WarpSize),
            HasEcc = Value(CudaDeviceAttribute.EccEnabled) != 0,
            IsIntegrated = Value(CudaDeviceAttribute.Integrated) != 0,
            IsMigInstance = false,
            IsProhibited = Value(CudaDeviceAttribute.ComputeMode) == Prohibited,
        };
    }

    private static string Uuid(ICudaDriver driver, int device, bool isMig)
    {
        Span<byte> bytes = stackalloc byte[UuidBytes];
        return driver.DeviceGetUuid(device, bytes) == CudaResult.Success
            ? (isMig ? "MIG-" : "GPU-") + new Guid(bytes, bigEndian: true)
            : string.Empty;
    }
}
