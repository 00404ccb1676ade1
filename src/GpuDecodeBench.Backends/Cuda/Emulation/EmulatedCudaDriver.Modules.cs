using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <content>Modules and kernels.</content>
internal sealed partial class EmulatedCudaDriver
{
    /// <summary>What a kernel is said to use that is none of the program's, since only a compiler for a real device knows.</summary>
    private const int UnknownRegistersPerThread = 32;

    /// <summary>Compute capability 9.0: from here on a programmatic launch overlaps with those before it.</summary>
    private const int FirstMajorWithOverlap = 9;

    private readonly Dictionary<string, int> _launches = new(StringComparer.Ordinal);

    /// <summary>How often each kernel ran.</summary>
    public IReadOnlyDictionary<string, int> Launches => _launches;

    public CudaResult ModuleLoadData(
        ReadOnlySpan<byte> image,
        CudaJitOptions options,
        out nint module,
        out CudaJitLog log
    )
    {
        module = 0;
        log = new CudaJitLog(string.Empty, string.Empty);
        CudaResult result = Outside();
        if (result != CudaResult.Success)
        {
            return result;
        }

        int end = image.IndexOf((byte)0);
        result = Compile(
            ModuleTexts.Of(end < 0 ? image : image[..end]),
            out IEmulatedModule? loaded,
            out string errors
        );
        if (loaded is not null)
        {
            module = _handles.Add(loaded);
        }

        log = new CudaJitLog(string.Empty, errors);
        return result;
    }

    public CudaResult ModuleUnload(nint module) =>
        _handles.Remove<IEmulatedModule>(module) ? Outside() : CudaResult.InvalidHandle;

    public CudaResult ModuleGetFunction(nint module, string name, out nint function)
    {
        function = 0;

        // Kernels are loaded here, which older drivers cannot do while a graph is captured.
        CudaResult result = Outside();
        if (result != CudaResult.Success)
        {
            return result;
        }

        if (!_handles.TryGet(module, out IEmulatedModule? loaded))
        {
            return CudaResult.InvalidHandle;
        }

        if (!loaded.Kernels.TryGetValue(name, out IEmulatedKernel? kernel))
        {
            return CudaResult.NotFound;
        }

        KernelResources resources =
            (options.HasOwnKernels ? KernelResourceTable.Find(loaded.Target, name) : null)
            ?? new KernelResources(UnknownRegistersPerThread, kernel.LocalBytes, kernel.StaticSharedBytes);
        function = _functions.Add(new EmulatedFunction(kernel, resources, PlainSharedBytes - kernel.StaticSharedBytes));
        return CudaResult.Success;
    }

    public CudaResult FuncGetAttribute(nint function, CudaFunctionAttribute attribute, out int value)
    {
        value = 0;
        if (!_functions.TryGet(function, out EmulatedFunction? known))
        {
            return CudaResult.InvalidHandle;
        }

        value = attribute switch
        {
            CudaFunctionAttribute.MaxThreadsPerBlock => known.Kernel.MaxThreads ?? ThreadsPerBlock,
            CudaFunctionAttribute.SharedBytes => known.Kernel.StaticSharedBytes,
            CudaFunctionAttribute.LocalBytes => known.Resources.LocalBytes,
            CudaFunctionAttribute.RegistersPerThread => known.Resources.RegistersPerThread,
            CudaFunctionAttribute.MaxDynamicSharedBytes => known.MaxDynamicSharedBytes,
            CudaFunctionAttribute.PreferredSharedMemoryCarveout => known.Carveout,
            _ => 0,
        };
        return Inside();
    }

    public CudaResult FuncSetAttribute(nint function, CudaFunctionAttribute attribute, int value)
    {
        if (!_functions.TryGet(function, out EmulatedFunction? known))
        {
            return CudaResult.InvalidHandle;
        }

        if (attribute == CudaFunctionAttribute.PreferredSharedMemoryCarveout && value is >= -1 and <= 100)
        {
            known.Carveout = value;
            return Inside();
        }

        int most = Multiprocessor.SharedBytesPerBlock - known.Kernel.StaticSharedBytes;
        if (attribute != CudaFunctionAttribute.MaxDynamicSharedBytes || value < 0 || value > most)
        {
            return Refuse(
                CudaResult.InvalidValue,
                $"{attribute} of {known.Kernel.Name} cannot be {value}, since {most} bytes are left of {Multiprocessor.SharedBytesPerBlock}"
            );
        }

        known.MaxDynamicSharedBytes = value;
        return Inside();
    }

    public CudaResult OccupancyMaxActiveBlocksPerMultiprocessor(
        nint function,
        int threadsPerBlock,
        long dynamicSharedBytes,
        out int blocks
    )
    {
        blocks = 0;
        if (!_functions.TryGet(function, out EmulatedFunction? known) || threadsPerBlock <= 0)
        {
            return CudaResult.InvalidValue;
        }

        if (threadsPerBlock <= (known.Kernel.MaxThreads ?? ThreadsPerBlock))
        {
            blocks = Multiprocessor.BlocksOf(
                threadsPerBlock,
                known.Resources.RegistersPerThread,
                known.Kernel.StaticSharedBytes + dynamicSharedBytes
            );
        }

        return Inside();
    }

