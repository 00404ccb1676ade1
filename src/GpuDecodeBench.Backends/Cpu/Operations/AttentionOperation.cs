using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Paged attention. Items: for each sequence, each piece of its tokens, and some KV heads where there are few pieces.</summary>
internal sealed unsafe class AttentionOperation(
    PlanOperation plan,
    CpuKernels kernels,
    AttentionShape attention,
    NativeBuffer? sinks,
    AttentionSplit split,
    PagedKvCache cache,
    KvSlots slots,
    CpuBuffer queries,
    CpuBuffer output
) : CpuOperation(plan, split.Items, 1)
{
    private readonly float _scale = (float)attention.ScoreScale;
    private readonly float _softCap = (float)((attention as GroupedQueryAttention)?.LogitSoftCap ?? 0);

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
                KvHeads = split.KvHeadsPerItem,
                BlockTable = slots.PageTables[piece.Sequence],
                FirstToken = piece.FirstToken,
                EndToken = piece.EndToken,
                Queries = queries.Row(piece.Sequence) + (firstHead * dimension),
                Heads = split.GroupSize,
                Scale = _scale,
                SoftCap = _softCap,
                ValueDimension = split.ValueDimension,
                Scratch = split.Scratch(worker),
            };
            Keep(piece, firstHead, kernels.Attention(in arguments));
        }
    }

    /// <summary>Puts a piece's result where it belongs: to the output, or to the pieces that are combined later.</summary>
    private void Keep(AttentionPiece piece, int firstHead, in AttentionScratch result)
    {
        int dimension = split.ValueDimension;
        for (int head = 0; head < split.KvHeadsPerItem * split.GroupSize; head++)
        {
            int place = result.Place(head, split.GroupSize);
            float* sums = result.Sums + ((long)place * result.SumStride);
            if (split.PiecesPerHead > 1)
            {
                float* partial = split.Partial(piece.Sequence, firstHead + head, piece.Index);
                partial[0] = result.Largest[place];
                partial[1] = result.Totals[place];
                new Span<float>(sums, dimension).CopyTo(new Span<float>(partial + 2, dimension));
                continue;
            }

            float total = result.Totals[place] + AttentionSink.Weight(sinks, firstHead + head, result.Largest[place]);
            float inverse = 1 / total;
            float* target = output.Row(piece.Sequence) + ((firstHead + head) * dimension);
            for (int d = 0; d < dimension; d++)
            {
                target[d] = sums[d] * inverse;
            }
        }
    }
}
