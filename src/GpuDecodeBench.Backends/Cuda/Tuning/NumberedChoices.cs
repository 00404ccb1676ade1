using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda.Tuning;

/// <summary>The candidate of a number, whatever is asked for; the last where there are fewer.</summary>
internal sealed class NumberedChoices(int number) : IKernelChoices
{
    /// <summary>The most candidates that there were to choose from.</summary>
    public int MostCandidates { get; private set; }

    public T Choose<T>(PlanOperation operation, string kind, string shape, IReadOnlyList<T> candidates)
        where T : struct
    {
        MostCandidates = Math.Max(MostCandidates, candidates.Count);
        return candidates[Math.Min(number, candidates.Count - 1)];
    }
}
