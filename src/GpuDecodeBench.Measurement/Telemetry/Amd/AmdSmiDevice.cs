using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>
/// One device through <c>libamd_smi.so</c>, written to amd_smi/amdsmi.h 24.7 and 26.1 (ROCm/amdsmi, ROCm/rocm-systems). This part: opening
/// it, and what a sample needs.
/// </summary>
internal sealed unsafe partial class AmdSmiDevice : IAmdDevice
{
    // AMDSMI_INIT_AMD_GPUS
    private const ulong InitGpus = 2;
    private const int VersionBytes = 64;

    // Between these, the metrics table only grew at its end; 27.1 widened counters in its middle.
    private const uint OldestMetricsYear = 23;
    private const uint NewestMetricsYear = 26;

    private readonly AmdLibraryFile _file;
    private readonly nint _device;
    private readonly uint _year;
    private readonly AmdSmiLayout? _layout;
    private readonly nint _shutDown;
    private readonly nint _metrics;
    private readonly nint _energy;
    private bool _isDisposed;

    private AmdSmiDevice(AmdLibraryFile file, nint device, (uint Year, string Text) version)
    {
        _file = file;
        _device = device;
        _year = version.Year;
        _layout = AmdSmiLayout.Of(version.Year);
        _shutDown = file.Find("amdsmi_shut_down");
        _metrics = file.Find("amdsmi_get_gpu_metrics_info");
        _energy = file.Find("amdsmi_get_energy_count");
        Library = $"{file.Path} {version.Text}";
    }

    /// <summary>The names of the library, the unversioned first, which the packages for developers bring; Debian's own 24.5 is number 0.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "libamd_smi.so",
        "libamd_smi.so.27",
        "libamd_smi.so.26",
        "libamd_smi.so.25",
        "libamd_smi.so.24",
        "libamd_smi.so.0",
    ];

    public AmdLibraryKind Kind => AmdLibraryKind.AmdSmi;

    public string Library { get; }

    /// <summary>Starts the library and finds a device; the status where that does not work.</summary>
    public static AmdSmiDevice? Open(AmdLibraryFile file, PciAddress address, out AmdStatus status)
    {
        nint init = file.Find("amdsmi_init");
        nint find = file.Find("amdsmi_get_processor_handle_from_bdf");
        nint shutDown = file.Find("amdsmi_shut_down");
        if (init == 0 || find == 0 || shutDown == 0)
        {
            status = AmdStatus.SymbolMissing;
            return null;
        }

        status = AmdSmiStatus.Of(((delegate* unmanaged<ulong, uint>)init)(InitGpus));
        if (status != AmdStatus.Success)
        {
            return null;
        }

        // amdsmi_bdf_t: function in 3 bits, device in 5, bus in 8, domain in 48, passed by value.
        ulong place =
            address.Function | ((ulong)address.Device << 3) | ((ulong)address.Bus << 8) | ((ulong)address.Domain << 16);
        nint device = 0;
        status = AmdSmiStatus.Of(((delegate* unmanaged<ulong, nint*, uint>)find)(place, &device));
        if (status == AmdStatus.Success)
        {
            return new AmdSmiDevice(file, device, Version(file));
        }

        ((delegate* unmanaged<uint>)shutDown)();
        return null;
    }

    public AmdStatus ReadMetrics(Span<byte> table) =>
        _year is >= OldestMetricsYear and <= NewestMetricsYear ? Fill(_metrics, table) : AmdStatus.UnknownLayout;

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
        AmdStatus status = AmdSmiStatus.Of(
            ((delegate* unmanaged<nint, ulong*, float*, ulong*, uint>)_energy)(
                _device,
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

    // amdsmi_version_t: up to 24 year, major, minor, release; later major (the year again), minor, release; then the text's address.
    private static (uint Year, string Text) Version(AmdLibraryFile file)
    {
        const int TextAddress = 16;
        nint get = file.Find("amdsmi_get_lib_version");
        byte* version = stackalloc byte[VersionBytes];
        new Span<byte>(version, VersionBytes).Clear();
        if (get == 0 || ((delegate* unmanaged<byte*, uint>)get)(version) != 0)
        {
            return (0, "(version not told)");
        }

        string? text = Marshal.PtrToStringUTF8(*(nint*)(version + TextAddress));
        return (*(uint*)version, text ?? "(version not told)");
    }

    // Calls what fills a structure of the device. Ones stay where the library writes nothing.
    private AmdStatus Fill(nint function, Span<byte> structure)
    {
        if (function == 0)
        {
            return AmdStatus.SymbolMissing;
        }

        structure.Fill(0xFF);
        fixed (byte* bytes = structure)
        {
            return AmdSmiStatus.Of(((delegate* unmanaged<nint, byte*, uint>)function)(_device, bytes));
        }
    }

    private static uint Word(ReadOnlySpan<byte> structure, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(structure[offset..]);

    private static ulong Long(ReadOnlySpan<byte> structure, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(structure[offset..]);
}
