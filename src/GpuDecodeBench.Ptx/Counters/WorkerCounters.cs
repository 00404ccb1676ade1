namespace GpuDecodeBench.Ptx.Counters;

/// <summary>Counters of one worker; those of all workers are added when a launch ends.</summary>
internal sealed class WorkerCounters
{
    private static readonly int s_classes = Enum.GetValues<InstructionClass>().Length;

    public long[] WarpInstructions { get; } = new long[s_classes];

    public long[] ThreadInstructions { get; } = new long[s_classes];

    public long SharedBankConflicts { get; set; }

    public long SharedRequests { get; set; }

    public long SharedAtomics { get; set; }

    public long LocalAccesses { get; set; }

    /// <summary>By the allocation's index.</summary>
    public Dictionary<int, AllocationUse> Uses { get; } = [];

    public AllocationUse UseOf(Memory.Allocation allocation)
    {
        if (!Uses.TryGetValue(allocation.Index, out var use))
        {
            use = new(allocation.Label, allocation.Bytes);
            Uses[allocation.Index] = use;
        }
        return use;
    }

    public void Add(WorkerCounters other)
    {
        for (var i = 0; i < WarpInstructions.Length; i++)
        {
            WarpInstructions[i] += other.WarpInstructions[i];
            ThreadInstructions[i] += other.ThreadInstructions[i];
        }
        SharedBankConflicts += other.SharedBankConflicts;
        SharedRequests += other.SharedRequests;
        SharedAtomics += other.SharedAtomics;
        LocalAccesses += other.LocalAccesses;
        foreach (var (index, use) in other.Uses)
        {
            if (!Uses.TryGetValue(index, out var mine))
            {
                mine = new(use.Label, use.AllocationBytes);
                Uses[index] = mine;
            }
            mine.Add(use);
        }
    }
}
