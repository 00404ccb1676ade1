using System.Runtime.InteropServices;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>Memory in bytes, what the driver reserves apart (<c>nvmlMemory_v2_t</c>, 40 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlMemoryV2
{
    /// <summary>The word that tells the library which structure this is: its size, and 2 in the highest byte.</summary>
    public const uint VersionWord = 40 | (2u << 24);

    public uint Version;
    public ulong TotalBytes;
    public ulong ReservedBytes;
    public ulong FreeBytes;
    public ulong UsedBytes;
}
