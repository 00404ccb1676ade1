using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>The PTX emulator as the machine under <see cref="EmulatedCudaDriver"/>.</summary>
internal sealed class PtxMachine : IEmulatedMachine, IDisposable
{
    // All modules of three architectures, so that whoever goes through them decodes none twice; one takes some megabytes.
    private static readonly PtxModuleCache s_modules = new(100);

    private readonly EmulatedDevice _device;

    /// <summary>A machine that checks what the options say; the driver keeps account of memory and limits itself.</summary>
    public PtxMachine(EmulatedDeviceOptions? options = null)
    {
        _device = new EmulatedDevice(
            (options ?? new EmulatedDeviceOptions()) with
            {
                TotalMemoryBytes = long.MaxValue,
            }
        );
    }

    /// <summary>Called after every launch with what it did, in order.</summary>
    public LaunchObserver? OnLaunch { get; set; }

    /// <summary>Ends launches early.</summary>
    public CancellationToken Cancellation { get; set; }

    public ulong Allocate(long bytes, string label) => _device.GlobalMemory.Allocate(bytes, label);

    public void Free(ulong address) => _device.GlobalMemory.Free(address);

    public void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        try
        {
            _device.GlobalMemory.Write(address, bytes);
        }
        catch (ArgumentException refused)
        {
            throw new EmulatedFaultException(CudaResult.InvalidValue, refused.Message, refused);
        }
    }

    public void Read(ulong address, Span<byte> bytes)
    {
        try
        {
            _device.GlobalMemory.Read(address, bytes);
        }
        catch (ArgumentException refused)
        {
            throw new EmulatedFaultException(CudaResult.InvalidValue, refused.Message, refused);
        }
    }

    public IEmulatedModule? Load(string ptx, out string errors)
    {
        try
        {
            PtxModule module = s_modules.Load(ptx);
            errors = string.Empty;
            return new Module(module);
        }
        catch (PtxException wrong)
        {
            errors = wrong.Message;
            return null;
        }
    }

    public void Run(
        IEmulatedKernel kernel,
        CudaDim3 grid,
        CudaDim3 block,
        int dynamicSharedBytes,
        ReadOnlySpan<byte> parameters,
        LaunchChain? chain,
        bool isProgrammatic
    )
    {
        PtxKernel ptx = ((Kernel)kernel).Ptx;
        var blocks = new GridShape(grid.X, grid.Y, grid.Z);
        var threads = new GridShape(block.X, block.Y, block.Z);
        try
        {
            LaunchCounters counters = chain is null
                ? _device.Launch(ptx, blocks, threads, dynamicSharedBytes, parameters, Cancellation)
                : _device.Launch(
                    ptx,
                    blocks,
                    threads,
                    dynamicSharedBytes,
                    parameters,
                    chain,
                    isProgrammatic,
                    Cancellation
                );
            OnLaunch?.Invoke(kernel.Name, grid, block, counters);
        }
        catch (PtxFaultException fault)
        {
            throw new EmulatedFaultException(Code(fault.Kind), fault.Message, fault);
        }
        catch (ArgumentException refused)
        {
            throw new EmulatedFaultException(CudaResult.InvalidValue, refused.Message, refused);
        }
    }

    public void Dispose() => _device.Dispose();

    /// <summary>The code a GPU gives for a fault; what it does not notice, such as a race, is a failed launch.</summary>
    internal static CudaResult Code(PtxFaultKind kind) =>
        kind switch
        {
            PtxFaultKind.OutOfBounds or PtxFaultKind.UseAfterFree => CudaResult.IllegalAddress,
            PtxFaultKind.Misaligned => CudaResult.MisalignedAddress,
            PtxFaultKind.IllegalOperation => CudaResult.IllegalInstruction,
            PtxFaultKind.InstructionLimit or PtxFaultKind.Deadlock => CudaResult.LaunchTimeout,
            _ => CudaResult.LaunchFailed,
        };

    private sealed class Module(PtxModule module) : IEmulatedModule
    {
        public Version Version => module.Version;

        public int Target { get; } = Number(module.Target);

        public bool IsForTargetAlone => module.Target.EndsWith('a');

        public IReadOnlyDictionary<string, IEmulatedKernel> Kernels { get; } =
            module.Kernels.ToDictionary(pair => pair.Key, pair => (IEmulatedKernel)new Kernel(pair.Value));

        /// <summary>The number in sm_90a, or in a list that begins with it.</summary>
        private static int Number(string target) =>
            int.TryParse(
                new string([.. target.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]),
                CultureInfo.InvariantCulture,
                out int number
            )
                ? number
                : 0;
    }

    private sealed class Kernel(PtxKernel kernel) : IEmulatedKernel
    {
        public PtxKernel Ptx => kernel;

        public string Name => kernel.Name;

        public int ParameterBytes => kernel.ParameterBytes;

        public int StaticSharedBytes => kernel.StaticSharedBytes;

        public int LocalBytes => kernel.LocalBytes;

        public int? MaxThreads => kernel.MaxThreads;
    }
}
