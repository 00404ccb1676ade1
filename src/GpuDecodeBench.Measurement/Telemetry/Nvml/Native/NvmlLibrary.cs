using System.Runtime.InteropServices;
using System.Text;
using GpuDecodeBench.Backends.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>
/// NVML, called through the functions that its library exports: each method returns the library's own code, and
/// <see cref="NvmlReturn.FunctionNotFound"/> where this driver's library lacks the function, so that a missing one costs one
/// reading and no more. Signatures: nvml.h, https://docs.nvidia.com/deploy/nvml-api. This part: the library and its devices.
/// The library stays loaded: calls after <see cref="Shutdown"/> answer <see cref="NvmlReturn.Uninitialized"/>.
/// </summary>
internal sealed unsafe partial class NvmlLibrary
{
    /// <summary>More than any text of nvml.h takes, which gives 96 at most.</summary>
    private const int MaximumTextBytes = 128;

    private readonly delegate* unmanaged<NvmlReturn> _init;
    private readonly delegate* unmanaged<NvmlReturn> _shutdown;
    private readonly delegate* unmanaged<NvmlReturn, byte*> _errorString;
    private readonly delegate* unmanaged<byte*, uint, NvmlReturn> _driverVersion;
    private readonly delegate* unmanaged<byte*, uint, NvmlReturn> _libraryVersion;
    private readonly delegate* unmanaged<int*, NvmlReturn> _cudaVersion;
    private readonly delegate* unmanaged<byte*, nint*, NvmlReturn> _handleByUuid;
    private readonly delegate* unmanaged<byte*, nint*, NvmlReturn> _handleByPciBusId;
    private readonly delegate* unmanaged<nint, uint*, NvmlReturn> _isMigDevice;
    private readonly delegate* unmanaged<nint, nint*, NvmlReturn> _parentOfMigDevice;
    private readonly delegate* unmanaged<nint, byte*, uint, NvmlReturn> _name;
    private readonly delegate* unmanaged<nint, byte*, uint, NvmlReturn> _uuid;

    /// <summary>Looks every function up.</summary>
    public NvmlLibrary(NativeSymbols symbols)
    {
        _init = (delegate* unmanaged<NvmlReturn>)symbols.Get("nvmlInit_v2", "nvmlInit");
        _shutdown = (delegate* unmanaged<NvmlReturn>)symbols.Get("nvmlShutdown");
        _errorString = (delegate* unmanaged<NvmlReturn, byte*>)symbols.Get("nvmlErrorString");
        _driverVersion = (delegate* unmanaged<byte*, uint, NvmlReturn>)symbols.Get("nvmlSystemGetDriverVersion");
        _libraryVersion = (delegate* unmanaged<byte*, uint, NvmlReturn>)symbols.Get("nvmlSystemGetNVMLVersion");
        _cudaVersion = (delegate* unmanaged<int*, NvmlReturn>)
            symbols.Get("nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion");
        _handleByUuid = (delegate* unmanaged<byte*, nint*, NvmlReturn>)symbols.Get("nvmlDeviceGetHandleByUUID");
        _handleByPciBusId = (delegate* unmanaged<byte*, nint*, NvmlReturn>)
            symbols.Get("nvmlDeviceGetHandleByPciBusId_v2", "nvmlDeviceGetHandleByPciBusId");
        _isMigDevice = (delegate* unmanaged<nint, uint*, NvmlReturn>)symbols.Get("nvmlDeviceIsMigDeviceHandle");
        _parentOfMigDevice = (delegate* unmanaged<nint, nint*, NvmlReturn>)
            symbols.Get("nvmlDeviceGetDeviceHandleFromMigDeviceHandle");
        _name = (delegate* unmanaged<nint, byte*, uint, NvmlReturn>)symbols.Get("nvmlDeviceGetName");
        _uuid = (delegate* unmanaged<nint, byte*, uint, NvmlReturn>)symbols.Get("nvmlDeviceGetUUID");
        _numbers = Lookup<NvmlNumber>(symbols);
        _numbersOf = Lookup<NvmlNumberOf>(symbols);
        _pairs = Lookup<NvmlPair>(symbols);
        _sensors = new SensorFunctions(symbols);
        _state = new StateFunctions(symbols);
    }

    /// <summary>Starts the library; counted, each start wants a <see cref="Shutdown"/>.</summary>
    public NvmlReturn Init() => _init == null ? NvmlReturn.FunctionNotFound : _init();

