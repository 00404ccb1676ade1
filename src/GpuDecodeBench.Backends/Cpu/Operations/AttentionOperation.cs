using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Paged attention. Items: for each sequence and KV head, each piece of its tokens.</summary>
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
                BlockTable = slots.BlockTables[piece.Sequence],
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
        for (int head = 0; head < split.GroupSize; head++)
        {
            float* sums = result.Sums + ((long)head * result.SumStride);
            if (split.PiecesPerHead > 1)
            {
                float* partial = split.Partial(piece.Sequence, firstHead + head, piece.Index);
                partial[0] = result.Largest[head];
                partial[1] = result.Totals[head];
                new Span<float>(sums, dimension).CopyTo(new Span<float>(partial + 2, dimension));
                continue;
            }

            float total = result.Totals[head] + AttentionSink.Weight(sinks, firstHead + head, result.Largest[head]);
            float inverse = 1 / total;
            float* target = output.Row(piece.Sequence) + ((firstHead + head) * dimension);
            for (int d = 0; d < dimension; d++)
            {
                target[d] = sums[d] * inverse;
            }
        }
    }
}
