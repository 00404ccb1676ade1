using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// The CUDA backend on a computer without a GPU: the very kernels, interpreted, every address checked and every byte counted. It
/// proves results and traffic; its times mean nothing.
/// </summary>
/// <param name="architecture">The compute capability whose kernels run unless the device's name says another: 75, 80, 89 or 90.</param>
public sealed class EmulatorBackend(int architecture = EmulatorBackend.DefaultArchitecture) : IDecodeBackend
{
    /// <summary>The backend's and its device's name.</summary>
    public const string BackendName = "emulator";

    /// <summary>The oldest architecture whose tensor cores the kernels use.</summary>
    public const int DefaultArchitecture = 80;

    /// <inheritdoc />
    public string Name => BackendName;

    /// <summary>What the emulated device is and what is to go wrong with it, whatever its name says; null for what the name says.</summary>
    internal EmulatedCudaOptions? Options { get; init; }

    /// <inheritdoc />
    public IReadOnlyList<DeviceDescription> FindDevices() => [Describe(BackendName, OptionsOf(BackendName))];

    /// <summary>Whether the emulated GPU makes its weights and cache, as real ones do, or the host; null for what is faster.</summary>
    internal bool? GeneratesOnDevice { get; init; }

    /// <summary>Where kernels are read; null for what the environment says.</summary>
    internal KernelSource? Kernels { get; init; }

    /// <inheritdoc />
    /// <exception cref="Workload.InputException">The name has options that do not exist.</exception>
    public DeviceDescription? Find(string deviceId)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        return deviceId == BackendName || deviceId.StartsWith($"{BackendName}:", StringComparison.Ordinal)
            ? Describe(deviceId, OptionsOf(deviceId))
            : null;
    }

    /// <inheritdoc />
    public IDecodeDevice Open(string deviceId)
    {
        KernelSource kernels = Kernels ?? KernelFolder.OrOwn(Environment.GetEnvironmentVariable(KernelSource.Variable));
        EmulatedCudaOptions options = OptionsOf(deviceId) with
        {
            HasOwnKernels = ReferenceEquals(kernels, KernelSource.Own),
        };
        var machine = new PtxMachine();
        try
        {
            var library = CudaLibrary.Open(new EmulatedCudaDriver(machine, options));
            return CudaDevice.Open(
                Describe(deviceId, options),
                library,
                library.Devices[0],
                kernels,
                machine,
                GeneratesOnDevice
            );
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    private static DeviceDescription Describe(string deviceId, EmulatedCudaOptions options) =>
        new()
        {
            Id = deviceId,
            Name = options.Name,
            Backend = BackendName,
            MemoryBytes = options.MemoryBytes,
            IsForMeasuring = false,
        };

    private EmulatedCudaOptions OptionsOf(string deviceId) => Options ?? EmulatorOptions.Read(deviceId, architecture);
}
