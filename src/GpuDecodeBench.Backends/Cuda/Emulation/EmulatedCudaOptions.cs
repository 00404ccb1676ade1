using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>The emulated device, and what is to go wrong with it.</summary>
internal sealed record EmulatedCudaOptions
{
    public string Name { get; init; } = "PTX emulator";

    public int ComputeMajor { get; init; } = 8;

    public int ComputeMinor { get; init; }

    /// <summary>What the driver says it supports.</summary>
    public int DriverVersion { get; init; } = 13000;

    public int MultiprocessorCount { get; init; } = 2;

    /// <summary>Memory of the device.</summary>
    public long MemoryBytes { get; init; } = 4L << 30;

    /// <summary>The most shared memory of a block; 0 for what devices of this compute capability have.</summary>
    public int SharedBytesPerBlock { get; init; }

    /// <summary>Memory that others have taken already.</summary>
    public long TakenBytes { get; init; }

    /// <summary>What the driver returns when it is started; no device with <see cref="CudaResult.NoDevice"/>.</summary>
    public CudaResult StartResult { get; init; }

    /// <summary>Allocations fail once so many bytes are taken, whatever is free; null for never.</summary>
    public long? AllocationsFailAfterBytes { get; init; }

    /// <summary>Modules do not load, and this is what the compiler says; null for modules that load.</summary>
    public string? ModuleErrors { get; init; }

    /// <summary>
    /// Whether modules are the program's own, whose registers an assembler has counted; of others' nothing is known but what their
    /// text says.
    /// </summary>
    public bool HasOwnKernels { get; init; } = true;

    /// <summary>A kernel that is to fault; null for none.</summary>
    public EmulatedKernelFault? KernelFault { get; init; }

    /// <summary>Changes the PTX of a module before it is compiled, to see whether a fault in it is noticed; null for as it is.</summary>
    public Func<string, string>? AlterModule { get; init; }

    /// <summary>Changes a kernel's arguments before each launch, given its name; null for as they are.</summary>
    public Action<string, byte[]>? AlterArguments { get; init; }

    /// <summary>
    /// A kernel that in graphs runs before the one ahead of it, as one would that does not wait for it; null for none.
    /// </summary>
    public string? EarlyInGraphs { get; init; }

    /// <summary>
    /// Whether a fault shows at the next wait, as on a GPU, rather than at once at the launch at fault, which is easier to read.
    /// </summary>
    public bool ShowsFaultsLate { get; init; }
}
