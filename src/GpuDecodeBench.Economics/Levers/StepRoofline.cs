using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>
/// The roofline of a step in which every sequence runs several tokens at once, as when drafted tokens are checked: weights are read once
/// for all of them (of experts, those that all tokens together choose), and each sequence's cache once; the arithmetic is that of every
/// token.
/// </summary>
internal static class StepRoofline
{
    /// <summary>Seconds of the operations, without the link.</summary>
    /// <param name="one">The step of one token for each sequence.</param>
    /// <param name="all">The step of all tokens as if each were a sequence; <paramref name="one"/> itself for one token each.</param>
    /// <param name="ceilings">What the device does at most.</param>
    public static double Seconds(DecodeStepPlan one, DecodeStepPlan all, RooflineCeilings ceilings)
    {
        double seconds = 0;
        for (int i = 0; i < all.Operations.Length; i++)
        {
            PlanOperation operation = all.Operations[i];
            long bytes = operation.WeightReadBytes + one.Operations[i].KvReadBytes;
            seconds += Roofline.Of(bytes, operation.Flops, ceilings).Seconds;
        }

        return seconds;
    }
}
