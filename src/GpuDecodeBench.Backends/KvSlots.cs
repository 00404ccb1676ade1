using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends;

/// <summary>Where each sequence's tokens lie in the paged cache.</summary>
internal sealed class KvSlots(DecodeStepPlan plan, ulong seed)
{
    /// <summary>The block of each sixteen tokens, for each sequence.</summary>
    public int[][] BlockTables { get; } = SyntheticInputs.BlockTables(seed, plan);

    /// <summary>Where a token of a sequence lies.</summary>
    public (int Block, int Slot) Of(int sequence, int token) =>
        (BlockTables[sequence][token / KvLayout.BlockTokens], token % KvLayout.BlockTokens);

    /// <summary>Where the step's own token of a sequence lies.</summary>
    public (int Block, int Slot) NewToken(int sequence) => Of(sequence, plan.Conditions.ContextTokens[sequence] - 1);
}
