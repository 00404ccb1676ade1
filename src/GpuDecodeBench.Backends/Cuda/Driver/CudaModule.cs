using System.Diagnostics.CodeAnalysis;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>Compiled kernels.</summary>
internal sealed class CudaModule : CudaResource
{
    private readonly nint _handle;

    internal CudaModule(CudaContext context, nint handle, string name, CudaJitLog log)
        : base(context)
    {
        _handle = handle;
        Name = name;
        Log = log;
    }

    public string Name { get; }

    /// <summary>What the compiler said.</summary>
    public CudaJitLog Log { get; }

    /// <summary>
    /// A kernel by name, to be asked for before a graph is captured: drivers load a kernel no earlier than this
    /// (https://docs.nvidia.com/cuda/cuda-programming-guide/04-special-topics/lazy-loading.html), which may end a capture.
    /// </summary>
    public CudaFunction Function(string name)
    {
        Enter();
        CudaResult result = Driver.ModuleGetFunction(_handle, name, out nint function);
        return result == CudaResult.Success
            ? new CudaFunction(Context, this, function, name)
            : throw Context.Failure(result, $"Finding the kernel {name} in the module {Name}");
    }

    /// <summary>A kernel by name, if there is one.</summary>
    public bool TryFunction(string name, [NotNullWhen(true)] out CudaFunction? function)
    {
        Enter();
        CudaResult result = Driver.ModuleGetFunction(_handle, name, out nint handle);
        if (result is not (CudaResult.Success or CudaResult.NotFound))
        {
            throw Context.Failure(result, $"Finding the kernel {name} in the module {Name}");
        }

        function = result == CudaResult.Success ? new CudaFunction(Context, this, handle, name) : null;
        return function is not null;
    }

    /// <summary>Whether the module is loaded.</summary>
    internal bool IsLoaded => Place is not null;

    protected override void Free() => _ = Driver.ModuleUnload(_handle);
}
