using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>One piece of captured work.</summary>
/// <param name="Kernel">The kernel that it launches; null where it is something else.</param>
/// <param name="Work">Does it.</param>
internal sealed record EmulatedNode(string? Kernel, Func<CudaResult> Work);
