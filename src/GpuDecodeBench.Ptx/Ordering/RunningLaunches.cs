namespace GpuDecodeBench.Ptx.Ordering;

/// <summary>Launches that may still run, by what they touch.</summary>
internal sealed class RunningLaunches
{
    private readonly List<PastLaunch> _launches = [];
    private readonly Dictionary<int, RunningAccesses> _accesses = [];

    public bool IsEmpty => _launches.Count == 0;

    /// <summary>The kernel that did not wait for them, so that the end of it does not tell of theirs; null where none is to blame.</summary>
    public string? NotWaitedForBy { get; private init; }

    /// <summary>What they do to an allocation; null where nothing.</summary>
    public RunningAccesses? To(int allocation) => _accesses.GetValueOrDefault(allocation);

    public void Add(PastLaunch launch)
    {
        _launches.Add(launch);
        foreach (var (allocation, bytes) in launch.Written)
        {
            Accesses(allocation).Writers.Add((launch, bytes));
        }
        foreach (var (allocation, bytes) in launch.Read)
        {
            Accesses(allocation).Readers.Add((launch, bytes));
        }
    }

    public RunningLaunches Copy(string? notWaitedForBy = null) => Only(-1, notWaitedForBy ?? NotWaitedForBy);

    /// <summary>Those that are not among the first so many of the chain.</summary>
    public RunningLaunches After(long count) =>
        IsEmpty || _launches[0].Number > count ? this : Only(count, NotWaitedForBy);

    private RunningLaunches Only(long after, string? notWaitedForBy)
    {
        var copy = new RunningLaunches { NotWaitedForBy = notWaitedForBy };
        foreach (var launch in _launches)
        {
            if (launch.Number > after)
            {
                copy.Add(launch);
            }
        }
        return copy;
    }

    private RunningAccesses Accesses(int allocation)
    {
        if (!_accesses.TryGetValue(allocation, out var accesses))
        {
            accesses = new();
            _accesses.Add(allocation, accesses);
        }
        return accesses;
    }
}
