using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Paged attention. Items: for each sequence and KV head, each piece of its tokens.</summary>
internal sealed unsafe class AttentionOperation(
    PlanOperation plan,
    CpuKernels kernels,
    AttentionSplit split,
    PagedKvCache cache,
    KvSlots slots,
    CpuBuffer qkv,
    CpuBuffer output
) : CpuOperation(plan, split.Items, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        for (long item = first; item < end; item++)
        {
            AttentionPiece piece = split.Piece(item);
            int dimension = cache.Layout.HeadDimension;
            int firstHead = piece.KvHead * split.GroupSize;
            var arguments = new AttentionArguments
            {
                Cache = cache,
                KvHead = piece.KvHead,
                BlockTable = slots.BlockTables[piece.Sequence],
                FirstToken = piece.FirstToken,
                EndToken = piece.EndToken,
                Queries = qkv.Row(piece.Sequence) + (firstHead * dimension),
                Heads = split.GroupSize,
                Scratch = split.Scratch(worker),
            };
            AttentionScratch result = kernels.Attention(in arguments);
            for (int head = 0; head < split.GroupSize; head++)
            {
                float* sums = result.Sums + (head * result.SumStride);
                if (split.PiecesPerHead == 1)
                {
                    float inverse = 1 / result.Totals[head];
                    float* target = output.Row(piece.Sequence) + ((firstHead + head) * dimension);
                    for (int d = 0; d < dimension; d++)
                    {
                        target[d] = sums[d] * inverse;
                    }
                }
                else
                {
                    float* partial = split.Partial(piece.Sequence, firstHead + head, piece.Index);
                    partial[0] = result.Largest[head];
                    partial[1] = result.Totals[head];
                    new Span<float>(sums, dimension).CopyTo(new Span<float>(partial + 2, dimension));
                }
            }
        }
    }
}