    /// <summary>Ends what <see cref="Init"/> started.</summary>
    public NvmlReturn Shutdown() => _shutdown == null ? NvmlReturn.FunctionNotFound : _shutdown();

    /// <summary>The library's few words on a code; null where it has none.</summary>
    public string? ErrorString(NvmlReturn code) =>
        _errorString == null ? null : Marshal.PtrToStringUTF8((nint)_errorString(code));

    /// <summary>The driver's version, for example 570.86.15.</summary>
    public NvmlReturn DriverVersion(out string version) => Text(_driverVersion, out version);

    /// <summary>The library's own version, for example 12.570.86.15.</summary>
    public NvmlReturn LibraryVersion(out string version) => Text(_libraryVersion, out version);

    /// <summary>The newest CUDA version that the driver supports: 1000 times the major and 10 times the minor number.</summary>
    public NvmlReturn CudaVersion(out int version)
    {
        int value = 0;
        NvmlReturn code = _cudaVersion == null ? NvmlReturn.FunctionNotFound : _cudaVersion(&value);
        version = value;
        return code;
    }

    /// <summary>The device, or the part of one (MIG), of an identity.</summary>
    public NvmlReturn HandleByUuid(string uuid, out nint device) => Handle(_handleByUuid, uuid, out device);

    /// <summary>The device at a place on the PCI bus.</summary>
    public NvmlReturn HandleByPciBusId(string id, out nint device) => Handle(_handleByPciBusId, id, out device);

    /// <summary>Whether a handle is that of a part of a GPU (MIG).</summary>
    public bool IsMigDevice(nint device)
    {
        uint value = 0;
        return _isMigDevice != null && _isMigDevice(device, &value) == NvmlReturn.Success && value != 0;
    }

    /// <summary>The GPU that a part belongs to.</summary>
    public NvmlReturn ParentOfMigDevice(nint device, out nint parent)
    {
        nint value = 0;
        NvmlReturn code = _parentOfMigDevice == null ? NvmlReturn.FunctionNotFound : _parentOfMigDevice(device, &value);
        parent = value;
        return code;
    }

    /// <summary>The device's name.</summary>
    public NvmlReturn Name(nint device, out string name) => Text(_name, device, out name);

    /// <summary>The device's identity.</summary>
    public NvmlReturn Uuid(nint device, out string uuid) => Text(_uuid, device, out uuid);

    /// <summary>The functions of a kind, by the names of its values; 0 for those that are missing.</summary>
    private static nint[] Lookup<T>(NativeSymbols symbols)
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => symbols.Get($"nvmlDeviceGet{name}"))];

    private static NvmlReturn Handle(
        delegate* unmanaged<byte*, nint*, NvmlReturn> get,
        string identity,
        out nint device
    )
    {
        nint value = 0;
        NvmlReturn code = NvmlReturn.FunctionNotFound;
        if (get != null)
        {
            fixed (byte* text = Encoding.UTF8.GetBytes(identity + '\0'))
            {
                code = get(text, &value);
            }
        }

        device = code == NvmlReturn.Success ? value : 0;
        return code;
    }

    private static NvmlReturn Text(delegate* unmanaged<byte*, uint, NvmlReturn> get, out string text)
    {
        byte* bytes = stackalloc byte[MaximumTextBytes];
        *bytes = 0;
        NvmlReturn code = get == null ? NvmlReturn.FunctionNotFound : get(bytes, MaximumTextBytes);
        text = code == NvmlReturn.Success ? Terminated(bytes, MaximumTextBytes) : string.Empty;
        return code;
    }

    private static NvmlReturn Text(delegate* unmanaged<nint, byte*, uint, NvmlReturn> get, nint device, out string text)
    {
        byte* bytes = stackalloc byte[MaximumTextBytes];
        *bytes = 0;
        NvmlReturn code = get == null ? NvmlReturn.FunctionNotFound : get(device, bytes, MaximumTextBytes);
        text = code == NvmlReturn.Success ? Terminated(bytes, MaximumTextBytes) : string.Empty;
        return code;
    }

    /// <summary>The text before the first zero.</summary>
    private static string Terminated(byte* bytes, int length)
    {
        ReadOnlySpan<byte> all = new(bytes, length);
        int end = all.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? all : all[..end]);
    }
}
