namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>Which member of a <see cref="NvmlValue"/> holds the value (<c>nvmlValueType_t</c>).</summary>
internal enum NvmlValueType
{
    Double = 0,
    UnsignedInt = 1,

    /// <summary>C's <c>unsigned long</c>: 64 bits on Linux, 32 on Windows.</summary>
    UnsignedLong = 2,
    UnsignedLongLong = 3,
    SignedLongLong = 4,
    SignedInt = 5,
    UnsignedShort = 6,
}
