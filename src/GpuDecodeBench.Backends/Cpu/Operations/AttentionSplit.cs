using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>
/// How attention is divided among threads: by sequence, and along the context ("split-KV", as in flash decoding) where those
/// alone are too few to keep every thread busy; by KV heads only where that is still too little, since a block, which holds all
/// heads side by side, is best read from end to end.
/// </summary>
internal sealed unsafe class AttentionSplit : IDisposable
{
    private const int ItemsPerThread = 2;
    private const int SmallestPieceTokens = 256;

    private readonly DecodeStepPlan _plan;
    private readonly AttentionShape _attention;
    private readonly int _kvHeads;
    private readonly NativeBuffer _partials;
    private readonly NativeBuffer _scratch;
    private readonly int _scratchFloats;

    public AttentionSplit(DecodeStepPlan plan, AttentionShape attention, PagedKvCache cache, int threads)
    {
        _plan = plan;
        _attention = attention;
        _kvHeads = cache.Layout.KvHeads;
        GroupSize = attention.Heads / _kvHeads;
        ValueDimension = attention is MultiHeadLatentAttention latent
            ? latent.LatentDimension
            : attention.ValueDimension;
        int batch = plan.Conditions.Batch;
        int longest = plan.Conditions.ContextTokens.Max(attention.SpanTokens);
        int wanted = ((threads * ItemsPerThread) + batch - 1) / batch;
        PiecesPerHead = threads == 1 ? 1 : Math.Clamp(longest / SmallestPieceTokens, 1, wanted);
        int groups = Math.Clamp((threads + (batch * PiecesPerHead) - 1) / (batch * PiecesPerHead), 1, _kvHeads);
        while (_kvHeads % groups != 0)
        {
            groups++;
        }

        KvHeadsPerItem = _kvHeads / groups;
        _scratchFloats = AttentionScratch.Floats(KvHeadsPerItem, GroupSize, cache);
        _scratch = new NativeBuffer((long)threads * _scratchFloats * sizeof(float));
        _partials = new NativeBuffer(
            PiecesPerHead == 1
                ? 0
                : (long)plan.Conditions.Batch * attention.Heads * PiecesPerHead * (ValueDimension + 2) * sizeof(float)
        );
    }

    /// <summary>Query heads that share a KV head.</summary>
    public int GroupSize { get; }

    /// <summary>Elements of a query head's result.</summary>
    public int ValueDimension { get; }

    /// <summary>KV heads that one item reads.</summary>
    public int KvHeadsPerItem { get; }

    /// <summary>Pieces that each context is cut into.</summary>
    public int PiecesPerHead { get; }

    /// <summary>Items in all.</summary>
    public long Items => (long)_plan.Conditions.Batch * (_kvHeads / KvHeadsPerItem) * PiecesPerHead;

    public long AllocatedBytes => _partials.Bytes + _scratch.Bytes;

    /// <summary>An item's piece. Pieces are whole blocks; in a short context the last ones are empty and the rest do the work.</summary>
    public AttentionPiece Piece(long item)
    {
        int index = (int)(item % PiecesPerHead);
        int groups = _kvHeads / KvHeadsPerItem;
        int head = (int)(item / PiecesPerHead % groups) * KvHeadsPerItem;
        int sequence = (int)(item / PiecesPerHead / groups);
        int context = _plan.Conditions.ContextTokens[sequence];
        int firstToken = context - _attention.SpanTokens(context);
        int firstBlock = firstToken / PagedKvCache.BlockTokens;
        int endBlock = (context + PagedKvCache.BlockTokens - 1) / PagedKvCache.BlockTokens;
        int blocks = endBlock - firstBlock;
        int start = firstBlock + (int)((long)blocks * index / PiecesPerHead);
        int end = firstBlock + (int)((long)blocks * (index + 1) / PiecesPerHead);
        return new AttentionPiece(
            sequence,
            head,
            index,
            Math.Max(firstToken, start * PagedKvCache.BlockTokens),
            Math.Min(context, end * PagedKvCache.BlockTokens)
        );
    }

    /// <summary>A worker's own memory.</summary>
    public float* Scratch(int worker) => _scratch.Floats + ((long)worker * _scratchFloats);

    /// <summary>Where a piece leaves its largest score, its sum of exponentials and its weighted sum.</summary>
    public float* Partial(int sequence, int head, int piece) =>
        _partials.Floats
        + (((((long)sequence * _attention.Heads) + head) * PiecesPerHead + piece) * (ValueDimension + 2));

    public void Dispose()
    {
        _partials.Dispose();
        _scratch.Dispose();
    }
}
