using System.Runtime.InteropServices;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>
/// A device's place on the PCI bus (<c>nvmlPciInfo_t</c>, 68 bytes). Versions 1 and 2 are 52 bytes: the same up to
/// <see cref="SubSystemId"/>, and four reserved numbers in place of the longer text.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NvmlPci
{
    public const int ShortTextBytes = 16;
    public const int TextBytes = 32;

    /// <summary>Domain, bus, device and function, the domain in four digits.</summary>
    public fixed byte ShortText[ShortTextBytes];
    public uint Domain;
    public uint Bus;
    public uint Device;
    public uint DeviceId;
    public uint SubSystemId;

    /// <summary>The same, the domain in eight digits.</summary>
    public fixed byte Text[TextBytes];
}
