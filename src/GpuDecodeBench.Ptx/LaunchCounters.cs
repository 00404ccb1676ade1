using GpuDecodeBench.Ptx.Counters;

namespace GpuDecodeBench.Ptx;

/// <summary>What a launch did.</summary>
public sealed record LaunchCounters
{
    private readonly WorkerCounters _total;

    internal LaunchCounters(WorkerCounters total)
    {
        _total = total;
        WarpInstructions = ByClass(total.WarpInstructions);
        ThreadInstructions = ByClass(total.ThreadInstructions);
        SharedBankConflicts = total.SharedBankConflicts;
        SharedRequests = total.SharedRequests;
        SharedAtomics = total.SharedAtomics;
        LocalAccesses = total.LocalAccesses;
        Allocations = total
            .Uses.Values.GroupBy(u => u.Label)
            .ToDictionary(g => g.Key, g => new AllocationCounters([.. g]));
    }

    /// <summary>Instructions issued to warps, by class; predicated off ones are issued too.</summary>
    public IReadOnlyDictionary<InstructionClass, long> WarpInstructions { get; }

    /// <summary>Instructions threads ran with their predicate true, by class.</summary>
    public IReadOnlyDictionary<InstructionClass, long> ThreadInstructions { get; }

    /// <summary>Sum of the warp instructions.</summary>
    public long TotalWarpInstructions => WarpInstructions.Values.Sum();

    /// <summary>Sum of the thread instructions.</summary>
    public long TotalThreadInstructions => ThreadInstructions.Values.Sum();

    /// <summary>Passes over shared memory beyond the fewest the requests' widths need.</summary>
    public long SharedBankConflicts { get; }

    /// <summary>Requests of warps to shared memory.</summary>
    public long SharedRequests { get; }

    /// <summary>Atomic operations of single threads on shared memory.</summary>
    public long SharedAtomics { get; }

    /// <summary>Accesses of single threads to local memory.</summary>
    public long LocalAccesses { get; }

    /// <summary>Global and constant memory by the label of its allocation; allocations of one label are added up.</summary>
    public IReadOnlyDictionary<string, AllocationCounters> Allocations { get; }

    /// <summary>Bytes threads asked for in loads from global memory.</summary>
    public long GlobalLoadedBytes => Allocations.Values.Sum(a => a.LoadedBytes);

    /// <summary>Bytes threads stored to global memory.</summary>
    public long GlobalStoredBytes => Allocations.Values.Sum(a => a.StoredBytes);

    /// <summary>Bytes of global memory read at least once.</summary>
    public long GlobalDistinctReadBytes => Allocations.Values.Sum(a => a.DistinctReadBytes);

    /// <summary>Bytes of global memory written at least once.</summary>
    public long GlobalDistinctWrittenBytes => Allocations.Values.Sum(a => a.DistinctWrittenBytes);

    /// <summary>Atomic operations of single threads on global memory.</summary>
    public long GlobalAtomics => Allocations.Values.Sum(a => a.AtomicAccesses);

    /// <summary>Counters of an allocation; null where the launch did not touch it.</summary>
    /// <param name="label">Label given at the allocation.</param>
    public AllocationCounters? Allocation(string label) => Allocations.GetValueOrDefault(label);

    /// <summary>What launches did together: a byte that several of them touched is one distinct byte.</summary>
    /// <param name="launches">Launches on one device.</param>
    public static LaunchCounters Together(IEnumerable<LaunchCounters> launches)
    {
        ArgumentNullException.ThrowIfNull(launches);
        var total = new WorkerCounters();
        foreach (var launch in launches)
        {
            total.Add(launch._total);
        }
        return new(total);
    }

    private static Dictionary<InstructionClass, long> ByClass(long[] counts)
    {
        var result = new Dictionary<InstructionClass, long>();
        foreach (var @class in Enum.GetValues<InstructionClass>())
        {
            result[@class] = counts[(int)@class];
        }
        return result;
    }
}
