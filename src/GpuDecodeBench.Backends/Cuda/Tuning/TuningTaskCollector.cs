using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda.Tuning;

/// <summary>Chooses as others do, and remembers what there was to choose.</summary>
internal sealed class TuningTaskCollector(KernelChoices choices) : IKernelChoices
{
    private readonly Dictionary<
        (string Kind, string Shape),
        (string[] Candidates, List<PlanOperation> Operations)
    > _seen = [];

    /// <summary>The shapes that are not known yet and leave a choice; those with the most bytes first.</summary>
    public IReadOnlyList<TuningTask> Tasks =>
        [
            .. _seen
                .Where(pair => pair.Value.Candidates.Length > 1 && !choices.Knows(pair.Key.Kind, pair.Key.Shape))
                .Select(pair => new TuningTask(
                    pair.Key.Kind,
                    pair.Key.Shape,
                    pair.Value.Candidates,
                    pair.Value.Operations
                ))
                .OrderByDescending(task => task.Bytes)
                .ThenBy(task => task.Kind, StringComparer.Ordinal)
                .ThenBy(task => task.Shape, StringComparer.Ordinal),
        ];

    public T Choose<T>(PlanOperation operation, string kind, string shape, IReadOnlyList<T> candidates)
        where T : struct
    {
        if (!_seen.TryGetValue((kind, shape), out (string[] Candidates, List<PlanOperation> Operations) seen))
        {
            seen = ([.. candidates.Select(candidate => candidate.ToString()!)], []);
            _seen.Add((kind, shape), seen);
        }

        seen.Operations.Add(operation);
        return choices.Choose(operation, kind, shape, candidates);
    }
}
