namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>
/// The primary context of a device, and all that is made in it: what is still alive is given back with it. Any thread may call,
/// one at a time: every call first makes the context its thread's own.
/// </summary>
internal sealed class CudaContext : IDisposable
{
    /// <summary>The context that this thread last made its own; nothing else in the process changes it.</summary>
    [ThreadStatic]
    private static CudaContext? t_current;

    private readonly LinkedList<CudaResource> _resources = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CudaMemoryKind> _kinds = [];
    private readonly nint _handle;
    private CudaException? _poison;
    private bool _isDisposed;

    private CudaContext(ICudaDriver driver, CudaDeviceInfo device, nint handle)
    {
        Driver = driver;
        Device = device;
        _handle = handle;
    }

    /// <summary>The device.</summary>
    public CudaDeviceInfo Device { get; }

    /// <summary>Bytes of the buffers alive.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>The error after which nothing works any more; null while all is well.</summary>
    public CudaException? Poison => _poison;

    internal ICudaDriver Driver { get; }

    /// <summary>How many things made in this context are alive.</summary>
    internal int AliveCount
    {
        get
        {
            lock (_gate)
            {
                return _resources.Count;
            }
        }
    }

    /// <summary>Takes the primary context of a device.</summary>
    /// <exception cref="DeviceUnavailableException">The device is not to be had, in words.</exception>
    public static CudaContext Create(ICudaDriver driver, CudaDeviceInfo device)
    {
        if (device.IsProhibited)
        {
            throw new DeviceUnavailableException(
                $"The GPU {device.Ordinal} ({device.Name}) is in compute mode Prohibited: let an administrator run nvidia-smi -i {device.Ordinal} -c DEFAULT, or choose another GPU."
            );
        }

        CudaResult result = driver.DevicePrimaryContextRetain(device.Handle, out nint handle);
        if (result != CudaResult.Success)
        {
            CudaException error = CudaErrors.Create(
                driver,
                result,
                $"Taking the GPU {device.Ordinal} ({device.Name}) into use"
            );
            throw new DeviceUnavailableException(error.Message, error);
        }

        var context = new CudaContext(driver, device, handle);
        try
        {
            context.Enter();
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Memory of the device that is free for anyone, and all of it.</summary>
    public (long FreeBytes, long TotalBytes) MemoryInfo()
    {
        Enter();
        Check(Driver.MemGetInfo(out long free, out long total), "Asking for the GPU's free memory");
        return (free, total);
    }

    /// <summary>The part in a step of the memory of a name; kernels' own tables are none that was allocated here.</summary>
    public CudaMemoryKind KindOf(string what) => _kinds.GetValueOrDefault(what, CudaMemoryKind.Kernel);

    /// <summary>Allocates device memory, whose content is not defined.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="what">What it is for, as the beginning of a sentence: "The KV cache".</param>
    /// <param name="kind">The part that it has in a step; all memory of one name has the same.</param>
    /// <exception cref="DeviceUnavailableException">There is not so much memory, in words.</exception>
    public CudaBuffer Allocate(long bytes, string what, CudaMemoryKind kind = CudaMemoryKind.Scratch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        Enter();
        CudaResult result = Driver.MemAlloc(bytes, what, out ulong address);
        if (result == CudaResult.OutOfMemory)
        {
            throw OutOfMemory(bytes, what);
        }

        Check(result, $"Allocating {CudaText.Bytes(bytes)} of GPU memory for {CudaText.LowerFirst(what)}");
        AllocatedBytes += bytes;
        _kinds[what] = kind;
        return Keep(new CudaBuffer(this, address, bytes, what));
    }

    /// <summary>Allocates page-locked host memory, which copies on a stream need.</summary>
    public CudaHostBuffer AllocateHost(long bytes, string what)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        Enter();
        Check(
            Driver.MemHostAlloc(bytes, out nint pointer),
            $"Allocating {CudaText.Bytes(bytes)} of page-locked host memory for {CudaText.LowerFirst(what)}"
        );
        return Keep(new CudaHostBuffer(this, pointer, bytes, what));
    }

    /// <summary>Compiles and loads PTX.</summary>
    /// <param name="ptx">The text.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="options">What the compiler is told.</param>
    public CudaModule LoadModule(ReadOnlySpan<byte> ptx, string name, CudaJitOptions options = default)
    {
        Enter();
        CudaResult result = Driver.ModuleLoadData(ptx, options, out nint module, out CudaJitLog log);
        if (result == CudaResult.InvalidValue && options.IsParallel)
        {
            // A driver that does not know the option refuses the call; without it compiling only takes longer.
            result = Driver.ModuleLoadData(ptx, options with { IsParallel = false }, out module, out log);
        }

        if (result != CudaResult.Success)
        {
            throw Failure(
                result,
                $"Compiling the kernels {name} for {Device.Name} (compute capability {Device.ComputeMajor}.{Device.ComputeMinor})",
                log.Errors.Length > 0 ? log.Errors : log.Information
            );
        }

        return Keep(new CudaModule(this, module, name, log));
    }

    /// <summary>Makes a stream that does not wait for the default stream.</summary>
    public CudaStream CreateStream()
    {
        Enter();
        Check(Driver.StreamCreateNonBlocking(out nint stream), "Creating a stream");
        return Keep(new CudaStream(this, stream));
    }

    /// <summary>Makes an event that records time.</summary>
    public CudaEvent CreateEvent()
    {
        Enter();
        Check(Driver.EventCreate(out nint created), "Creating an event");
        return Keep(new CudaEvent(this, created));
    }

    /// <summary>Waits for all work of the context.</summary>
    public void Synchronize()
    {
        Enter();
        Check(Driver.ContextSynchronize(), "Waiting for the GPU");
    }

    /// <summary>Gives everything back; never throws.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        while (Last() is CudaResource last)
        {
            last.Dispose();
        }

        _isDisposed = true;
        if (ReferenceEquals(t_current, this))
        {
            _ = Driver.ContextSetCurrent(0);
            t_current = null;
        }

        _ = Driver.DevicePrimaryContextRelease(Device.Handle);
    }

