using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Tests.Cuda.Driver;

/// <summary>
/// A driver without a device: it counts what is alive, refuses what was given back before, and fails where a test says so.
/// </summary>
internal sealed class FakeCudaDriver : ICudaDriver
{
    private readonly Dictionary<string, (int Calls, CudaResult Result)> _failures = [];
    private readonly Dictionary<nint, string> _alive = [];
    private nint _next = 100;

    public int Version { get; init; } = 12080;

    public int DeviceCount { get; init; } = 1;

    public string Name { get; init; } = "Fake GPU";

    public Dictionary<CudaDeviceAttribute, int> Attributes { get; } =
        new() { [CudaDeviceAttribute.ComputeCapabilityMajor] = 9 };

    public string? LastFaultDetail { get; set; }

    public List<string> Calls { get; } = [];

    public List<CudaLaunchShape> Launches { get; } = [];

    /// <summary>What the compiler was told, call by call.</summary>
    public List<CudaJitOptions> Compilations { get; } = [];

    /// <summary>Whether it knows the option to compile kernels side by side.</summary>
    public bool KnowsParallelCompiler { get; init; } = true;

    /// <summary>What every call returns from now on, but for those that say what a code means.</summary>
    public CudaResult? Poison { get; set; }

    /// <summary>What the next questions whether an event has happened are answered; afterwards all have.</summary>
    public Queue<bool> Happened { get; } = [];

    /// <summary>What was made and not given back.</summary>
    public IReadOnlyCollection<string> Alive => _alive.Values;

    /// <summary>Lets a call fail, once so many before it have succeeded.</summary>
    public FakeCudaDriver Fail(string call, CudaResult result, int after = 0)
    {
        _failures[call] = (after, result);
        return this;
    }

    public CudaResult Init() => Call();

    public CudaResult DriverGetVersion(out int version)
    {
        version = Version;
        return Call();
    }

    public CudaResult DeviceGetCount(out int count)
    {
        count = DeviceCount;
        return Call();
    }

    public CudaResult DeviceGet(int ordinal, out int device)
    {
        device = ordinal;
        return Call();
    }

    public CudaResult DeviceGetName(int device, out string name)
    {
        name = Name;
        return Call();
    }

    public CudaResult DeviceGetUuid(int device, Span<byte> uuid)
    {
        uuid.Fill(0xab);
        return Call();
    }

    public CudaResult DeviceTotalMem(int device, out long bytes)
    {
        bytes = 80L << 30;
        return Call();
    }

    public CudaResult DeviceGetAttribute(int device, CudaDeviceAttribute attribute, out int value) =>
        Attributes.TryGetValue(attribute, out value) ? Call() : CudaResult.InvalidValue;

    public CudaResult DeviceGetPciBusId(int device, out string id)
    {
        id = "0000:01:00.0";
        return Call();
    }

    public CudaResult DevicePrimaryContextRetain(int device, out nint context) => Make("context", out context);

    public CudaResult DevicePrimaryContextRelease(int device) =>
        Give(_alive.First(pair => pair.Value == "context").Key);

    public CudaResult ContextSetCurrent(nint context) => Call();

    public CudaResult ContextSynchronize() => Call();

    public CudaResult MemGetInfo(out long freeBytes, out long totalBytes)
    {
        freeBytes = 3L << 30;
        totalBytes = 80L << 30;
        return Call();
    }

    public CudaResult MemAlloc(long bytes, string label, out ulong address)
    {
        CudaResult result = Make("memory", out nint handle);
        address = (ulong)handle;
        return result;
    }

    public CudaResult MemFree(ulong address) => Give((nint)address);

    public CudaResult MemcpyHtoD(ulong destination, ReadOnlySpan<byte> source) => Call();

    public CudaResult MemcpyDtoH(Span<byte> destination, ulong source) => Call();

    public CudaResult MemcpyDtoDAsync(ulong destination, ulong source, long bytes, nint stream) => Call();

    public unsafe CudaResult MemHostAlloc(long bytes, out nint pointer)
    {
        CudaResult result = Call();
        pointer = result == CudaResult.Success ? (nint)NativeMemory.AllocZeroed((nuint)bytes) : 0;
        if (pointer != 0)
        {
            _alive.Add(pointer, "host memory");
        }

        return result;
    }

    public unsafe CudaResult MemFreeHost(nint pointer)
    {
        CudaResult result = Give(pointer);
        NativeMemory.Free((void*)pointer);
        return result;
    }

    public CudaResult MemcpyHtoDAsync(ulong destination, nint source, long bytes, nint stream) => Call();

