using Xunit;

namespace GpuDecodeBench.Tests.Shared;

/// <summary>A theory that needs a compiled stand-in for a vendor's library, skipped with the reason where none can be compiled.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StandInTheoryAttribute : TheoryAttribute
{
    public StandInTheoryAttribute()
    {
        Skip = StandInCompiler.WhyUnavailable;
    }
}