    /// <summary>Makes this the thread's own context.</summary>
    internal void Enter()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!ReferenceEquals(t_current, this))
        {
            Check(Driver.ContextSetCurrent(_handle), "Making the GPU's context current");
            t_current = this;
        }
    }

    /// <summary>Throws if a call failed; operations whose words cost something are checked by the caller.</summary>
    internal void Check(CudaResult result, string operation)
    {
        if (result != CudaResult.Success)
        {
            throw Failure(result, operation);
        }
    }

    /// <summary>The error of a call that failed, remembered if it poisons the context.</summary>
    internal CudaException Failure(CudaResult result, string operation, string? log = null)
    {
        CudaException error = CudaErrors.Create(Driver, result, operation, log, _poison);
        if (error.IsSticky)
        {
            _poison ??= error;
        }

        return error;
    }

    /// <summary>Puts something new among what is given back with the context.</summary>
    internal T Keep<T>(T resource)
        where T : CudaResource
    {
        lock (_gate)
        {
            resource.Place = _resources.AddLast(resource);
        }

        return resource;
    }

    /// <summary>Takes something out of what is given back with the context; false if it was out before.</summary>
    internal bool Forget(CudaResource resource)
    {
        lock (_gate)
        {
            if (resource.Place is not LinkedListNode<CudaResource> place)
            {
                return false;
            }

            _resources.Remove(place);
            resource.Place = null;
        }

        if (resource is CudaBuffer buffer)
        {
            AllocatedBytes -= buffer.Bytes;
        }

        if (!ReferenceEquals(t_current, this) && Driver.ContextSetCurrent(_handle) == CudaResult.Success)
        {
            t_current = this;
        }

        return true;
    }

    private CudaResource? Last()
    {
        lock (_gate)
        {
            return _resources.Last?.Value;
        }
    }

    private DeviceUnavailableException OutOfMemory(long bytes, string what)
    {
        string available =
            Driver.MemGetInfo(out long free, out long total) == CudaResult.Success
                ? $"has {CudaText.Bytes(free)} free of {CudaText.Bytes(total)}"
                : "has no more free";
        return new DeviceUnavailableException(
            $"{what} needs {CudaText.Bytes(bytes)} of GPU memory, but the GPU {Device.Ordinal} ({Device.Name}) {available}, with {CudaText.Bytes(AllocatedBytes)} already taken by this run: {CudaErrors.Advice(CudaResult.OutOfMemory)}.",
            CudaErrors.Create(Driver, CudaResult.OutOfMemory, $"Allocating {CudaText.Bytes(bytes)}")
        );
    }
}
