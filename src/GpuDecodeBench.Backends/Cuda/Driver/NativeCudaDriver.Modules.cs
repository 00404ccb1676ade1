using System.Text;
using GpuDecodeBench.Backends.Native;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <content>
/// Modules and kernels: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__MODULE.html and group__CUDA__EXEC.html.
/// </content>
internal sealed unsafe partial class NativeCudaDriver
{
    /// <summary>Room for each of the compiler's logs; it cuts what does not fit.</summary>
    private const int LogBytes = 64 << 10;

    // Of enum CUjit_option, https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html.
    private const int JitMaxRegisters = 0;
    private const int JitInfoLogBuffer = 3;
    private const int JitInfoLogBufferSizeBytes = 4;
    private const int JitErrorLogBuffer = 5;
    private const int JitErrorLogBufferSizeBytes = 6;
    private const int JitLogVerbose = 12;
    private const int JitGenerateLineInfo = 13;
    private const int JitSplitCompile = 34;

    private const int MostJitOptions = 8;

    public CudaResult ModuleLoadData(
        ReadOnlySpan<byte> image,
        CudaJitOptions options,
        out nint module,
        out CudaJitLog log
    )
    {
        byte[] information = new byte[LogBytes];
        byte[] errors = new byte[LogBytes];
        byte[] terminated = new byte[image.Length + 1];
        image.CopyTo(terminated);
        int* keys = stackalloc int[MostJitOptions];
        nint* values = stackalloc nint[MostJitOptions];
        nint loaded = 0;
        CudaResult result;
        fixed (byte* informationBytes = information)
        fixed (byte* errorBytes = errors)
        fixed (byte* imageBytes = terminated)
        {
            uint count = 0;
            void Add(int key, nint value)
            {
                keys[count] = key;
                values[count++] = value;
            }

            Add(JitInfoLogBuffer, (nint)informationBytes);
            Add(JitInfoLogBufferSizeBytes, LogBytes);
            Add(JitErrorLogBuffer, (nint)errorBytes);
            Add(JitErrorLogBufferSizeBytes, LogBytes);
            if (options.IsVerbose)
            {
                Add(JitLogVerbose, 1);
            }

            if (options.HasLineInfo)
            {
                Add(JitGenerateLineInfo, 1);
            }

            if (options.MaxRegisters > 0)
            {
                Add(JitMaxRegisters, options.MaxRegisters);
            }

            if (options.IsParallel)
            {
                // 0: as many threads as there are processors.
                Add(JitSplitCompile, 0);
            }

            result = _modules.LoadDataEx(&loaded, imageBytes, count, keys, (void**)values);
        }

        module = loaded;
        log = new CudaJitLog(Terminated(information), Terminated(errors));
        return result;
    }

    public CudaResult ModuleUnload(nint module) => _modules.Unload(module);

    public CudaResult ModuleGetFunction(nint module, string name, out nint function)
    {
        byte[] terminated = new byte[Encoding.UTF8.GetByteCount(name) + 1];
        Encoding.UTF8.GetBytes(name, terminated);
        nint value = 0;
        CudaResult result;
        fixed (byte* bytes = terminated)
        {
            result = _modules.GetFunction(&value, module, bytes);
        }

        function = value;
        return result;
    }

    public CudaResult FuncGetAttribute(nint function, CudaFunctionAttribute attribute, out int value)
    {
        int got = 0;
        CudaResult result = _modules.GetAttribute(&got, (int)attribute, function);
        value = got;
        return result;
    }

    public CudaResult FuncSetAttribute(nint function, CudaFunctionAttribute attribute, int value) =>
        _modules.SetAttribute(function, (int)attribute, value);

    public CudaResult OccupancyMaxActiveBlocksPerMultiprocessor(
        nint function,
        int threadsPerBlock,
        long dynamicSharedBytes,
        out int blocks
    )
    {
        int value = 0;
        CudaResult result = _modules.MaxActiveBlocks(&value, function, threadsPerBlock, (nuint)dynamicSharedBytes);
        blocks = value;
        return result;
    }

    public CudaResult LaunchKernelEx(in CudaLaunchShape shape, nint function, ReadOnlySpan<byte> arguments)
    {
        var attribute = new NativeLaunchAttribute
        {
            Id = NativeLaunchAttribute.ProgrammaticStreamSerialization,
            Value = 1,
        };
        var config = new NativeLaunchConfig
        {
            GridX = (uint)shape.Grid.X,
            GridY = (uint)shape.Grid.Y,
            GridZ = (uint)shape.Grid.Z,
            BlockX = (uint)shape.Block.X,
            BlockY = (uint)shape.Block.Y,
            BlockZ = (uint)shape.Block.Z,
            SharedBytes = (uint)shape.DynamicSharedBytes,
            Stream = shape.Stream,
            Attributes = shape.ProgrammaticStreamSerialization ? &attribute : null,
            AttributeCount = shape.ProgrammaticStreamSerialization ? 1u : 0u,
        };
        fixed (byte* bytes = arguments)
        {
            // The driver knows from the kernel how many parameters there are and how long each is, and copies them now.
            void* parameter = bytes;
            return _modules.LaunchEx(&config, function, arguments.IsEmpty ? null : &parameter, null);
        }
    }

    private sealed class ModuleFunctions(NativeSymbols symbols)
    {
        public readonly delegate* unmanaged<nint*, void*, uint, int*, void**, CudaResult> LoadDataEx =
            (delegate* unmanaged<nint*, void*, uint, int*, void**, CudaResult>)symbols.Get("cuModuleLoadDataEx");

        public readonly delegate* unmanaged<nint, CudaResult> Unload = (delegate* unmanaged<nint, CudaResult>)
            symbols.Get("cuModuleUnload");

        public readonly delegate* unmanaged<nint*, nint, byte*, CudaResult> GetFunction = (delegate* unmanaged<
            nint*,
            nint,
            byte*,
            CudaResult>)
            symbols.Get("cuModuleGetFunction");

        public readonly delegate* unmanaged<int*, int, nint, CudaResult> GetAttribute = (delegate* unmanaged<
            int*,
            int,
            nint,
            CudaResult>)
            symbols.Get("cuFuncGetAttribute");

        public readonly delegate* unmanaged<nint, int, int, CudaResult> SetAttribute = (delegate* unmanaged<
            nint,
            int,
            int,
            CudaResult>)
            symbols.Get("cuFuncSetAttribute");

        public readonly delegate* unmanaged<int*, nint, int, nuint, CudaResult> MaxActiveBlocks = (delegate* unmanaged<
            int*,
            nint,
            int,
            nuint,
            CudaResult>)
            symbols.Get("cuOccupancyMaxActiveBlocksPerMultiprocessor");

        public readonly delegate* unmanaged<NativeLaunchConfig*, nint, void**, void**, CudaResult> LaunchEx =
            (delegate* unmanaged<NativeLaunchConfig*, nint, void**, void**, CudaResult>)symbols.Get("cuLaunchKernelEx");
    }
}
