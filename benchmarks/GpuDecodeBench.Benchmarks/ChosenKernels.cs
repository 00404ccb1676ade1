using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Kernels;

namespace GpuDecodeBench.Benchmarks;

/// <summary>The kernels that a CPU device would take: the best of this processor, or those that the environment forces.</summary>
internal static class ChosenKernels
{
    public static CpuKernels Kernels { get; } =
        CpuKernels.For(SimdPaths.Choose(Environment.GetEnvironmentVariable(SimdPaths.Variable)));
}
