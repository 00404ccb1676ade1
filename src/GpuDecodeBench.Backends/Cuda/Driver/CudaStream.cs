using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>Work that the device does in order.</summary>
internal sealed class CudaStream : CudaResource
{
    private readonly nint _handle;
    private readonly bool _hasProgrammaticLaunch;
    private string? _lastWork;

    internal CudaStream(CudaContext context, nint handle)
        : base(context)
    {
        _handle = handle;
        _hasProgrammaticLaunch = context.Device.ComputeMajor >= 9;
    }

    /// <summary>Whether work is captured rather than done.</summary>
    public bool IsCapturing { get; private set; }

    /// <summary>Whether all work is done.</summary>
    public bool IsIdle
    {
        get
        {
            Enter();
            CudaResult result = Driver.StreamQuery(_handle);
            if (result is CudaResult.Success or CudaResult.NotReady)
            {
                return result == CudaResult.Success;
            }

            throw Context.Failure(result, AfterLastWork("Asking whether the GPU is done"));
        }
    }

    /// <summary>Launches a kernel whose one parameter is a structure by value.</summary>
    /// <param name="launch">The kernel and its shape.</param>
    /// <param name="args">The structure, laid out as the kernel reads it.</param>
    /// <param name="what">What the launch is, for errors: "attention of layer 3".</param>
    public void Launch<T>(in CudaLaunch launch, in T args, string what)
        where T : unmanaged => Launch(launch, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in args)), what);

    /// <summary>Launches a kernel whose one parameter is a structure by value, or that has none.</summary>
    public void Launch(in CudaLaunch launch, ReadOnlySpan<byte> args, string what)
    {
        Enter();
        nint function = launch.Function.Enter();
        var shape = new CudaLaunchShape(
            launch.Grid,
            launch.Block,
            launch.DynamicSharedBytes,
            _handle,
            launch.ProgrammaticDependent && _hasProgrammaticLaunch
        );
        CudaResult result = Driver.LaunchKernelEx(shape, function, args);
        if (result != CudaResult.Success)
        {
            throw Context.Failure(
                result,
                $"Launching {what} (kernel {launch.Function.Name}, grid {launch.Grid}, block {launch.Block}, {launch.DynamicSharedBytes} bytes of dynamic shared memory, {args.Length} bytes of arguments)"
            );
        }

        _lastWork = what;
    }

    /// <summary>Launches captured work.</summary>
    public void Launch(CudaGraph graph)
    {
        nint executable = graph.EnterExecutable();
        Enter();
        CudaResult result = Driver.GraphLaunch(executable, _handle);
        if (result != CudaResult.Success)
        {
            throw Context.Failure(result, $"Launching a graph of {graph.NodeCount} pieces of work");
        }

        _lastWork = "a graph";
    }

    /// <summary>From here on this thread's work on the stream is captured rather than done.</summary>
    public void BeginCapture()
    {
        Enter();
        Check(Driver.StreamBeginCapture(_handle), "Beginning the capture of a graph");
        IsCapturing = true;
    }

    /// <summary>Ends capturing and makes the captured work ready.</summary>
    public CudaGraph EndCapture()
    {
        Enter();
        IsCapturing = false;
        Check(Driver.StreamEndCapture(_handle, out nint graph), "Ending the capture of a graph");
        try
        {
            Check(Driver.GraphGetNodeCount(graph, out long nodes), "Counting the pieces of a graph");
            CudaResult result = Driver.GraphInstantiate(graph, out nint executable);
            return result == CudaResult.Success
                ? Context.Keep(new CudaGraph(Context, executable, checked((int)nodes)))
                : throw Context.Failure(result, $"Making a graph of {nodes} pieces of work ready");
        }
        finally
        {
            _ = Driver.GraphDestroy(graph);
        }
    }

    /// <summary>Ends capturing and drops what was captured; for when something failed between. Never throws.</summary>
    public void AbandonCapture()
    {
        if (!IsCapturing || Place is null)
        {
            return;
        }

        IsCapturing = false;
        if (Driver.StreamEndCapture(_handle, out nint graph) == CudaResult.Success && graph != 0)
        {
            _ = Driver.GraphDestroy(graph);
        }
    }

    /// <summary>Puts an event after the work so far.</summary>
    public void Record(CudaEvent recorded)
    {
        Enter();
        Check(Driver.EventRecord(recorded.Handle, _handle), "Recording an event");
    }

    /// <summary>Waits for the work so far.</summary>
    public void Synchronize()
    {
        Enter();
        CudaResult result = Driver.StreamSynchronize(_handle);
        if (result != CudaResult.Success)
        {
            throw Context.Failure(result, AfterLastWork("Waiting for the GPU"));
        }
    }

    /// <summary>Copies to the device in the stream's order; the host's memory must stay as it is until then.</summary>
    public void CopyToDevice(
        CudaHostBuffer source,
        CudaBuffer destination,
        long bytes,
        long sourceOffset = 0,
        long destinationOffset = 0
    )
    {
        destination.CheckRange(destinationOffset, bytes);
        nint from = source.PointerAt(sourceOffset, bytes);
        Enter();
        CudaResult result = Driver.MemcpyHtoDAsync(
            destination.Address + (ulong)destinationOffset,
            from,
            bytes,
            _handle
        );
        CheckWork(result, $"copying to", destination, bytes);
    }

    /// <summary>Copies to the host in the stream's order.</summary>
    public void CopyToHost(
        CudaBuffer source,
        CudaHostBuffer destination,
        long bytes,
        long sourceOffset = 0,
        long destinationOffset = 0
    )
    {
        source.CheckRange(sourceOffset, bytes);
        nint to = destination.PointerAt(destinationOffset, bytes);
        Enter();
        CudaResult result = Driver.MemcpyDtoHAsync(to, source.Address + (ulong)sourceOffset, bytes, _handle);
        CheckWork(result, "copying from", source, bytes);
    }

    /// <summary>Copies within the device in the stream's order.</summary>
    public void Copy(
        CudaBuffer source,
        CudaBuffer destination,
        long bytes,
        long sourceOffset = 0,
        long destinationOffset = 0
    )
    {
        source.CheckRange(sourceOffset, bytes);
        destination.CheckRange(destinationOffset, bytes);
        Enter();
        CudaResult result = Driver.MemcpyDtoDAsync(
            destination.Address + (ulong)destinationOffset,
            source.Address + (ulong)sourceOffset,
            bytes,
            _handle
        );
        CheckWork(result, "copying within the GPU to", destination, bytes);
    }

    /// <summary>Sets every byte.</summary>
    public void Fill8(CudaBuffer buffer, byte value)
    {
        Enter();
        CheckWork(Driver.MemsetD8Async(buffer.Address, value, buffer.Bytes, _handle), "filling", buffer, buffer.Bytes);
    }

    /// <summary>Sets every two bytes; a last odd byte stays.</summary>
    public void Fill16(CudaBuffer buffer, ushort value)
    {
        Enter();
        CheckWork(
            Driver.MemsetD16Async(buffer.Address, value, buffer.Bytes / 2, _handle),
            "filling",
            buffer,
            buffer.Bytes
        );
    }

    /// <summary>Sets every four bytes; up to three last bytes stay.</summary>
    public void Fill32(CudaBuffer buffer, uint value)
    {
        Enter();
        CheckWork(
            Driver.MemsetD32Async(buffer.Address, value, buffer.Bytes / 4, _handle),
            "filling",
            buffer,
            buffer.Bytes
        );
    }

    protected override void Free() => _ = Driver.StreamDestroy(_handle);

    private void CheckWork(CudaResult result, string verb, CudaBuffer buffer, long bytes)
    {
        if (result != CudaResult.Success)
        {
            string words = $"{verb} {CudaText.LowerFirst(buffer.What)} ({CudaText.Bytes(bytes)})";
            throw Context.Failure(result, char.ToUpperInvariant(words[0]) + words[1..]);
        }

        _lastWork = verb;
    }

    private string AfterLastWork(string words) => _lastWork is null ? words : $"{words} after {_lastWork}";
}
