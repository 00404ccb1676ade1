using System.Runtime.InteropServices;
using System.Text;
using GpuDecodeBench.Backends.Native;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>
/// The CUDA driver of this machine, called through the functions that its library exports. Signatures:
/// https://docs.nvidia.com/cuda/cuda-driver-api/modules.html. This part: the library, devices, contexts and errors.
/// </summary>
internal sealed unsafe partial class NativeCudaDriver : ICudaDriver
{
    private const int TextBytes = 256;

    private readonly delegate* unmanaged<uint, CudaResult> _init;
    private readonly delegate* unmanaged<int*, CudaResult> _driverGetVersion;
    private readonly delegate* unmanaged<int*, CudaResult> _deviceGetCount;
    private readonly delegate* unmanaged<int*, int, CudaResult> _deviceGet;
    private readonly delegate* unmanaged<byte*, int, int, CudaResult> _deviceGetName;
    private readonly delegate* unmanaged<byte*, int, CudaResult> _deviceGetUuid;
    private readonly delegate* unmanaged<nuint*, int, CudaResult> _deviceTotalMem;
    private readonly delegate* unmanaged<int*, int, int, CudaResult> _deviceGetAttribute;
    private readonly delegate* unmanaged<byte*, int, int, CudaResult> _deviceGetPciBusId;
    private readonly delegate* unmanaged<nint*, int, CudaResult> _primaryContextRetain;
    private readonly delegate* unmanaged<int, CudaResult> _primaryContextRelease;
    private readonly delegate* unmanaged<nint, CudaResult> _contextSetCurrent;
    private readonly delegate* unmanaged<CudaResult> _contextSynchronize;
    private readonly delegate* unmanaged<CudaResult, byte**, CudaResult> _getErrorName;
    private readonly delegate* unmanaged<CudaResult, byte**, CudaResult> _getErrorString;
    private readonly MemoryFunctions _memory;
    private readonly ModuleFunctions _modules;
    private readonly StreamFunctions _streams;

    private NativeCudaDriver(NativeSymbols symbols)
    {
        _init = (delegate* unmanaged<uint, CudaResult>)symbols.Get("cuInit");
        _driverGetVersion = (delegate* unmanaged<int*, CudaResult>)symbols.Get("cuDriverGetVersion");
        _deviceGetCount = (delegate* unmanaged<int*, CudaResult>)symbols.Get("cuDeviceGetCount");
        _deviceGet = (delegate* unmanaged<int*, int, CudaResult>)symbols.Get("cuDeviceGet");
        _deviceGetName = (delegate* unmanaged<byte*, int, int, CudaResult>)symbols.Get("cuDeviceGetName");

        // The second version gives a MIG instance its own identity (CUDA 11.4).
        _deviceGetUuid = (delegate* unmanaged<byte*, int, CudaResult>)
            symbols.Get("cuDeviceGetUuid_v2", "cuDeviceGetUuid");
        _deviceTotalMem = (delegate* unmanaged<nuint*, int, CudaResult>)symbols.Get("cuDeviceTotalMem_v2");
        _deviceGetAttribute = (delegate* unmanaged<int*, int, int, CudaResult>)symbols.Get("cuDeviceGetAttribute");
        _deviceGetPciBusId = (delegate* unmanaged<byte*, int, int, CudaResult>)symbols.Get("cuDeviceGetPCIBusId");
        _primaryContextRetain = (delegate* unmanaged<nint*, int, CudaResult>)symbols.Get("cuDevicePrimaryCtxRetain");
        _primaryContextRelease = (delegate* unmanaged<int, CudaResult>)
            symbols.Get("cuDevicePrimaryCtxRelease_v2", "cuDevicePrimaryCtxRelease");
        _contextSetCurrent = (delegate* unmanaged<nint, CudaResult>)symbols.Get("cuCtxSetCurrent");
        _contextSynchronize = (delegate* unmanaged<CudaResult>)symbols.Get("cuCtxSynchronize");
        _getErrorName = (delegate* unmanaged<CudaResult, byte**, CudaResult>)symbols.Get("cuGetErrorName");
        _getErrorString = (delegate* unmanaged<CudaResult, byte**, CudaResult>)symbols.Get("cuGetErrorString");
        _memory = new MemoryFunctions(symbols);
        _modules = new ModuleFunctions(symbols);
        _streams = new StreamFunctions(symbols);
    }

