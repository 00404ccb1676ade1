using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Encodes the new tokens' keys and values and stores them in the cache. Items: sequences.</summary>
internal sealed unsafe class KvAppendOperation(
    PlanOperation plan,
    GroupedQueryAttention attention,
    PagedKvCache cache,
    KvSlots slots,
    CpuBuffer qkv
) : CpuOperation(plan, qkv.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        int dimension = attention.HeadDimension;
        Span<byte> codes = stackalloc byte[dimension * cache.Layout.BytesPerElement];
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            (int block, int slot) = slots.NewToken(sequence);
            for (int head = 0; head < 2 * attention.KvHeads; head++)
            {
                bool isValue = head >= attention.KvHeads;
                var values = new ReadOnlySpan<float>(
                    qkv.Row(sequence) + ((attention.Heads + head) * dimension),
                    dimension
                );
                KvCodec.Encode(
                    cache.Layout.Format,
                    values,
                    isValue ? cache.ValueScale : cache.KeyScale,
                    codes,
                    out ushort scale
                );
                cache.Store(block, slot, isValue ? head - attention.KvHeads : head, isValue, codes, scale);
            }
        }
    }
}
