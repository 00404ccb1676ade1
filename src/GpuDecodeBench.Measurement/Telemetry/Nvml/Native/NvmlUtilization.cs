using System.Runtime.InteropServices;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>Shares of time with work, in per cent (<c>nvmlUtilization_t</c>, 8 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlUtilization
{
    public uint CorePercent;
    public uint MemoryPercent;
}
