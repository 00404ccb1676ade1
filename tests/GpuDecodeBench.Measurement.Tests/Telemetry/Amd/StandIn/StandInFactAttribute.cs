namespace GpuDecodeBench.Measurement.Tests.Telemetry.Amd.StandIn;

/// <summary>A fact that needs a compiled stand-in, skipped with the reason where there is no compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StandInFactAttribute : FactAttribute
{
    public StandInFactAttribute()
    {
        Skip = StandInCompiler.WhyUnavailable;
    }
}
