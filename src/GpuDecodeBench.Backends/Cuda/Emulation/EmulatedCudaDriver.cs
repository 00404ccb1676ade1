using System.Collections.Concurrent;
using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>
/// A driver with one device, whose kernels a machine computes: work is done when it is given, but for what is captured, which is
/// done when its graph is launched. It is as strict as a driver may be: unknown handles, work without a context and copies beyond
/// an allocation are refused. This part: the device, contexts and errors.
/// </summary>
internal sealed partial class EmulatedCudaDriver(IEmulatedMachine machine, EmulatedCudaOptions options) : ICudaDriver
{
    private const nint ContextHandle = 0xc0;
    private const int WarpSize = 32;
    private const int ThreadsPerBlock = 1024;

    /// <summary>Shared memory of a block without opting in, as everywhere.</summary>
    private const int PlainSharedBytes = 48 << 10;

    private readonly EmulatedHandles _handles = new();
    private readonly ConcurrentDictionary<int, nint> _current = new();
    private CudaResult _start = CudaResult.NotInitialized;
    private CudaResult _sticky = CudaResult.Success;
    private int _retained;

    public string? LastFaultDetail { get; private set; }

    /// <summary>Handles that were given out and not given back, contexts and memory aside.</summary>
    public int AliveHandles => _handles.Count;

    /// <summary>The compute capability: 80 for 8.0.</summary>
    private int Compute => (options.ComputeMajor * 10) + options.ComputeMinor;

    private Multiprocessor Multiprocessor
    {
        get
        {
            Multiprocessor usual = Multiprocessor.Of(options.ComputeMajor, options.ComputeMinor);
            return options.SharedBytesPerBlock > 0
                ? usual with
                {
                    SharedBytes = options.SharedBytesPerBlock + usual.ReservedSharedBytes,
                }
                : usual;
        }
    }

    public CudaResult Init() => _start = options.StartResult;

    public CudaResult DriverGetVersion(out int version)
    {
        version = options.DriverVersion;
        return CudaResult.Success;
    }

    public CudaResult DeviceGetCount(out int count)
    {
        count = _start == CudaResult.Success ? 1 : 0;
        return _start;
    }

    public CudaResult DeviceGet(int ordinal, out int device)
    {
        device = 0;
        return OfDevice(ordinal);
    }

    public CudaResult DeviceGetName(int device, out string name)
    {
        name = options.Name;
        return OfDevice(device);
    }

    public CudaResult DeviceGetUuid(int device, Span<byte> uuid)
    {
        uuid.Clear();
        "PTX emulator"u8.CopyTo(uuid);
        return OfDevice(device);
    }

    public CudaResult DeviceTotalMem(int device, out long bytes)
    {
        bytes = options.MemoryBytes;
        return OfDevice(device);
    }

    public CudaResult DeviceGetAttribute(int device, CudaDeviceAttribute attribute, out int value)
    {
        int? known = attribute switch
        {
            CudaDeviceAttribute.MaxThreadsPerBlock => ThreadsPerBlock,
            CudaDeviceAttribute.MaxSharedMemoryPerBlock => PlainSharedBytes,
            CudaDeviceAttribute.WarpSize => WarpSize,
            CudaDeviceAttribute.ClockRate => 1_000_000,
            CudaDeviceAttribute.MultiprocessorCount => options.MultiprocessorCount,
            CudaDeviceAttribute.MemoryClockRate => 1_000_000,
            CudaDeviceAttribute.GlobalMemoryBusWidth => 64,
            CudaDeviceAttribute.L2CacheSize => 4 << 20,
            CudaDeviceAttribute.MaxThreadsPerMultiprocessor => Multiprocessor.Threads,
            CudaDeviceAttribute.ComputeCapabilityMajor => options.ComputeMajor,
            CudaDeviceAttribute.ComputeCapabilityMinor => options.ComputeMinor,
            CudaDeviceAttribute.MaxSharedMemoryPerMultiprocessor => Multiprocessor.SharedBytes,
            CudaDeviceAttribute.MaxRegistersPerMultiprocessor => Multiprocessor.Registers,
            CudaDeviceAttribute.MaxSharedMemoryPerBlockOptIn => Multiprocessor.SharedBytesPerBlock,
            CudaDeviceAttribute.MaxBlocksPerMultiprocessor => Multiprocessor.Blocks,
            CudaDeviceAttribute.ReservedSharedMemoryPerBlock => Multiprocessor.ReservedSharedBytes,
            CudaDeviceAttribute.Integrated or CudaDeviceAttribute.ComputeMode or CudaDeviceAttribute.EccEnabled => 0,
            _ => null,
        };
        value = known ?? 0;
        return known is null ? CudaResult.InvalidValue : OfDevice(device);
    }

