using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends;

/// <summary>
/// Where each sequence's tokens lie in the paged cache. A block is one or more pages behind each other: block b begins with page
/// b × pages of a block.
/// </summary>
internal sealed class KvSlots
{
    private readonly DecodeStepPlan _plan;

    public KvSlots(DecodeStepPlan plan, ulong seed)
    {
        _plan = plan;
        BlockTables = SyntheticInputs.BlockTables(seed, plan);
        PagesPerBlock = plan.Conditions.KvBlockTokens / KvLayout.PageTokens;
        PageTables =
        [
            .. BlockTables.Select(blocks =>
                blocks.SelectMany(block => Enumerable.Range(block * PagesPerBlock, PagesPerBlock)).ToArray()
            ),
        ];
    }

    /// <summary>Pages in a block.</summary>
    public int PagesPerBlock { get; }

    /// <summary>The blocks of each sequence in the order of its tokens.</summary>
    public int[][] BlockTables { get; }

    /// <summary>The pages of each sequence in the order of its tokens; those of the last block may have no token yet.</summary>
    public int[][] PageTables { get; }

    /// <summary>Where a token of a sequence lies.</summary>
    public (int Page, int Slot) Of(int sequence, int token) =>
        (PageTables[sequence][token / KvLayout.PageTokens], token % KvLayout.PageTokens);

    /// <summary>Where the step's own token of a sequence lies.</summary>
    public (int Page, int Slot) NewToken(int sequence) => Of(sequence, _plan.Conditions.ContextTokens[sequence] - 1);
}
