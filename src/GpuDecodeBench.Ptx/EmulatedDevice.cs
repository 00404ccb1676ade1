using GpuDecodeBench.Ptx.Counters;
using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Ordering;

namespace GpuDecodeBench.Ptx;

/// <summary>A device that runs PTX kernels on the host, checks every access and counts what they do.</summary>
public sealed class EmulatedDevice : IDisposable
{
    private const int MostThreadsPerBlock = 1024;

    private readonly Dictionary<PtxModule, Dictionary<string, ulong>> _variables = [];

    /// <summary>A device with default options.</summary>
    public EmulatedDevice()
        : this(new()) { }

    /// <summary>A device with the given options.</summary>
    /// <param name="options">What it has and checks.</param>
    public EmulatedDevice(EmulatedDeviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        GlobalMemory = new(options.TotalMemoryBytes);
    }

    /// <summary>What the device has and checks.</summary>
    public EmulatedDeviceOptions Options { get; }

    /// <summary>The device's memory.</summary>
    public GlobalMemory GlobalMemory { get; }

    /// <summary>Address of a global or constant variable of a module, which is loaded if it is not yet.</summary>
    /// <param name="module">Module that declares it.</param>
    /// <param name="name">Name in the PTX.</param>
    public ulong VariableAddress(PtxModule module, string name) =>
        Load(module).TryGetValue(name, out var address)
            ? address
            : throw new ArgumentException($"the module has no variable '{name}'", nameof(name));

    /// <summary>Runs a kernel over a grid and returns what it did.</summary>
    /// <param name="kernel">Kernel.</param>
    /// <param name="grid">CTAs in the grid.</param>
    /// <param name="block">Threads in a CTA.</param>
    /// <param name="dynamicSharedBytes">Shared memory beyond what the kernel declares.</param>
    /// <param name="parameters">Parameters as they lie in memory.</param>
    /// <param name="cancellation">Ends the launch early.</param>
    /// <exception cref="PtxFaultException">The kernel did what it must not do.</exception>
    public LaunchCounters Launch(
        PtxKernel kernel,
        GridShape grid,
        GridShape block,
        int dynamicSharedBytes,
        ReadOnlySpan<byte> parameters,
        CancellationToken cancellation
    ) => new(Run(kernel, grid, block, dynamicSharedBytes, parameters, order: null, cancellation));

    /// <summary>Runs a kernel as the next launch of a chain, and checks that it may overlap with those before it.</summary>
    /// <param name="kernel">Kernel.</param>
    /// <param name="grid">CTAs in the grid.</param>
    /// <param name="block">Threads in a CTA.</param>
    /// <param name="dynamicSharedBytes">Shared memory beyond what the kernel declares.</param>
    /// <param name="parameters">Parameters as they lie in memory.</param>
    /// <param name="chain">The launches before it, to which it is added.</param>
    /// <param name="isProgrammatic">Whether it may begin before the launch ahead of it has ended.</param>
    /// <param name="cancellation">Ends the launch early.</param>
    /// <exception cref="PtxFaultException">The kernel did what it must not do.</exception>
    public LaunchCounters Launch(
        PtxKernel kernel,
        GridShape grid,
        GridShape block,
        int dynamicSharedBytes,
        ReadOnlySpan<byte> parameters,
        LaunchChain chain,
        bool isProgrammatic,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(chain);
        var order = chain.Begin(isProgrammatic);
        var total = Run(kernel, grid, block, dynamicSharedBytes, parameters, order, cancellation);
        chain.End(order, kernel.Name, total);
        return new(total);
    }

    /// <summary>Frees the device's memory.</summary>
    public void Dispose() => GlobalMemory.Dispose();

    private unsafe WorkerCounters Run(
        PtxKernel kernel,
        GridShape grid,
        GridShape block,
        int dynamicSharedBytes,
        ReadOnlySpan<byte> parameters,
        LaunchOrder? order,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var sharedBytes = Check(kernel, grid, block, dynamicSharedBytes, parameters.Length);
        // A copy: vector loads of parameters may end past the caller's span, workers run on other threads.
        var copy = (byte*)
            System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)Math.Max(parameters.Length, 16), 64);
        try
        {
            parameters.CopyTo(new Span<byte>(copy, parameters.Length));
            var launch = new Launch
            {
                Kernel = kernel,
                Program = kernel.Program,
                Options = Options,
                Memory = GlobalMemory,
                Grid = grid,
                Block = block,
                SharedBytes = sharedBytes,
                DynamicSharedBytes = dynamicSharedBytes,
                Parameters = copy,
                ParameterBytes = parameters.Length,
                Variables = Load(kernel.Module),
                Order = order,
            };
            return Run(launch, cancellation);
        }
        finally
        {
            System.Runtime.InteropServices.NativeMemory.AlignedFree(copy);
        }
    }

    private int Check(PtxKernel kernel, GridShape grid, GridShape block, int dynamicSharedBytes, int parameterBytes)
    {
        if (grid.X <= 0 || grid.Y <= 0 || grid.Z <= 0)
        {
            throw new ArgumentException($"grid {grid} is empty", nameof(grid));
        }
        if (block.X <= 0 || block.Y <= 0 || block.Z <= 0 || block.Count > MostThreadsPerBlock)
        {
            throw new ArgumentException($"block {block} has none or too many threads", nameof(block));
        }
        if (block.Count > kernel.MaxThreads)
        {
            throw new ArgumentException(
                $"block {block} is larger than the {kernel.MaxThreads} threads '{kernel.Name}' allows",
                nameof(block)
            );
        }
        if (parameterBytes != kernel.ParameterBytes)
        {
            throw new ArgumentException(
                $"'{kernel.Name}' takes {kernel.ParameterBytes} bytes of parameters, not {parameterBytes}",
                nameof(parameterBytes)
            );
        }
        ArgumentOutOfRangeException.ThrowIfNegative(dynamicSharedBytes);
        var sharedBytes = kernel.StaticSharedBytes + dynamicSharedBytes;
        return sharedBytes <= Options.SharedBytesPerBlock
            ? sharedBytes
            : throw new ArgumentException(
                $"'{kernel.Name}' with {sharedBytes} bytes of shared memory; a block has at most {Options.SharedBytesPerBlock}",
                nameof(dynamicSharedBytes)
            );
    }

    private WorkerCounters Run(Launch launch, CancellationToken cancellation)
    {
        var ctas = launch.Grid.Count;
        var wanted = Options.Workers > 0 ? Options.Workers : Environment.ProcessorCount;
        var count = (int)Math.Min(wanted, ctas);
        if (count == 1)
        {
            using var worker = new Worker(launch, 0);
            for (long cta = 0; cta < ctas; cta++)
            {
                worker.RunCta(cta, cancellation);
            }
            return worker.Counters;
        }
        return new ParallelRun(launch, count).Run(cancellation);
    }

    private Dictionary<string, ulong> Load(PtxModule module)
    {
        if (_variables.TryGetValue(module, out var addresses))
        {
            return addresses;
        }
        addresses = [];
        foreach (var variable in module.Variables.Values)
        {
            if (variable.Space is not ("global" or "const") || variable.Bytes == 0)
            {
                continue;
            }
            var address = GlobalMemory.Allocate(variable.Bytes, variable.Name, variable.Space == "const");
            // Variables without initial values are zero.
            GlobalMemory.Write(address, variable.Initial ?? new byte[variable.Bytes]);
            addresses[variable.Name] = address;
        }
        _variables[module] = addresses;
        return addresses;
    }
}