    public CudaResult LaunchKernelEx(in CudaLaunchShape shape, nint function, ReadOnlySpan<byte> arguments)
    {
        if (!_functions.TryGet(function, out EmulatedFunction? known))
        {
            return CudaResult.InvalidHandle;
        }

        CudaResult result = Inside();
        if (result != CudaResult.Success)
        {
            return result;
        }

        if (WhyNotLaunched(known, shape, arguments.Length) is string why)
        {
            return Refuse(CudaResult.InvalidValue, why);
        }

        byte[] parameters = arguments.ToArray();
        options.AlterArguments?.Invoke(known.Kernel.Name, parameters);
        CudaLaunchShape kept = shape;
        return OnStream(shape.Stream, chain => Run(known.Kernel, kept, parameters, chain), known.Kernel.Name);
    }

    private static bool IsPositive(CudaDim3 extents) => extents is { X: > 0, Y: > 0, Z: > 0 };

    /// <summary>What is wrong with a launch; null where nothing is.</summary>
    private static string? WhyNotLaunched(EmulatedFunction function, CudaLaunchShape shape, int argumentBytes)
    {
        string name = function.Kernel.Name;
        int threads = function.Kernel.MaxThreads ?? ThreadsPerBlock;
        if (!IsPositive(shape.Grid) || !IsPositive(shape.Block) || shape.Grid.Y > 65535 || shape.Grid.Z > 65535)
        {
            return $"the grid {shape.Grid} of blocks {shape.Block} of {name} has an extent out of range";
        }

        if (shape.Block.Count > threads || shape.Block.Z > 64)
        {
            return $"the block {shape.Block} of {name} has more than {threads} threads";
        }

        if (shape.DynamicSharedBytes < 0 || shape.DynamicSharedBytes > function.MaxDynamicSharedBytes)
        {
            return $"{name} asks for {shape.DynamicSharedBytes} bytes of dynamic shared memory, and {function.MaxDynamicSharedBytes} are allowed";
        }

        return argumentBytes == function.Kernel.ParameterBytes
            ? null
            : $"{name} takes {function.Kernel.ParameterBytes} bytes of parameters and was given {argumentBytes}";
    }

    private CudaResult Compile(string ptx, out IEmulatedModule? loaded, out string errors)
    {
        loaded = null;
        if (options.ModuleErrors is not null)
        {
            errors = options.ModuleErrors;
            return CudaResult.InvalidPtx;
        }

        IEmulatedModule? module = machine.Load(options.AlterModule?.Invoke(ptx) ?? ptx, out errors);
        if (module is null)
        {
            return CudaResult.InvalidPtx;
        }

        int required = CudaLibrary.RequiredDriverVersion(module.Version.Major, module.Version.Minor);
        if (required > options.DriverVersion)
        {
            errors = $"PTX {module.Version.ToString(2)} needs {CudaText.Version(required)}";
            return CudaResult.UnsupportedPtxVersion;
        }

        if (module.Target > Compute || (module.IsForTargetAlone && module.Target != Compute))
        {
            errors =
                $"PTX for compute capability {module.Target / 10}.{module.Target % 10} on a device of {options.ComputeMajor}.{options.ComputeMinor}";
            return CudaResult.NoBinaryForGpu;
        }

        loaded = module;
        return CudaResult.Success;
    }

    private CudaResult Run(IEmulatedKernel kernel, CudaLaunchShape shape, byte[] parameters, LaunchChain chain)
    {
        int launch = _launches.GetValueOrDefault(kernel.Name) + 1;
        _launches[kernel.Name] = launch;
        if (options.KernelFault is { } fault && fault.Kernel == kernel.Name && fault.Launch == launch)
        {
            return Fault(fault.Result, $"{fault.Detail} in kernel '{kernel.Name}', launch {launch}");
        }

        try
        {
            machine.Run(
                kernel,
                shape.Grid,
                shape.Block,
                shape.DynamicSharedBytes,
                parameters,
                options.ComputeMajor >= FirstMajorWithOverlap ? chain : null,
                shape.ProgrammaticStreamSerialization
            );
            return CudaResult.Success;
        }
        catch (EmulatedFaultException found)
        {
            return CudaErrors.IsSticky(found.Result)
                ? Fault(found.Result, found.Message)
                : Refuse(found.Result, found.Message);
        }
    }

    /// <summary>Poisons the context.</summary>
    private CudaResult Fault(CudaResult result, string detail)
    {
        _sticky = result;
        LastFaultDetail = detail;
        return options.ShowsFaultsLate ? CudaResult.Success : result;
    }
}
