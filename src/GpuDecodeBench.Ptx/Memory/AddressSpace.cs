namespace GpuDecodeBench.Ptx.Memory;

/// <summary>State spaces a kernel can address.</summary>
internal enum AddressSpace
{
    Generic,
    Global,
    Shared,
    Local,
    Parameter,
}
