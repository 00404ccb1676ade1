namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>The CUDA driver, ready, with the GPUs it shows.</summary>
internal sealed class CudaLibrary
{
    /// <summary>The oldest driver with every function used here: cuLaunchKernelEx came with CUDA 11.8.</summary>
    public const int OldestDriverVersion = 11080;

    private CudaLibrary(ICudaDriver driver, int driverVersion, IReadOnlyList<CudaDeviceInfo> devices)
    {
        Driver = driver;
        DriverVersion = driverVersion;
        Devices = devices;
    }

    public ICudaDriver Driver { get; }

    /// <summary>The newest CUDA version that the driver supports: 1000 times the major and 10 times the minor number.</summary>
    public int DriverVersion { get; }

    /// <summary>At least one.</summary>
    public IReadOnlyList<CudaDeviceInfo> Devices { get; }

    /// <summary>Starts the driver.</summary>
    /// <exception cref="DeviceUnavailableException">There is no GPU to be had, in words.</exception>
    public static CudaLibrary Open(ICudaDriver driver) =>
        TryOpen(driver, new CudaHost(), out string? whyNot) ?? throw new DeviceUnavailableException(whyNot!);

    /// <summary>Starts the driver; null with one sentence that says why there is no GPU to be had.</summary>
    public static CudaLibrary? TryOpen(ICudaDriver driver, ICudaHost host, out string? whyNot)
    {
        CudaResult result = driver.Init();
        if (result != CudaResult.Success)
        {
            whyNot = CudaReasons.WhyNotStarted(driver, host, result);
            return null;
        }

        result = driver.DriverGetVersion(out int version);
        if (result == CudaResult.Success && version < OldestDriverVersion)
        {
            whyNot =
                $"The NVIDIA driver supports {CudaText.Version(version)} at most, and this program needs {CudaText.Version(OldestDriverVersion)} or newer: update the driver to {CudaReasons.DriverBranch(OldestDriverVersion)} or newer.";
            return null;
        }

        var devices = new List<CudaDeviceInfo>();
        if (result == CudaResult.Success)
        {
            result = CudaDeviceReader.ReadAll(driver, devices);
        }

        if (result != CudaResult.Success || devices.Count == 0)
        {
            whyNot = CudaReasons.WhyNotStarted(
                driver,
                host,
                result == CudaResult.Success ? CudaResult.NoDevice : result
            );
            return null;
        }

        whyNot = null;
        return new CudaLibrary(driver, version, devices);
    }

    /// <summary>
    /// The oldest driver that compiles a version of PTX, as the release history in
    /// https://docs.nvidia.com/cuda/parallel-thread-execution/index.html#release-notes pairs them: PTX 7.x came with CUDA 11.x and
    /// 8.0 to 8.5 with CUDA 12.0 to 12.5, 8.6 to 8.8 with 12.7 to 12.9, and 9.x with 13.x.
    /// </summary>
    public static int RequiredDriverVersion(int ptxMajor, int ptxMinor) =>
        (ptxMajor, ptxMinor) switch
        {
            (7, <= 8) => 11000 + (ptxMinor * 10),
            (8, <= 5) => 12000 + (ptxMinor * 10),
            (8, <= 8) => 12000 + ((ptxMinor + 1) * 10),
            (9, _) => 13000 + (ptxMinor * 10),
            _ => throw new ArgumentOutOfRangeException(
                nameof(ptxMajor),
                $"PTX {ptxMajor}.{ptxMinor} is not known here; ask for 7.0 to 7.8, 8.0 to 8.8 or 9.x."
            ),
        };

    /// <summary>Why the driver cannot compile a version of PTX, in one sentence; null where it can.</summary>
    public string? WhyPtxUnsupported(int ptxMajor, int ptxMinor)
    {
        int required = RequiredDriverVersion(ptxMajor, ptxMinor);
        return DriverVersion >= required
            ? null
            : $"The NVIDIA driver supports {CudaText.Version(DriverVersion)} at most, and kernels in PTX {ptxMajor}.{ptxMinor} need {CudaText.Version(required)}: update the driver to {CudaReasons.DriverBranch(required)} or newer.";
    }

    /// <summary>Takes a device into use.</summary>
    public CudaContext CreateContext(CudaDeviceInfo device) => CudaContext.Create(Driver, device);
}
