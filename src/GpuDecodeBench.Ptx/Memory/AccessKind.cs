namespace GpuDecodeBench.Ptx.Memory;

/// <summary>What an access does to memory.</summary>
internal enum AccessKind
{
    Read,
    Write,
    Atomic,
}
