using System.Runtime.InteropServices;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>A question to <c>nvmlDeviceGetFieldValues</c> and its answer (<c>nvmlFieldValue_t</c>, 40 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlFieldValue
{
    /// <summary>What is asked for.</summary>
    public NvmlField Field;

    /// <summary>Of what: for power 0 the GPU and 1 the module with its CPU; for NVLink the link's number.</summary>
    public uint Scope;

    /// <summary>Microseconds of the host's clock, which is not used: drivers differ in which.</summary>
    public long TimestampMicroseconds;

    /// <summary>How long the value took, in microseconds.</summary>
    public long LatencyMicroseconds;

    /// <summary>What the value is.</summary>
    public NvmlValueType Type;

    /// <summary>Whether there is a value.</summary>
    public NvmlReturn Return;

    /// <summary>The value, defined only after success.</summary>
    public NvmlValue Value;

    /// <summary>A question, answered with <see cref="NvmlReturn.NoData"/> until the library writes another answer.</summary>
    public static NvmlFieldValue Ask(NvmlField field, uint scope = 0) =>
        new()
        {
            Field = field,
            Scope = scope,
            Return = NvmlReturn.NoData,
        };
}
