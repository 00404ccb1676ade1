using GpuDecodeBench.Backends.Native;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <content>Memory: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__MEM.html.</content>
internal sealed unsafe partial class NativeCudaDriver
{
    public CudaResult MemGetInfo(out long freeBytes, out long totalBytes)
    {
        nuint free = 0;
        nuint total = 0;
        CudaResult result = _memory.GetInfo(&free, &total);
        freeBytes = (long)free;
        totalBytes = (long)total;
        return result;
    }

    public CudaResult MemAlloc(long bytes, string label, out ulong address)
    {
        ulong value = 0;
        CudaResult result = _memory.Alloc(&value, (nuint)bytes);
        address = value;
        return result;
    }

    public CudaResult MemFree(ulong address) => _memory.Free(address);

    public CudaResult MemcpyHtoD(ulong destination, ReadOnlySpan<byte> source)
    {
        fixed (byte* bytes = source)
        {
            return _memory.CopyToDevice(destination, bytes, (nuint)source.Length);
        }
    }

    public CudaResult MemcpyDtoH(Span<byte> destination, ulong source)
    {
        fixed (byte* bytes = destination)
        {
            return _memory.CopyToHost(bytes, source, (nuint)destination.Length);
        }
    }

    public CudaResult MemcpyDtoDAsync(ulong destination, ulong source, long bytes, nint stream) =>
        _memory.CopyAsync(destination, source, (nuint)bytes, stream);

    public CudaResult MemHostAlloc(long bytes, out nint pointer)
    {
        void* value = null;
        CudaResult result = _memory.HostAlloc(&value, (nuint)bytes, 0);
        pointer = (nint)value;
        return result;
    }

    public CudaResult MemFreeHost(nint pointer) => _memory.FreeHost((void*)pointer);

    public CudaResult MemcpyHtoDAsync(ulong destination, nint source, long bytes, nint stream) =>
        _memory.CopyToDeviceAsync(destination, (void*)source, (nuint)bytes, stream);

    public CudaResult MemcpyDtoHAsync(nint destination, ulong source, long bytes, nint stream) =>
        _memory.CopyToHostAsync((void*)destination, source, (nuint)bytes, stream);

    public CudaResult MemsetD8Async(ulong address, byte value, long count, nint stream) =>
        _memory.Set8Async(address, value, (nuint)count, stream);

    public CudaResult MemsetD16Async(ulong address, ushort value, long count, nint stream) =>
        _memory.Set16Async(address, value, (nuint)count, stream);

    public CudaResult MemsetD32Async(ulong address, uint value, long count, nint stream) =>
        _memory.Set32Async(address, value, (nuint)count, stream);

    private sealed class MemoryFunctions(NativeSymbols symbols)
    {
        public readonly delegate* unmanaged<nuint*, nuint*, CudaResult> GetInfo = (delegate* unmanaged<
            nuint*,
            nuint*,
            CudaResult>)
            symbols.Get("cuMemGetInfo_v2");

        public readonly delegate* unmanaged<ulong*, nuint, CudaResult> Alloc = (delegate* unmanaged<
            ulong*,
            nuint,
            CudaResult>)
            symbols.Get("cuMemAlloc_v2");

        public readonly delegate* unmanaged<ulong, CudaResult> Free = (delegate* unmanaged<ulong, CudaResult>)
            symbols.Get("cuMemFree_v2");

        public readonly delegate* unmanaged<ulong, void*, nuint, CudaResult> CopyToDevice = (delegate* unmanaged<
            ulong,
            void*,
            nuint,
            CudaResult>)
            symbols.Get("cuMemcpyHtoD_v2");

        public readonly delegate* unmanaged<void*, ulong, nuint, CudaResult> CopyToHost = (delegate* unmanaged<
            void*,
            ulong,
            nuint,
            CudaResult>)
            symbols.Get("cuMemcpyDtoH_v2");

        public readonly delegate* unmanaged<ulong, ulong, nuint, nint, CudaResult> CopyAsync = (delegate* unmanaged<
            ulong,
            ulong,
            nuint,
            nint,
            CudaResult>)
            symbols.Get("cuMemcpyDtoDAsync_v2");

        public readonly delegate* unmanaged<void**, nuint, uint, CudaResult> HostAlloc = (delegate* unmanaged<
            void**,
            nuint,
            uint,
            CudaResult>)
            symbols.Get("cuMemHostAlloc");

        public readonly delegate* unmanaged<void*, CudaResult> FreeHost = (delegate* unmanaged<void*, CudaResult>)
            symbols.Get("cuMemFreeHost");

        public readonly delegate* unmanaged<ulong, void*, nuint, nint, CudaResult> CopyToDeviceAsync =
            (delegate* unmanaged<ulong, void*, nuint, nint, CudaResult>)symbols.Get("cuMemcpyHtoDAsync_v2");

        public readonly delegate* unmanaged<void*, ulong, nuint, nint, CudaResult> CopyToHostAsync =
            (delegate* unmanaged<void*, ulong, nuint, nint, CudaResult>)symbols.Get("cuMemcpyDtoHAsync_v2");

        public readonly delegate* unmanaged<ulong, byte, nuint, nint, CudaResult> Set8Async = (delegate* unmanaged<
            ulong,
            byte,
            nuint,
            nint,
            CudaResult>)
            symbols.Get("cuMemsetD8Async");

        public readonly delegate* unmanaged<ulong, ushort, nuint, nint, CudaResult> Set16Async = (delegate* unmanaged<
            ulong,
            ushort,
            nuint,
            nint,
            CudaResult>)
            symbols.Get("cuMemsetD16Async");

        public readonly delegate* unmanaged<ulong, uint, nuint, nint, CudaResult> Set32Async = (delegate* unmanaged<
            ulong,
            uint,
            nuint,
            nint,
            CudaResult>)
            symbols.Get("cuMemsetD32Async");
    }
}
