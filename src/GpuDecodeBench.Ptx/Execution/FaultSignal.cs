namespace GpuDecodeBench.Ptx.Execution;

/// <summary>A fault where it is found; the warp adds kernel, instruction and thread.</summary>
internal sealed class FaultSignal(PtxFaultKind kind, string problem, int lane, ulong? address = null)
    : Exception(problem)
{
    public PtxFaultKind Kind { get; } = kind;

    public int Lane { get; } = lane;

    public ulong? Address { get; } = address;
}
