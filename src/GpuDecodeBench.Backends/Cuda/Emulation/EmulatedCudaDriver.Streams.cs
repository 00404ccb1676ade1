using System.Diagnostics;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <content>Streams, graphs and events.</content>
internal sealed partial class EmulatedCudaDriver
{
    private readonly LaunchChain _defaultChain = new();
    private readonly List<EmulatedStream> _capturing = [];
    private readonly EmulatedHandles _functions = new();

    public CudaResult StreamCreateNonBlocking(out nint stream) => Create(() => new EmulatedStream(), out stream);

    public CudaResult StreamDestroy(nint stream)
    {
        if (_handles.TryGet(stream, out EmulatedStream? known))
        {
            _capturing.Remove(known);
        }

        return Destroy<EmulatedStream>(stream);
    }

    public CudaResult StreamSynchronize(nint stream)
    {
        if (ChainOf(stream) is not { } chain)
        {
            return CudaResult.InvalidHandle;
        }

        CudaResult result = Outside();
        if (result == CudaResult.Success)
        {
            chain.Complete();
        }

        return result;
    }

    public CudaResult StreamQuery(nint stream) => StreamSynchronize(stream);

    public CudaResult StreamBeginCapture(nint stream)
    {
        if (!_handles.TryGet(stream, out EmulatedStream? known))
        {
            return stream == 0 ? CudaResult.StreamCaptureUnsupported : CudaResult.InvalidHandle;
        }

        CudaResult result = Inside();
        if (result != CudaResult.Success || known.Captured is not null)
        {
            return result == CudaResult.Success ? CudaResult.IllegalState : result;
        }

        known.Captured = [];
        known.IsCaptureBroken = false;
        _capturing.Add(known);
        return CudaResult.Success;
    }

    public CudaResult StreamEndCapture(nint stream, out nint graph)
    {
        graph = 0;
        if (!_handles.TryGet(stream, out EmulatedStream? known) || known.Captured is not List<EmulatedNode> nodes)
        {
            return CudaResult.IllegalState;
        }

        known.Captured = null;
        _capturing.Remove(known);
        CudaResult result = Inside();
        if (result != CudaResult.Success || known.IsCaptureBroken)
        {
            return result == CudaResult.Success ? CudaResult.StreamCaptureInvalidated : result;
        }

        graph = _handles.Add(new EmulatedGraph(InOrder(nodes)));
        return CudaResult.Success;
    }

    public CudaResult GraphInstantiate(nint graph, out nint executable)
    {
        executable = 0;
        return _handles.TryGet(graph, out EmulatedGraph? known)
            ? Create(() => new EmulatedExecutable(known), out executable)
            : CudaResult.InvalidValue;
    }

    public CudaResult GraphLaunch(nint executable, nint stream)
    {
        if (!_handles.TryGet(executable, out EmulatedExecutable? known))
        {
            return CudaResult.InvalidValue;
        }

        return OnStream(
            stream,
            () =>
            {
                var chain = new LaunchChain(isGraph: true);
                foreach (EmulatedNode node in known.Graph.Nodes)
                {
                    CudaResult result = node.Work(chain);
                    if (result != CudaResult.Success || _sticky != CudaResult.Success)
                    {
                        return result;
                    }
                }

                return CudaResult.Success;
            }
        );
    }

    public CudaResult GraphGetNodeCount(nint graph, out long count)
    {
        count = _handles.TryGet(graph, out EmulatedGraph? known) ? known.Nodes.Count : 0;
        return known is null ? CudaResult.InvalidValue : Inside();
    }

    public CudaResult GraphDestroy(nint graph) => Destroy<EmulatedGraph>(graph);

    public CudaResult GraphExecDestroy(nint executable) => Destroy<EmulatedExecutable>(executable);

    public CudaResult EventCreate(out nint created) => Create(() => new EmulatedEvent(), out created);

    public CudaResult EventDestroy(nint recorded) => Destroy<EmulatedEvent>(recorded);

    public CudaResult EventRecord(nint recorded, nint stream)
    {
        if (!_handles.TryGet(recorded, out EmulatedEvent? known))
        {
            return CudaResult.InvalidHandle;
        }

        // On a stream that is captured an event marks a place in the graph and has no time.
        known.IsCaptured = _handles.TryGet(stream, out EmulatedStream? on) && on.Captured is not null;
        known.Timestamp = known.IsCaptured ? null : Stopwatch.GetTimestamp();
        known.Launches = known.IsCaptured || ChainOf(stream) is not { } chain ? null : (chain, chain.Count);
        return Inside();
    }

    public CudaResult EventSynchronize(nint recorded) => EventQuery(recorded);

    public CudaResult EventQuery(nint recorded)
    {
        if (!_handles.TryGet(recorded, out EmulatedEvent? known))
        {
            return CudaResult.InvalidHandle;
        }

        CudaResult result = known.IsCaptured ? CudaResult.CapturedEvent : Inside();
        if (result == CudaResult.Success && known.Launches is var (chain, count))
        {
            chain.Complete(count);
        }

        return result;
    }

    public CudaResult EventElapsedTime(nint start, nint end, out float milliseconds)
    {
        milliseconds = 0;
        if (
            !_handles.TryGet(start, out EmulatedEvent? first)
            || !_handles.TryGet(end, out EmulatedEvent? last)
            || first.Timestamp is not long from
            || last.Timestamp is not long to
        )
        {
            return CudaResult.InvalidHandle;
        }

        milliseconds = (float)Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
        return Inside();
    }

    /// <summary>The nodes as they are done: in the order of their capture but for the kernel that is to come too early.</summary>
    private List<EmulatedNode> InOrder(List<EmulatedNode> nodes)
    {
        List<EmulatedNode> order = [.. nodes];
        for (int i = 1; i < order.Count; i++)
        {
            if (order[i].Kernel is string kernel && kernel == options.EarlyInGraphs)
            {
                (order[i - 1], order[i]) = (order[i], order[i - 1]);
            }
        }

        return order;
    }

    /// <summary>The launches of a stream; null where there is no such stream.</summary>
    private LaunchChain? ChainOf(nint stream) =>
        stream == 0 ? _defaultChain
        : _handles.TryGet(stream, out EmulatedStream? known) ? known.Chain
        : null;

    /// <summary>Does work that is no launch of a kernel, or keeps it where the stream is captured.</summary>
    private CudaResult OnStream(nint stream, Func<CudaResult> work) =>
        OnStream(
            stream,
            chain =>
            {
                chain.NoteOtherWork();
                return work();
            },
            kernel: null
        );

    /// <summary>Does work, or keeps it where the stream is captured.</summary>
    private CudaResult OnStream(nint stream, Func<LaunchChain, CudaResult> work, string? kernel)
    {
        CudaResult result = Inside();
        if (result != CudaResult.Success)
        {
            return result;
        }

        if (stream == 0)
        {
            return work(_defaultChain);
        }

        if (!_handles.TryGet(stream, out EmulatedStream? known))
        {
            return CudaResult.InvalidHandle;
        }

        if (known.Captured is null)
        {
            return work(known.Chain);
        }

        known.Captured.Add(new EmulatedNode(kernel, work));
        return CudaResult.Success;
    }

    private CudaResult Create(Func<object> create, out nint handle)
    {
        CudaResult result = Inside();
        handle = result == CudaResult.Success ? _handles.Add(create()) : 0;
        return result;
    }

    /// <summary>Handles end even after a fault, so that tests can count what was forgotten.</summary>
    private CudaResult Destroy<T>(nint handle)
        where T : class => _handles.Remove<T>(handle) ? Inside() : CudaResult.InvalidHandle;
}
