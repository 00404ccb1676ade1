using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// The CUDA backend on a computer without a GPU: the very kernels, interpreted, every address checked and every byte counted. It
/// proves results and traffic; its times mean nothing.
/// </summary>
/// <param name="architecture">The compute capability whose kernels run: 75, 80, 89 or 90.</param>
public sealed class EmulatorBackend(int architecture = EmulatorBackend.DefaultArchitecture) : IDecodeBackend
{
    /// <summary>The backend's and its device's name.</summary>
    public const string BackendName = "emulator";

    /// <summary>The architecture with tensor cores that most others build upon.</summary>
    public const int DefaultArchitecture = 80;

    /// <inheritdoc />
    public string Name => BackendName;

    /// <summary>What the emulated device is, and what is to go wrong with it.</summary>
    internal EmulatedCudaOptions Options { get; init; } =
        new() { ComputeMajor = architecture / 10, ComputeMinor = architecture % 10 };

    /// <summary>Whether the emulated GPU makes its weights and cache, as real ones do, or the host; null for what is faster.</summary>
    internal bool? GeneratesOnDevice { get; init; }

    /// <inheritdoc />
    public IReadOnlyList<DeviceDescription> FindDevices() =>
        [
            new DeviceDescription
            {
                Id = BackendName,
                Name = string.Create(CultureInfo.InvariantCulture, $"PTX emulator (sm_{architecture}, proves results)"),
                Backend = BackendName,
                MemoryBytes = Options.MemoryBytes,
                IsForMeasuring = false,
            },
        ];

    /// <inheritdoc />
    public IDecodeDevice Open(string deviceId)
    {
        var machine = new PtxMachine();
        var library = CudaLibrary.Open(new EmulatedCudaDriver(machine, Options));
        return CudaDevice.Open(FindDevices()[0], library, library.Devices[0], machine, GeneratesOnDevice);
    }
}
