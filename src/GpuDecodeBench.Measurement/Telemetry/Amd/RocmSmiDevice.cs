namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>
/// One device through <c>librocm_smi64.so</c>, written to rocm_smi/rocm_smi.h 7.3 (ROCm/rocm_smi_lib). This part: opening it, and what a
/// sample needs.
/// </summary>
internal sealed unsafe partial class RocmSmiDevice : IAmdDevice
{
    private const int VersionBytes = 64;

    private readonly AmdLibraryFile _file;
    private readonly uint _index;
    private readonly uint _major;
    private readonly nint _shutDown;
    private readonly nint _metrics;
    private readonly nint _energy;
    private bool _isDisposed;

    private RocmSmiDevice(AmdLibraryFile file, uint index, (uint Major, string Text) version)
    {
        _file = file;
        _index = index;
        _major = version.Major;
        _shutDown = file.Find("rsmi_shut_down");
        _metrics = file.Find("rsmi_dev_gpu_metrics_info_get");
        _energy = file.Find("rsmi_dev_energy_count_get");
        Library = $"{file.Path} {version.Text}";
    }

    /// <summary>The names of the library, the unversioned first, which the packages for developers bring; Debian's own is number 1.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["librocm_smi64.so", "librocm_smi64.so.7", "librocm_smi64.so.6", "librocm_smi64.so.5", "librocm_smi64.so.1"];

    public AmdLibraryKind Kind => AmdLibraryKind.RocmSmi;

    public string Library { get; }

    /// <summary>Starts the library and finds a device; the status where that does not work.</summary>
    public static RocmSmiDevice? Open(AmdLibraryFile file, PciAddress address, out AmdStatus status)
    {
        nint init = file.Find("rsmi_init");
        nint count = file.Find("rsmi_num_monitor_devices");
        nint place = file.Find("rsmi_dev_pci_id_get");
        nint shutDown = file.Find("rsmi_shut_down");
        if (init == 0 || count == 0 || place == 0 || shutDown == 0)
        {
            status = AmdStatus.SymbolMissing;
            return null;
        }

        status = RocmSmiStatus.Of(((delegate* unmanaged<ulong, uint>)init)(0));
        if (status != AmdStatus.Success)
        {
            return null;
        }

        uint devices = 0;
        status = RocmSmiStatus.Of(((delegate* unmanaged<uint*, uint>)count)(&devices));
        for (uint index = 0; status == AmdStatus.Success && index < devices; index++)
        {
            ulong id = 0;
            if (((delegate* unmanaged<uint, ulong*, uint>)place)(index, &id) == 0 && Address(id) == address)
            {
                return new RocmSmiDevice(file, index, Version(file));
            }
        }

        status = status == AmdStatus.Success ? AmdStatus.DeviceLost : status;
        ((delegate* unmanaged<uint>)shutDown)();
        return null;
    }

    public AmdStatus ReadMetrics(Span<byte> table)
    {
        table.Fill(0xFF);
        return Fill(_metrics, table);
    }

    public AmdStatus ReadEnergy(out double joules)
    {
        joules = 0;
        if (_energy == 0)
        {
            return AmdStatus.SymbolMissing;
        }

        ulong counter = ulong.MaxValue;
        ulong nanoseconds = 0;
        float microjoules = 0;
        AmdStatus status = RocmSmiStatus.Of(
            ((delegate* unmanaged<uint, ulong*, float*, ulong*, uint>)_energy)(
                _index,
                &counter,
                &microjoules,
                &nanoseconds
            )
        );
        return status == AmdStatus.Success ? AmdEnergy.Joules(counter, microjoules, out joules) : status;
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            // The library counts who started it; it stays loaded, for others may use it.
            _isDisposed = true;
            ((delegate* unmanaged<uint>)_shutDown)();
        }
    }

    // Domain in the upper half, then a partition's number, and in the lowest 16 bits bus, device and function.
    private static PciAddress Address(ulong id) =>
        new((uint)(id >> 32), (byte)(id >> 8), (byte)((id >> 3) & 0x1F), (byte)(id & 7));

    private static (uint Major, string Text) Version(AmdLibraryFile file)
    {
        nint get = file.Find("rsmi_version_get");
        uint* version = stackalloc uint[VersionBytes / sizeof(uint)];
        return get == 0 || ((delegate* unmanaged<uint*, uint>)get)(version) != 0
            ? (0, "(version not told)")
            : (version[0], $"{version[0]}.{version[1]}.{version[2]}");
    }

    private AmdStatus Fill(nint function, Span<byte> structure)
    {
        if (function == 0)
        {
            return AmdStatus.SymbolMissing;
        }

        fixed (byte* bytes = structure)
        {
            return RocmSmiStatus.Of(((delegate* unmanaged<uint, byte*, uint>)function)(_index, bytes));
        }
    }
}
