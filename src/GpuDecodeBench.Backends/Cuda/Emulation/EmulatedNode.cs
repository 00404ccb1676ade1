using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>One piece of captured work.</summary>
/// <param name="Kernel">The kernel that it launches; null where it is something else.</param>
/// <param name="Work">Does it, after the launches that it is given.</param>
internal sealed record EmulatedNode(string? Kernel, Func<LaunchChain, CudaResult> Work);
