namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>
/// The functions of the CUDA driver that this program uses, one for one: each returns the driver's own code and nothing is checked
/// or remembered here, so that everything above behaves alike on a GPU, on the emulator and on a driver made up by a test. Handles
/// are the driver's own pointers; device addresses are 64 bits. Semantics:
/// https://docs.nvidia.com/cuda/cuda-driver-api/modules.html.
/// </summary>
internal interface ICudaDriver
{
    /// <summary>What is known of the last failure beyond its code; null where the driver knows no more.</summary>
    string? LastFaultDetail => null;

    CudaResult Init();

    /// <summary>The newest CUDA version that the driver supports: 1000 times the major and 10 times the minor number.</summary>
    CudaResult DriverGetVersion(out int version);

    CudaResult DeviceGetCount(out int count);

    CudaResult DeviceGet(int ordinal, out int device);

    CudaResult DeviceGetName(int device, out string name);

    /// <summary>The 16 bytes of a device's identity; of a MIG instance its own.</summary>
    CudaResult DeviceGetUuid(int device, Span<byte> uuid);

    CudaResult DeviceTotalMem(int device, out long bytes);

    CudaResult DeviceGetAttribute(int device, CudaDeviceAttribute attribute, out int value);

    CudaResult DeviceGetPciBusId(int device, out string id);

    CudaResult DevicePrimaryContextRetain(int device, out nint context);

    CudaResult DevicePrimaryContextRelease(int device);

    CudaResult ContextSetCurrent(nint context);

    CudaResult ContextSynchronize();

    CudaResult MemGetInfo(out long freeBytes, out long totalBytes);

    /// <summary>Plain device memory. The label says what it is for, which the emulator's counts and faults name.</summary>
    CudaResult MemAlloc(long bytes, string label, out ulong address);

    CudaResult MemFree(ulong address);

    CudaResult MemcpyHtoD(ulong destination, ReadOnlySpan<byte> source);

    CudaResult MemcpyDtoH(Span<byte> destination, ulong source);

    CudaResult MemcpyDtoDAsync(ulong destination, ulong source, long bytes, nint stream);

    /// <summary>Page-locked memory of the host.</summary>
    CudaResult MemHostAlloc(long bytes, out nint pointer);

    CudaResult MemFreeHost(nint pointer);

    /// <summary>The source must be page-locked and stay alive until the copy is done.</summary>
    CudaResult MemcpyHtoDAsync(ulong destination, nint source, long bytes, nint stream);

    /// <summary>The destination must be page-locked and stay alive until the copy is done.</summary>
    CudaResult MemcpyDtoHAsync(nint destination, ulong source, long bytes, nint stream);

    CudaResult MemsetD8Async(ulong address, byte value, long count, nint stream);

    CudaResult MemsetD16Async(ulong address, ushort value, long count, nint stream);

    CudaResult MemsetD32Async(ulong address, uint value, long count, nint stream);

    /// <summary>Loads PTX (text, a closing zero is added where it lacks) or a binary image.</summary>
    CudaResult ModuleLoadData(ReadOnlySpan<byte> image, CudaJitOptions options, out nint module, out CudaJitLog log);

    CudaResult ModuleUnload(nint module);

    CudaResult ModuleGetFunction(nint module, string name, out nint function);

    CudaResult FuncGetAttribute(nint function, CudaFunctionAttribute attribute, out int value);

    CudaResult FuncSetAttribute(nint function, CudaFunctionAttribute attribute, int value);

    CudaResult OccupancyMaxActiveBlocksPerMultiprocessor(
        nint function,
        int threadsPerBlock,
        long dynamicSharedBytes,
        out int blocks
    );

    /// <summary>
    /// Launches a kernel that takes nothing, or one structure by value, whose bytes are <paramref name="arguments"/>.
    /// </summary>
    CudaResult LaunchKernelEx(in CudaLaunchShape shape, nint function, ReadOnlySpan<byte> arguments);

    /// <summary>A stream that does not wait for the default stream.</summary>
    CudaResult StreamCreateNonBlocking(out nint stream);

    CudaResult StreamDestroy(nint stream);

    CudaResult StreamSynchronize(nint stream);

    /// <summary><see cref="CudaResult.NotReady"/> while work is left.</summary>
    CudaResult StreamQuery(nint stream);

    /// <summary>Captures what this thread puts on the stream, rather than doing it.</summary>
    CudaResult StreamBeginCapture(nint stream);

    CudaResult StreamEndCapture(nint stream, out nint graph);

    CudaResult GraphInstantiate(nint graph, out nint executable);

    CudaResult GraphLaunch(nint executable, nint stream);

    CudaResult GraphGetNodeCount(nint graph, out long count);

    CudaResult GraphDestroy(nint graph);

    CudaResult GraphExecDestroy(nint executable);

    /// <summary>An event that records time.</summary>
    CudaResult EventCreate(out nint created);

    CudaResult EventDestroy(nint recorded);

    CudaResult EventRecord(nint recorded, nint stream);

    CudaResult EventSynchronize(nint recorded);

    /// <summary><see cref="CudaResult.NotReady"/> until the event has happened.</summary>
    CudaResult EventQuery(nint recorded);

    CudaResult EventElapsedTime(nint start, nint end, out float milliseconds);

    /// <summary>The name of a code, such as CUDA_ERROR_NO_DEVICE; null where the driver does not know it.</summary>
    string? GetErrorName(CudaResult result);

    /// <summary>The driver's few words on a code; null where it does not know it.</summary>
    string? GetErrorString(CudaResult result);
}
