using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Wiring;

/// <summary>All backends of this version, and the way from a name to an open device.</summary>
public sealed class DeviceFinder
{
    private const string BestDevice = "auto";

    private readonly IReadOnlyList<IDecodeBackend> _backends;

    /// <summary>The backends on this machine.</summary>
    /// <param name="environment">The machine.</param>
    /// <param name="more">Backends beside those of this version.</param>
    public DeviceFinder(EnvironmentInfo environment, IReadOnlyList<IDecodeBackend> more) =>
        _backends = [
            new CudaBackend(),
            new CpuBackend(new HostInformation(environment)),
            new ReferenceBackend(),
            new EmulatorBackend(),
            .. more,
        ];

    /// <summary>Every device, usable or not, the best to measure first.</summary>
    public IReadOnlyList<DeviceDescription> All() => [.. _backends.SelectMany(backend => backend.FindDevices())];

    /// <summary>Opens the device of a name; <c>auto</c> is the best one for measuring.</summary>
    /// <exception cref="DeviceUnavailableException">There is no such device, or it cannot be used.</exception>
    /// <exception cref="InputException">It is no name of a device on any machine.</exception>
    public IDecodeDevice Open(string name)
    {
        DeviceDescription found = Find(name);
        return _backends.First(backend => backend.Name == found.Backend).Open(found.Id);
    }

    /// <summary>What is known of the device of a name, which stays as it is; <c>auto</c> is the best one for measuring.</summary>
    /// <exception cref="DeviceUnavailableException">There is no such device, or it cannot be used.</exception>
    /// <exception cref="InputException">It is no name of a device on any machine.</exception>
    public DeviceDescription Find(string name)
    {
        IReadOnlyList<DeviceDescription> all = All();
        DeviceDescription? found = string.Equals(name, BestDevice, StringComparison.OrdinalIgnoreCase)
            ? all.FirstOrDefault(device => device.IsAvailable && device.IsForMeasuring)
                ?? all.FirstOrDefault(device => device.IsForMeasuring) // so that its reason is told
            : _backends.Select(backend => backend.Find(name)).FirstOrDefault(device => device is not null);
        string usable = string.Join(", ", all.Where(device => device.IsAvailable).Select(device => device.Id));
        if (found is null)
        {
            CheckKind(name, all);
            throw new DeviceUnavailableException(
                $"--device {name} is not on this machine; accepted here: {BestDevice}, {usable}."
            );
        }

        return found.IsAvailable
            ? found
            : throw new DeviceUnavailableException(
                $"--device {name} is not available: {found.UnavailableReason?.TrimEnd('.')}; accepted here: {BestDevice}, {usable}."
            );
    }

    /// <summary>Refuses what no machine has: a GPU may be missing here, a kind of device that no backend has is a slip of the finger.</summary>
    private void CheckKind(string name, IReadOnlyList<DeviceDescription> all)
    {
        string kind = name.Split(':')[0];
        if (_backends.Any(backend => string.Equals(backend.Name, kind, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        string[] names = [BestDevice, .. all.Select(device => device.Id), .. _backends.Select(backend => backend.Name)];
        string meant = NearestName.Of(name, names) is string nearest ? $"; did you mean {nearest}?" : ".";
        throw new InputException(
            $"--device '{name}' is no device; give {BestDevice}, cpu, cuda:0 (or another number), emulator or reference{meant}"
        );
    }
}
