namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>A kernel; it lives as long as its module.</summary>
internal sealed class CudaFunction
{
    private readonly CudaContext _context;
    private readonly CudaModule _module;
    private readonly nint _handle;

    internal CudaFunction(CudaContext context, CudaModule module, nint handle, string name)
    {
        _context = context;
        _module = module;
        _handle = handle;
        Name = name;
        RegistersPerThread = Attribute(CudaFunctionAttribute.RegistersPerThread);
        StaticSharedBytes = Attribute(CudaFunctionAttribute.SharedBytes);
        LocalBytes = Attribute(CudaFunctionAttribute.LocalBytes);
        ConstBytes = Attribute(CudaFunctionAttribute.ConstBytes);
        MaxThreadsPerBlock = Attribute(CudaFunctionAttribute.MaxThreadsPerBlock);
    }

    public string Name { get; }

    public int RegistersPerThread { get; }

    public int StaticSharedBytes { get; }

    /// <summary>Local memory of a thread: more than 0 tells of spilled registers.</summary>
    public int LocalBytes { get; }

    public int ConstBytes { get; }

    /// <summary>The most threads of a block that a launch of this kernel may have.</summary>
    public int MaxThreadsPerBlock { get; }

    /// <summary>The most dynamic shared memory that a launch may ask for: 48 KiB until it is set.</summary>
    public void SetMaxDynamicShared(int bytes) => Set(CudaFunctionAttribute.MaxDynamicSharedBytes, bytes);

    /// <summary>How many percent of the L1 cache the driver should keep as shared memory; -1 leaves it to the driver.</summary>
    public void SetCarveout(int percent) => Set(CudaFunctionAttribute.PreferredSharedMemoryCarveout, percent);

    /// <summary>What was asked for last; -1 where it is left to the driver.</summary>
    public int Carveout => Attribute(CudaFunctionAttribute.PreferredSharedMemoryCarveout);

    /// <summary>How many blocks of so many threads a multiprocessor runs at a time; 0 where not even one fits.</summary>
    public int Occupancy(int threads, int dynamicShared)
    {
        Enter();
        CudaResult result = _context.Driver.OccupancyMaxActiveBlocksPerMultiprocessor(
            _handle,
            threads,
            dynamicShared,
            out int blocks
        );
        return result == CudaResult.Success
            ? blocks
            : throw _context.Failure(
                result,
                $"Asking how many blocks of {threads} threads and {dynamicShared} bytes of shared memory of the kernel {Name} fit"
            );
    }

    /// <summary>The driver's handle of a kernel whose module is loaded.</summary>
    internal nint Enter()
    {
        ObjectDisposedException.ThrowIf(!_module.IsLoaded, this);
        _context.Enter();
        return _handle;
    }

    private int Attribute(CudaFunctionAttribute attribute)
    {
        Enter();
        CudaResult result = _context.Driver.FuncGetAttribute(_handle, attribute, out int value);
        return result == CudaResult.Success
            ? value
            : throw _context.Failure(result, $"Asking for {attribute} of the kernel {Name}");
    }

    private void Set(CudaFunctionAttribute attribute, int value)
    {
        Enter();
        CudaResult result = _context.Driver.FuncSetAttribute(_handle, attribute, value);
        if (result != CudaResult.Success)
        {
            throw _context.Failure(result, $"Setting {attribute} of the kernel {Name} to {value}");
        }
    }
}
