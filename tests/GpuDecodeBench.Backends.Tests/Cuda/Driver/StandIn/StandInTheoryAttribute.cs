namespace GpuDecodeBench.Backends.Tests.Cuda.Driver.StandIn;

/// <summary>A theory that needs the compiled stand-in for the CUDA driver, skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StandInTheoryAttribute : TheoryAttribute
{
    public StandInTheoryAttribute()
    {
        Skip = CudaStandIn.WhyUnavailable;
    }
}
