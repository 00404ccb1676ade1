using System.Runtime.InteropServices;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>Memory in bytes, what the driver reserves counted as used (<c>nvmlMemory_t</c>, 24 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlMemory
{
    public ulong TotalBytes;
    public ulong FreeBytes;
    public ulong UsedBytes;
}