    public CudaResult MemcpyDtoHAsync(nint destination, ulong source, long bytes, nint stream) => Call();

    public CudaResult MemsetD8Async(ulong address, byte value, long count, nint stream) => Call();

    public CudaResult MemsetD16Async(ulong address, ushort value, long count, nint stream) => Call();

    public CudaResult MemsetD32Async(ulong address, uint value, long count, nint stream) => Call();

    public CudaResult ModuleLoadData(
        ReadOnlySpan<byte> image,
        CudaJitOptions options,
        out nint module,
        out CudaJitLog log
    )
    {
        Compilations.Add(options);
        if (options.IsParallel && !KnowsParallelCompiler)
        {
            (module, log) = (0, new("", ""));
            return CudaResult.InvalidValue;
        }

        CudaResult result = Make("module", out module);
        log = result == CudaResult.Success ? new("fine", "") : new("", "ptxas: line 3: unknown symbol\n");
        return result;
    }

    public CudaResult ModuleUnload(nint module) => Give(module);

    public CudaResult ModuleGetFunction(nint module, string name, out nint function)
    {
        function = 7;
        return name == "missing" ? CudaResult.NotFound : Call();
    }

    public CudaResult FuncGetAttribute(nint function, CudaFunctionAttribute attribute, out int value)
    {
        value = 10 + (int)attribute;
        return Call();
    }

    public CudaResult FuncSetAttribute(nint function, CudaFunctionAttribute attribute, int value) => Call();

    public CudaResult OccupancyMaxActiveBlocksPerMultiprocessor(
        nint function,
        int threadsPerBlock,
        long dynamicSharedBytes,
        out int blocks
    )
    {
        blocks = 4;
        return Call();
    }

    public CudaResult LaunchKernelEx(in CudaLaunchShape shape, nint function, ReadOnlySpan<byte> arguments)
    {
        Launches.Add(shape);
        return Call();
    }

    public CudaResult StreamCreateNonBlocking(out nint stream) => Make("stream", out stream);

    public CudaResult StreamDestroy(nint stream) => Give(stream);

    public CudaResult StreamSynchronize(nint stream) => Call();

    public CudaResult StreamQuery(nint stream) => Call();

    public CudaResult StreamBeginCapture(nint stream) => Call();

    public CudaResult StreamEndCapture(nint stream, out nint graph) => Make("graph", out graph);

    public CudaResult GraphInstantiate(nint graph, out nint executable) => Make("executable graph", out executable);

    public CudaResult GraphLaunch(nint executable, nint stream) => Call();

    public CudaResult GraphGetNodeCount(nint graph, out long count)
    {
        count = 2;
        return Call();
    }

    public CudaResult GraphDestroy(nint graph) => Give(graph);

    public CudaResult GraphExecDestroy(nint executable) => Give(executable);

    public CudaResult EventCreate(out nint created) => Make("event", out created);

    public CudaResult EventDestroy(nint recorded) => Give(recorded);

    public CudaResult EventRecord(nint recorded, nint stream) => Call();

    public CudaResult EventSynchronize(nint recorded) => Call();

    public CudaResult EventQuery(nint recorded)
    {
        CudaResult result = Call();
        return result == CudaResult.Success && Happened.TryDequeue(out bool has) && !has ? CudaResult.NotReady : result;
    }

    public CudaResult EventElapsedTime(nint start, nint end, out float milliseconds)
    {
        milliseconds = 2.5f;
        return Call();
    }

    public string? GetErrorName(CudaResult result) => $"CUDA_ERROR_{(int)result}";

    public string? GetErrorString(CudaResult result) => "some words";

    private CudaResult Call([CallerMemberName] string call = "")
    {
        Calls.Add(call);
        if (_failures.TryGetValue(call, out (int Calls, CudaResult Result) failure))
        {
            if (failure.Calls == 0)
            {
                return failure.Result;
            }

            _failures[call] = (failure.Calls - 1, failure.Result);
        }

        return Poison ?? CudaResult.Success;
    }

    private CudaResult Make(string kind, out nint handle, [CallerMemberName] string call = "")
    {
        CudaResult result = Call(call);
        handle = 0;
        if (result == CudaResult.Success)
        {
            handle = _next++;
            _alive.Add(handle, kind);
        }

        return result;
    }

    private CudaResult Give(nint handle, [CallerMemberName] string call = "")
    {
        Assert.True(_alive.Remove(handle), $"{call} was given {handle}, which is not alive");
        return Call(call);
    }
}
