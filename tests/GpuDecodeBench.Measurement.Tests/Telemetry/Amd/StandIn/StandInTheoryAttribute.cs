namespace GpuDecodeBench.Measurement.Tests.Telemetry.Amd.StandIn;

/// <summary>A theory that needs a compiled stand-in, skipped with the reason where there is no compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StandInTheoryAttribute : TheoryAttribute
{
    public StandInTheoryAttribute()
    {
        Skip = StandInCompiler.WhyUnavailable;
    }
}