    /// <summary>Loads the driver of this machine; null with one sentence that says why not. Never throws.</summary>
    public static NativeCudaDriver? TryLoad(out string? whyNot) => TryLoad(NvidiaLibraries.Cuda(), out whyNot);

    /// <summary>Loads the driver that a search finds; null with one sentence that says why not. Never throws.</summary>
    public static NativeCudaDriver? TryLoad(NativeLibrarySearch search, out string? whyNot)
    {
        nint library = search.Load(out NativeLibraryFailure? failure);
        whyNot = failure?.Sentence;
        if (library == 0)
        {
            return null;
        }

        var symbols = new NativeSymbols(library);
        var driver = new NativeCudaDriver(symbols);
        if (symbols.Missing.Count == 0)
        {
            return driver;
        }

        int version = 0;
        bool isKnown = driver._driverGetVersion != null && driver._driverGetVersion(&version) == CudaResult.Success;
        string supports = isKnown ? $" (which supports {CudaText.Version(version)} at most)" : string.Empty;
        whyNot =
            $"The NVIDIA driver{supports} lacks {string.Join(", ", symbols.Missing)}: update it to {CudaReasons.DriverBranch(CudaLibrary.OldestDriverVersion)} or newer, for {CudaText.Version(CudaLibrary.OldestDriverVersion)}.";
        NativeLibrary.Free(library);
        return null;
    }

    public CudaResult Init() => _init(0);

    public CudaResult DriverGetVersion(out int version)
    {
        int value = 0;
        CudaResult result = _driverGetVersion(&value);
        version = value;
        return result;
    }

    public CudaResult DeviceGetCount(out int count)
    {
        int value = 0;
        CudaResult result = _deviceGetCount(&value);
        count = value;
        return result;
    }

    public CudaResult DeviceGet(int ordinal, out int device)
    {
        int value = 0;
        CudaResult result = _deviceGet(&value, ordinal);
        device = value;
        return result;
    }

    public CudaResult DeviceGetName(int device, out string name) => Text(_deviceGetName, device, out name);

    public CudaResult DeviceGetUuid(int device, Span<byte> uuid)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(uuid.Length, 16, nameof(uuid));
        fixed (byte* bytes = uuid)
        {
            return _deviceGetUuid(bytes, device);
        }
    }

    public CudaResult DeviceTotalMem(int device, out long bytes)
    {
        nuint value = 0;
        CudaResult result = _deviceTotalMem(&value, device);
        bytes = (long)value;
        return result;
    }

    public CudaResult DeviceGetAttribute(int device, CudaDeviceAttribute attribute, out int value)
    {
        int got = 0;
        CudaResult result = _deviceGetAttribute(&got, (int)attribute, device);
        value = got;
        return result;
    }

    public CudaResult DeviceGetPciBusId(int device, out string id) => Text(_deviceGetPciBusId, device, out id);

    public CudaResult DevicePrimaryContextRetain(int device, out nint context)
    {
        nint value = 0;
        CudaResult result = _primaryContextRetain(&value, device);
        context = value;
        return result;
    }

    public CudaResult DevicePrimaryContextRelease(int device) => _primaryContextRelease(device);

    public CudaResult ContextSetCurrent(nint context) => _contextSetCurrent(context);

    public CudaResult ContextSynchronize() => _contextSynchronize();

    public string? GetErrorName(CudaResult result) => Words(_getErrorName, result);

    public string? GetErrorString(CudaResult result) => Words(_getErrorString, result);

    private static string? Words(delegate* unmanaged<CudaResult, byte**, CudaResult> get, CudaResult result)
    {
        byte* words = null;
        return get(result, &words) == CudaResult.Success ? Marshal.PtrToStringUTF8((nint)words) : null;
    }

    private static CudaResult Text(delegate* unmanaged<byte*, int, int, CudaResult> get, int device, out string text)
    {
        byte* bytes = stackalloc byte[TextBytes];
        *bytes = 0;
        CudaResult result = get(bytes, TextBytes, device);
        text = result == CudaResult.Success ? Terminated(new ReadOnlySpan<byte>(bytes, TextBytes)) : string.Empty;
        return result;
    }

    /// <summary>The text before the first zero.</summary>
    private static string Terminated(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
