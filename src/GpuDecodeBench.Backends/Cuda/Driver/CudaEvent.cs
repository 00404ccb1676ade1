namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>A point in a stream's work, with its time.</summary>
internal sealed class CudaEvent : CudaResource
{
    internal CudaEvent(CudaContext context, nint handle)
        : base(context)
    {
        Handle = handle;
    }

    /// <summary>Whether the work before the event is done.</summary>
    public bool HasHappened
    {
        get
        {
            Enter();
            CudaResult result = Driver.EventQuery(Handle);
            if (result is CudaResult.Success or CudaResult.NotReady)
            {
                return result == CudaResult.Success;
            }

            throw Context.Failure(result, "Asking whether an event has happened");
        }
    }

    internal nint Handle { get; }

    /// <summary>Waits until the event has happened.</summary>
    public void Synchronize()
    {
        Enter();
        Check(Driver.EventSynchronize(Handle), "Waiting for an event");
    }

    /// <summary>Seconds on the GPU since an earlier event; waits until both have happened.</summary>
    public double SecondsSince(CudaEvent start)
    {
        start.Synchronize();
        Synchronize();
        Check(
            Driver.EventElapsedTime(start.Handle, Handle, out float milliseconds),
            "Measuring the time between two events"
        );
        return milliseconds / 1000.0;
    }

    protected override void Free() => _ = Driver.EventDestroy(Handle);
}
