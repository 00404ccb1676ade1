namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>
/// Something a context owns. It is given back once, by its own Dispose or by its context's; giving back never throws, since after
/// an error that poisons the context every call fails, and the driver frees all when the process ends.
/// </summary>
internal abstract class CudaResource : IDisposable
{
    protected CudaResource(CudaContext context)
    {
        Context = context;
    }

    protected CudaContext Context { get; }

    protected ICudaDriver Driver => Context.Driver;

    /// <summary>The place among its context's resources, null when it has been given back.</summary>
    internal LinkedListNode<CudaResource>? Place { get; set; }

    public void Dispose()
    {
        if (Context.Forget(this))
        {
            Free();
        }
    }

    /// <summary>Gives the handle back to the driver; the context is current.</summary>
    protected abstract void Free();

    /// <summary>Throws if this was given back, and makes the context this thread's own.</summary>
    protected void Enter()
    {
        ObjectDisposedException.ThrowIf(Place is null, this);
        Context.Enter();
    }

    /// <summary>Throws if a call failed.</summary>
    protected void Check(CudaResult result, string operation) => Context.Check(result, operation);
}
