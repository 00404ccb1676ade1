using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Encodes the new tokens' keys and values, or latents, and stores them in the cache. Items: sequences.</summary>
internal sealed unsafe class KvAppendOperation(PlanOperation plan, PagedKvCache cache, KvSlots slots, CpuBuffer input)
    : CpuOperation(plan, input.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        KvLayout layout = cache.Layout;
        int dimension = layout.HeadDimension;
        int vectors = layout.VectorsPerHead * layout.KvHeads;
        Span<byte> codes = stackalloc byte[dimension * layout.BytesPerElement];
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            (int block, int slot) = slots.NewToken(sequence);
            // They are the last elements of the row.
            float* source = input.Row(sequence) + input.Length - (vectors * dimension);
            for (int vector = 0; vector < vectors; vector++, source += dimension)
            {
                bool isValue = vector >= layout.KvHeads;
                KvCodec.Encode(
                    layout.Format,
                    new ReadOnlySpan<float>(source, dimension),
                    isValue ? cache.ValueScale : cache.KeyScale,
                    codes,
                    out ushort scale
                );
                cache.Store(block, slot, vector % layout.KvHeads, isValue, codes, scale);
            }
        }
    }
}
