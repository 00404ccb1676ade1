using GpuDecodeBench.Ptx.Decoding;
using GpuDecodeBench.Ptx.Ordering;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>What all workers of a launch share.</summary>
internal sealed unsafe class Launch
{
    public required PtxKernel Kernel { get; init; }

    public required KernelProgram Program { get; init; }

    public required EmulatedDeviceOptions Options { get; init; }

    public required GlobalMemory Memory { get; init; }

    public required GridShape Grid { get; init; }

    public required GridShape Block { get; init; }

    public required int SharedBytes { get; init; }

    public required int DynamicSharedBytes { get; init; }

    public required byte* Parameters { get; init; }

    public required int ParameterBytes { get; init; }

    /// <summary>Addresses of the module's global and constant variables.</summary>
    public required IReadOnlyDictionary<string, ulong> Variables { get; init; }

    /// <summary>How it stands to other launches of its chain; null where it has none.</summary>
    public LaunchOrder? Order { get; init; }

    public int Threads => (int)Block.Count;
}
