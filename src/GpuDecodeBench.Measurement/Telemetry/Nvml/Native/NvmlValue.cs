using System.Runtime.InteropServices;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>A value of one of several types (<c>nvmlValue_t</c>, a union of 8 bytes).</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal struct NvmlValue
{
    [FieldOffset(0)]
    public double Double;

    [FieldOffset(0)]
    public uint UnsignedInt;

    [FieldOffset(0)]
    public ulong UnsignedLongLong;

    [FieldOffset(0)]
    public long SignedLongLong;

    [FieldOffset(0)]
    public int SignedInt;

    [FieldOffset(0)]
    public ushort UnsignedShort;

    /// <summary>The value as a number; null for a type that is not known here and for what is no number.</summary>
    public readonly double? ToDouble(NvmlValueType type) =>
        type switch
        {
            NvmlValueType.Double => double.IsFinite(Double) ? Double : null,
            NvmlValueType.UnsignedInt => UnsignedInt,
            NvmlValueType.UnsignedLong => OperatingSystem.IsWindows() ? UnsignedInt : UnsignedLongLong,
            NvmlValueType.UnsignedLongLong => UnsignedLongLong,
            NvmlValueType.SignedLongLong => SignedLongLong,
            NvmlValueType.SignedInt => SignedInt,
            NvmlValueType.UnsignedShort => UnsignedShort,
            _ => null,
        };

    /// <summary>How many bits a counter of the type has before it wraps.</summary>
    public static int Bits(NvmlValueType type) =>
        type switch
        {
            NvmlValueType.UnsignedInt => 32,
            NvmlValueType.UnsignedLong when OperatingSystem.IsWindows() => 32,
            NvmlValueType.UnsignedShort => 16,
            _ => 64,
        };
}
