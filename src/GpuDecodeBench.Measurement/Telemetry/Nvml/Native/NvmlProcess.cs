namespace GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

/// <summary>A process as NVML lists it, whichever structure it came in.</summary>
/// <param name="ProcessId">Its number.</param>
/// <param name="MemoryBytes">The memory that it holds, in bytes; <see cref="NotAvailable"/> where that is not known.</param>
internal readonly record struct NvmlProcess(uint ProcessId, ulong MemoryBytes)
{
    /// <summary><c>NVML_VALUE_NOT_AVAILABLE</c> in a number without sign.</summary>
    public const ulong NotAvailable = ulong.MaxValue;
}
