using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>Fills a layer's cache with the keys and values of a step's earlier tokens, on all threads of a team.</summary>
internal static class KvCacheLoader
{
    public static PagedKvCache Load(
        CpuTeam team,
        ulong seed,
        DecodeStepPlan plan,
        int layer,
        KvSlots slots,
        IKvSource source,
        CancellationToken cancellation
    )
    {
        var synthetic = new SyntheticKv(seed, layer, plan.KvLayoutOf(layer));
        var cache = new PagedKvCache(synthetic.Layout, plan.KvPages, synthetic);
        (int Sequence, int Block)[] work =
        [
            .. slots.PageTables.SelectMany(
                (table, sequence) => Enumerable.Range(0, table.Length).Select(block => (sequence, block))
            ),
        ];
        int next = -1;
        team.Run(_ =>
        {
            var codes = new byte[cache.Layout.HeadDimension * cache.Layout.BytesPerElement];
            int item;
            while ((item = Interlocked.Increment(ref next)) < work.Length && !cancellation.IsCancellationRequested)
            {
                FillBlock(cache, source, layer, plan, slots, work[item].Sequence, work[item].Block, codes);
            }
        });
        if (cancellation.IsCancellationRequested)
        {
            cache.Dispose();
            cancellation.ThrowIfCancellationRequested();
        }

        return cache;
    }

    private static void FillBlock(
        PagedKvCache cache,
        IKvSource source,
        int layer,
        DecodeStepPlan plan,
        KvSlots slots,
        int sequence,
        int tableBlock,
        byte[] codes
    )
    {
        int first = tableBlock * PagedKvCache.BlockTokens;
        // The last token of the context is the step's own: the step stores it.
        int end = Math.Min(first + PagedKvCache.BlockTokens, plan.Conditions.ContextTokens[sequence] - 1);
        cache.ClearBlock(slots.PageTables[sequence][tableBlock]);
        for (int token = first; token < end; token++)
        {
            (int block, int slot) = slots.Of(sequence, token);
            for (int head = 0; head < cache.Layout.KvHeads; head++)
            {
                ushort scale = source.FillHead(layer, sequence, token, head, isValue: false, codes);
                cache.Store(block, slot, head, isValue: false, codes, scale);
                if (!cache.Layout.IsLatent)
                {
                    scale = source.FillHead(layer, sequence, token, head, isValue: true, codes);
                    cache.Store(block, slot, head, isValue: true, codes, scale);
                }
            }
        }
    }
}
