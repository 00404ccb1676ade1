using System.Runtime.Intrinsics.X86;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>
/// Bit 31 of ECX of CPUID leaf 1, which hypervisors set for their guests (Linux lists it as the flag <c>hypervisor</c>; AMD64
/// Architecture Programmer's Manual, volume 3, appendix E.3.2).
/// </summary>
internal static class HypervisorBit
{
    /// <summary>Whether the bit is set; null where the CPU is not an x86.</summary>
    /// <remarks>Windows sets it for itself too where Hyper-V or virtualisation-based security is on.</remarks>
    public static bool? Read() => X86Base.IsSupported ? X86Base.CpuId(1, 0).Ecx < 0 : null;
}
