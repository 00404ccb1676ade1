using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>
/// CUlaunchAttribute: an identifier padded to 8 bytes, then a union of 64 bytes.
/// https://docs.nvidia.com/cuda/cuda-driver-api/structCUlaunchAttribute.html.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal struct NativeLaunchAttribute
{
    /// <summary>CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION of enum CUlaunchAttributeID.</summary>
    public const int ProgrammaticStreamSerialization = 6;

    [FieldOffset(0)]
    public int Id;

    /// <summary>programmaticStreamSerializationAllowed of the union.</summary>
    [FieldOffset(8)]
    public int Value;
}
