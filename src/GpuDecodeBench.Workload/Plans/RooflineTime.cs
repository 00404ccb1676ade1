namespace GpuDecodeBench.Workload.Plans;

/// <summary>The shortest time that the ceilings allow, and which of them sets it.</summary>
/// <param name="Seconds">The larger of the two times.</param>
/// <param name="MemorySeconds">Compulsory bytes over the read ceiling.</param>
/// <param name="ComputeSeconds">FLOPs over the compute ceiling; null where that is not known.</param>
public sealed record RooflineTime(double Seconds, double MemorySeconds, double? ComputeSeconds)
{
    /// <summary><c>memory</c> or <c>compute</c>.</summary>
    public string Bound => ComputeSeconds > MemorySeconds ? "compute" : "memory";
}
