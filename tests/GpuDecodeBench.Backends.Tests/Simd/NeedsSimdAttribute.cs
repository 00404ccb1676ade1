using GpuDecodeBench.Backends.Cpu;

namespace GpuDecodeBench.Backends.Tests.Simd;

/// <summary>The tests of this class need a SIMD path: where the processor lacks it they are shown as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NeedsSimdAttribute(SimdPath path) : Attribute
{
    public SimdPath Path { get; } = path;
}
