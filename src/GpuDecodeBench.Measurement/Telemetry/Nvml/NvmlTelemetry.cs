using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Native;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>
/// The sensors and the state of an NVIDIA GPU, through the management library that comes with its driver (NVML,
/// https://docs.nvidia.com/deploy/nvml-api).
/// </summary>
public sealed class NvmlTelemetry : ITelemetrySource
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "nvml";

    private readonly NvmlDevice _device;
    private readonly NvmlSensorPlan _plan;
    private readonly NvmlSensors _sensors;
    private readonly NvmlPowerBuffer _buffer;
    private int _isClosed;

    private NvmlTelemetry(NvmlDevice device)
    {
        _device = device;
        _plan = NvmlSensorProbe.Probe(device);
        _sensors = new NvmlSensors(device, _plan);
        _buffer = new NvmlPowerBuffer(
            device,
            _plan.IsModulePower ? NvmlKinds.ModulePowerSamples : NvmlKinds.GpuPowerSamples
        );
        Description = Describe();
    }

    /// <inheritdoc />
    public string Name => SourceName;

    /// <inheritdoc />
    public string Description { get; }

    /// <inheritdoc />
    public IReadOnlyList<TelemetryCapability> Capabilities => _plan.Capabilities;

    /// <inheritdoc />
    public double UpdatePeriodSeconds => _plan.UpdatePeriodSeconds;

    /// <summary>Opens the sensors of a GPU; a source that tells nothing and says why where they are not to be had.</summary>
    /// <param name="device">The GPU, found by its UUID or else by its place on the PCI bus.</param>
    public static ITelemetrySource Open(DeviceDescription device) => Open(device, NvidiaLibraries.Management());

    /// <summary>As <see cref="Open(DeviceDescription)"/>, with the library that a search finds.</summary>
    internal static ITelemetrySource Open(DeviceDescription device, NativeLibrarySearch search)
    {
        ArgumentNullException.ThrowIfNull(device);
        nint loaded = search.Load(out NativeLibraryFailure? failure);
        if (loaded == 0)
        {
            string code = failure!.Kind switch
            {
                NativeLibraryFailureKind.NotFound => "nvml.libraryNotFound",
                NativeLibraryFailureKind.Broken => "nvml.libraryBroken",
                _ => "nvml.noSuchSystem",
            };
            return new UnavailableTelemetry(SourceName, code, failure.Sentence);
        }

        var library = new NvmlLibrary(new NativeSymbols(loaded));
        NvmlReturn started = library.Init();
        if (started != NvmlReturn.Success)
        {
            return new UnavailableTelemetry(
                SourceName,
                NvmlReasons.Code(started),
                NvmlReasons.Sentence(started, "nvmlInit", library.ErrorString(started))
            );
        }

        NvmlDevice? found = NvmlDevice.Find(library, device, out Reading<string> whyNot);
        if (found is null)
        {
            library.Shutdown();
            return new UnavailableTelemetry(SourceName, whyNot.ReasonCode!, whyNot.Detail!);
        }

        return new NvmlTelemetry(found);
    }

    /// <inheritdoc />
    public TelemetrySample Read() => _sensors.Read();

    /// <inheritdoc />
    public void ReadBufferedPower(ICollection<PowerSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        _buffer.Read(samples);
    }

    /// <inheritdoc />
    public DeviceState ReadState() => NvmlStateReader.Read(_device);

    /// <summary>Ends the use of the library; the source tells nothing after that but <c>nvml.uninitialized</c>.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _device.Library.Shutdown();
        }
    }

    private string Describe()
    {
        NvmlLibrary library = _device.Library;
        string version =
            library.LibraryVersion(out string ofLibrary) == NvmlReturn.Success ? ofLibrary : "of unknown version";
        string driver =
            library.DriverVersion(out string ofDriver) == NvmlReturn.Success ? ofDriver : "of unknown version";
        string name = library.Name(_device.Handle, out string ofDevice) == NvmlReturn.Success ? ofDevice : "the GPU";
        string part = _device.IsPart
            ? " The device is a MIG instance of this GPU: power, energy, clocks and temperatures are the whole GPU's."
            : string.Empty;
        string module = _plan.IsModulePower ? " Power is that of the module, its NVIDIA CPU counted." : string.Empty;
        return $"NVML {version} with driver {driver}: {name}, found by {_device.FoundBy}.{part}{module} This source has not been run on hardware yet.";
    }
}
