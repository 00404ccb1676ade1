namespace GpuDecodeBench.Workload.Plans;

/// <summary>
/// The roofline (Williams, Waterman, Patterson, CACM 2009) of a decode step: an operation takes at least as long as memory needs
/// for the bytes that no cache can hold for it, and as long as its arithmetic takes. Operations follow one another, so a step
/// takes the sum.
/// </summary>
public static class Roofline
{
    /// <summary>The bound of some bytes and FLOPs that can overlap.</summary>
    public static RooflineTime Of(long compulsoryReadBytes, long flops, RooflineCeilings ceilings)
    {
        ArgumentNullException.ThrowIfNull(ceilings);
        double memory = compulsoryReadBytes / ceilings.ReadBytesPerSecond;
        double? compute = flops / ceilings.FlopsPerSecond;
        return new RooflineTime(Math.Max(memory, compute ?? 0), memory, compute);
    }

    /// <summary>The bound of one operation.</summary>
    public static RooflineTime Of(PlanOperation operation, RooflineCeilings ceilings)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return Of(operation.CompulsoryReadBytes, operation.Flops, ceilings);
    }

    /// <summary>The bound of a step: the sum over its operations. Its memory and compute times are sums too.</summary>
    public static RooflineTime Of(DecodeStepPlan plan, RooflineCeilings ceilings)
    {
        ArgumentNullException.ThrowIfNull(plan);
        double seconds = plan.Operations.Sum(operation => Of(operation, ceilings).Seconds);
        RooflineTime whole = Of(plan.Totals.CompulsoryReadBytes, plan.Totals.Flops, ceilings);
        return whole with { Seconds = seconds };
    }
}
