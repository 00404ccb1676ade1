namespace GpuDecodeBench.Workload.Plans;

/// <summary>What a device does at most, by which a step's time is predicted.</summary>
/// <param name="ReadBytesPerSecond">Bytes read from memory per second.</param>
/// <param name="FlopsPerSecond">Floating-point operations per second; null where it is not known, which leaves only the memory's bound.</param>
public sealed record RooflineCeilings(double ReadBytesPerSecond, double? FlopsPerSecond);
