using GpuDecodeBench.Backends.Native;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <content>
/// Streams, graphs and events: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__STREAM.html, group__CUDA__GRAPH.html and
/// group__CUDA__EVENT.html.
/// </content>
internal sealed unsafe partial class NativeCudaDriver
{
    // CU_STREAM_NON_BLOCKING, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL and CU_EVENT_DEFAULT of
    // https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html.
    private const uint NonBlocking = 1;
    private const int CaptureThreadLocal = 1;
    private const uint EventDefault = 0;

    public CudaResult StreamCreateNonBlocking(out nint stream) => Create(_streams.Create, NonBlocking, out stream);

    public CudaResult StreamDestroy(nint stream) => _streams.Destroy(stream);

    public CudaResult StreamSynchronize(nint stream) => _streams.Synchronize(stream);

    public CudaResult StreamQuery(nint stream) => _streams.Query(stream);

    public CudaResult StreamBeginCapture(nint stream) => _streams.BeginCapture(stream, CaptureThreadLocal);

    public CudaResult StreamEndCapture(nint stream, out nint graph)
    {
        nint value = 0;
        CudaResult result = _streams.EndCapture(stream, &value);
        graph = value;
        return result;
    }

    public CudaResult GraphInstantiate(nint graph, out nint executable)
    {
        nint value = 0;
        CudaResult result = _streams.GraphInstantiate(&value, graph, 0);
        executable = value;
        return result;
    }

    public CudaResult GraphLaunch(nint executable, nint stream) => _streams.GraphLaunch(executable, stream);

    public CudaResult GraphGetNodeCount(nint graph, out long count)
    {
        // Without an array to fill, the number of all nodes comes back.
        nuint value = 0;
        CudaResult result = _streams.GraphGetNodes(graph, null, &value);
        count = (long)value;
        return result;
    }

    public CudaResult GraphDestroy(nint graph) => _streams.GraphDestroy(graph);

    public CudaResult GraphExecDestroy(nint executable) => _streams.GraphExecDestroy(executable);

    public CudaResult EventCreate(out nint created) => Create(_streams.EventCreate, EventDefault, out created);

    public CudaResult EventDestroy(nint recorded) => _streams.EventDestroy(recorded);

    public CudaResult EventRecord(nint recorded, nint stream) => _streams.EventRecord(recorded, stream);

    public CudaResult EventSynchronize(nint recorded) => _streams.EventSynchronize(recorded);

    public CudaResult EventQuery(nint recorded) => _streams.EventQuery(recorded);

    public CudaResult EventElapsedTime(nint start, nint end, out float milliseconds)
    {
        float value = 0;
        CudaResult result = _streams.EventElapsedTime(&value, start, end);
        milliseconds = value;
        return result;
    }

    private static CudaResult Create(delegate* unmanaged<nint*, uint, CudaResult> create, uint flags, out nint handle)
    {
        nint value = 0;
        CudaResult result = create(&value, flags);
        handle = value;
        return result;
    }

    private sealed class StreamFunctions(NativeSymbols symbols)
    {
        public readonly delegate* unmanaged<nint*, uint, CudaResult> Create = (delegate* unmanaged<
            nint*,
            uint,
            CudaResult>)
            symbols.Get("cuStreamCreate");

        public readonly delegate* unmanaged<nint, CudaResult> Destroy = (delegate* unmanaged<nint, CudaResult>)
            symbols.Get("cuStreamDestroy_v2");

        public readonly delegate* unmanaged<nint, CudaResult> Synchronize = (delegate* unmanaged<nint, CudaResult>)
            symbols.Get("cuStreamSynchronize");

        public readonly delegate* unmanaged<nint, CudaResult> Query = (delegate* unmanaged<nint, CudaResult>)
            symbols.Get("cuStreamQuery");

        public readonly delegate* unmanaged<nint, int, CudaResult> BeginCapture = (delegate* unmanaged<
            nint,
            int,
            CudaResult>)
            symbols.Get("cuStreamBeginCapture_v2");

        public readonly delegate* unmanaged<nint, nint*, CudaResult> EndCapture = (delegate* unmanaged<
            nint,
            nint*,
            CudaResult>)
            symbols.Get("cuStreamEndCapture");

        // cuGraphInstantiate means three different functions in CUDA 10, 11 and 12; this one has kept its shape since 11.4.
        public readonly delegate* unmanaged<nint*, nint, ulong, CudaResult> GraphInstantiate = (delegate* unmanaged<
            nint*,
            nint,
            ulong,
            CudaResult>)
            symbols.Get("cuGraphInstantiateWithFlags");

        public readonly delegate* unmanaged<nint, nint, CudaResult> GraphLaunch = (delegate* unmanaged<
            nint,
            nint,
            CudaResult>)
            symbols.Get("cuGraphLaunch");

        public readonly delegate* unmanaged<nint, nint*, nuint*, CudaResult> GraphGetNodes = (delegate* unmanaged<
            nint,
            nint*,
            nuint*,
            CudaResult>)
            symbols.Get("cuGraphGetNodes");

        public readonly delegate* unmanaged<nint, CudaResult> GraphDestroy = (delegate* unmanaged<nint, CudaResult>)
            symbols.Get("cuGraphDestroy");

        public readonly delegate* unmanaged<nint, CudaResult> GraphExecDestroy = (delegate* unmanaged<nint, CudaResult>)
            symbols.Get("cuGraphExecDestroy");

        public readonly delegate* unmanaged<nint*, uint, CudaResult> EventCreate = (delegate* unmanaged<
            nint*,
            uint,
            CudaResult>)
            symbols.Get("cuEventCreate");

        public readonly delegate* unmanaged<nint, CudaResult> EventDestroy = (delegate* unmanaged<nint, CudaResult>)
            symbols.Get("cuEventDestroy_v2");

        public readonly delegate* unmanaged<nint, nint, CudaResult> EventRecord = (delegate* unmanaged<
            nint,
            nint,
            CudaResult>)
            symbols.Get("cuEventRecord");

        public readonly delegate* unmanaged<nint, CudaResult> EventSynchronize = (delegate* unmanaged<nint, CudaResult>)
            symbols.Get("cuEventSynchronize");

        public readonly delegate* unmanaged<nint, CudaResult> EventQuery = (delegate* unmanaged<nint, CudaResult>)
            symbols.Get("cuEventQuery");

        // CUDA 13's headers put the second version in its place; drivers keep the first for programs built before, and those
        // older than 12.8 have it alone.
        public readonly delegate* unmanaged<float*, nint, nint, CudaResult> EventElapsedTime = (delegate* unmanaged<
            float*,
            nint,
            nint,
            CudaResult>)
            symbols.Get("cuEventElapsedTime", "cuEventElapsedTime_v2");
    }
}
