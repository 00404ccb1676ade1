namespace GpuDecodeBench.Measurement.Environment;

/// <summary>What control groups allow this process.</summary>
/// <param name="MemoryLimitBytes">The smallest memory limit from the process's group up to the root; null where there is none.</param>
/// <param name="CpuLimit">The smallest CPU limit, in processors; null where there is none.</param>
/// <param name="Tightest">The group that leaves the least memory; null where no group limits it.</param>
internal sealed record CgroupLimits(long? MemoryLimitBytes, double? CpuLimit, CgroupMemory? Tightest);
