using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>
/// CUlaunchConfig as the driver reads it: seven 32-bit numbers, then, at 8 bytes' alignment, the stream and the attributes.
/// https://docs.nvidia.com/cuda/cuda-driver-api/structCUlaunchConfig.html.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeLaunchConfig
{
    public uint GridX;
    public uint GridY;
    public uint GridZ;
    public uint BlockX;
    public uint BlockY;
    public uint BlockZ;
    public uint SharedBytes;
    public nint Stream;
    public NativeLaunchAttribute* Attributes;
    public uint AttributeCount;
}
