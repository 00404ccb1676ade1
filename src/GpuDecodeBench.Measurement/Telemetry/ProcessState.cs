namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>A process on a device.</summary>
/// <param name="ProcessId">Its number, as the driver sees it: in a container not the one seen inside.</param>
/// <param name="MemoryBytes">Memory of the device that it holds, in bytes.</param>
public sealed record ProcessState(long ProcessId, Reading<long> MemoryBytes);