    public CudaResult DeviceGetPciBusId(int device, out string id)
    {
        id = "0000:00:00.0";
        return OfDevice(device);
    }

    public CudaResult DevicePrimaryContextRetain(int device, out nint context)
    {
        context = ContextHandle;
        CudaResult result = OfDevice(device);
        _retained += result == CudaResult.Success ? 1 : 0;
        return result;
    }

    public CudaResult DevicePrimaryContextRelease(int device)
    {
        if (_retained == 0)
        {
            return CudaResult.InvalidContext;
        }

        _retained--;
        return OfDevice(device);
    }

    public CudaResult ContextSetCurrent(nint context)
    {
        if (context != 0 && (context != ContextHandle || _retained == 0))
        {
            return CudaResult.InvalidContext;
        }

        _current[Environment.CurrentManagedThreadId] = context;
        return CudaResult.Success;
    }

    public CudaResult ContextSynchronize()
    {
        CudaResult result = Outside();
        if (result == CudaResult.Success)
        {
            _defaultChain.Complete();
            foreach (EmulatedStream stream in _handles.Of<EmulatedStream>())
            {
                stream.Chain.Complete();
            }
        }

        return result;
    }

    public string? GetErrorName(CudaResult result)
    {
        if (!Enum.IsDefined(result))
        {
            return null;
        }

        // The driver's own names, such as CUDA_ERROR_ILLEGAL_ADDRESS, from this program's.
        string name = string.Concat(result.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : $"{c}"));
        return (result == CudaResult.Success ? "CUDA_" : "CUDA_ERROR_") + name.ToUpper(CultureInfo.InvariantCulture);
    }

    public string? GetErrorString(CudaResult result) => null;

    /// <summary>What a call of a context returns before it does anything: the thread must have one, and it must be well.</summary>
    private CudaResult Inside()
    {
        if (_retained == 0 || _current.GetValueOrDefault(Environment.CurrentManagedThreadId) == 0)
        {
            return CudaResult.InvalidContext;
        }

        if (_sticky == CudaResult.Success)
        {
            LastFaultDetail = null;
        }

        return _sticky;
    }

    /// <summary>The same for a call that may not be made while a graph is captured, and breaks the capture.</summary>
    private CudaResult Outside()
    {
        CudaResult result = Inside();
        if (result != CudaResult.Success || _capturing.Count == 0)
        {
            return result;
        }

        _capturing.ForEach(stream => stream.IsCaptureBroken = true);
        return CudaResult.StreamCaptureUnsupported;
    }

    private CudaResult OfDevice(int device)
    {
        if (_start != CudaResult.Success)
        {
            return _start;
        }

        return device == 0 ? CudaResult.Success : CudaResult.InvalidDevice;
    }

    /// <summary>A call that is refused, with more than its code says.</summary>
    private CudaResult Refuse(CudaResult result, string detail)
    {
        LastFaultDetail = detail;
        return result;
    }

    /// <summary>Does something that the machine may refuse, which does not poison the context.</summary>
    private CudaResult Try(Action action)
    {
        try
        {
            action();
            LastFaultDetail = null;
            return CudaResult.Success;
        }
        catch (EmulatedFaultException fault)
        {
            return Refuse(CudaResult.InvalidValue, fault.Message);
        }
    }
}
