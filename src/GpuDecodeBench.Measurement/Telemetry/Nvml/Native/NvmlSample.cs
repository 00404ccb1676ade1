using System.Runtime.InteropServices;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>An entry of a sensor's buffer (<c>nvmlSample_t</c>, 16 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlSample
{
    /// <summary>Microseconds of a clock of the host.</summary>
    public ulong TimestampMicroseconds;

    public NvmlValue Value;
}
