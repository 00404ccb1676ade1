using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// The paged cache of one layer on the GPU. A page has sixteen tokens, head after head; of a head come first the keys, token
/// after token in rows filled up to 16 bytes, then the values, element after element with sixteen tokens each, filled up to
/// 32 bytes, then int8's FP16 scales: sixteen of keys and sixteen of values. A latent is kept as keys alone. kernels/README.md
/// says the same.
/// </summary>
internal sealed class CudaKvCache : IDisposable
{
    public const int PageTokens = 16;

    /// <summary>What bytes hold that no token has written: not a number in every format, so that using them is noticed.</summary>
    internal const byte Unwritten = 0xFF;

    private const long SlabBytes = 16 << 20;
    private readonly CudaBuffer _buffer;

    public CudaKvCache(CudaContext context, int layer, KvLayout layout, long pages, SyntheticKv synthetic)
    {
        Layout = layout;
        KeyRowBytes = (layout.HeadDimension * layout.BytesPerElement + 15) / 16 * 16;
        int valueBytes = layout.IsLatent
            ? 0
            : ((layout.HeadDimension * PageTokens * layout.BytesPerElement) + 31) / 32 * 32;
        ScalesOffset = (PageTokens * KeyRowBytes) + valueBytes;
        HeadBytes = ScalesOffset + (layout.VectorsPerHead * PageTokens * layout.ScaleBytesPerHead);
        KeyScale = synthetic.LayerScale(isValue: false);
        ValueScale = synthetic.LayerScale(isValue: !layout.IsLatent);
        Pages = pages;
        _buffer = context.Allocate(pages * PageBytes, $"The KV cache of layer {layer}", CudaMemoryKind.KvCache);
    }

    public KvLayout Layout { get; }

    public long Pages { get; }

    /// <summary>Bytes from one token's key to the next.</summary>
    public int KeyRowBytes { get; }

    /// <summary>Where a head's scales begin in its part of a page.</summary>
    public int ScalesOffset { get; }

    /// <summary>Bytes of one head in a page.</summary>
    public int HeadBytes { get; }

    public long PageBytes => (long)Layout.KvHeads * HeadBytes;

    /// <summary>The layer's FP32 scale of keys; 1 unless fp8.</summary>
    public float KeyScale { get; }

    /// <summary>The layer's FP32 scale of values; 1 unless fp8.</summary>
    public float ValueScale { get; }

    /// <summary>The memory itself.</summary>
    public CudaBuffer Buffer => _buffer;

    public ulong Address => _buffer.Address;

    public long Bytes => _buffer.Bytes;

    /// <summary>Fills the cache with the keys and values of every sequence's tokens but the last.</summary>
    public void Fill(
        IKvSource source,
        int layer,
        KvSlots slots,
        IReadOnlyList<int> contextTokens,
        CancellationToken cancellation
    )
    {
        var owners = new (int Sequence, int First)[Pages];
        Array.Fill(owners, (-1, 0));
        for (int sequence = 0; sequence < slots.PageTables.Length; sequence++)
        {
            int[] table = slots.PageTables[sequence];
            for (int page = 0; page < table.Length; page++)
            {
                owners[table[page]] = (sequence, page * PageTokens);
            }
        }

        long pagesPerSlab = Math.Clamp(SlabBytes / PageBytes, 1, Pages);
        for (long first = 0; first < Pages; first += pagesPerSlab)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(pagesPerSlab, Pages - first);
            var slab = new byte[count * PageBytes];
            slab.AsSpan().Fill(Unwritten);
            long begin = first;
            Parallel.For(
                0,
                count,
                index =>
                {
                    (int sequence, int token) = owners[begin + index];
                    Memory<byte> page = slab.AsMemory((int)(index * PageBytes), (int)PageBytes);
                    ClearRowEnds(page.Span);
                    if (sequence >= 0)
                    {
                        int end = Math.Min(token + PageTokens, contextTokens[sequence] - 1);
                        FillPage(page.Span, source, layer, sequence, token, end);
                    }
                }
            );
            _buffer.CopyFrom(slab, first * PageBytes);
        }
    }

    /// <summary>The bytes of one page.</summary>
    public byte[] ReadPage(long page)
    {
        var bytes = new byte[PageBytes];
        _buffer.CopyTo(bytes, page * PageBytes);
        return bytes;
    }

    /// <summary>Overwrites a page.</summary>
    public void WritePage(long page, ReadOnlySpan<byte> bytes) => _buffer.CopyFrom(bytes, page * PageBytes);

    /// <summary>Puts the codes of one head of one token into a page.</summary>
    public void Store(Span<byte> page, int slot, int head, bool isValue, ReadOnlySpan<byte> codes, ushort scaleBits)
    {
        int size = Layout.BytesPerElement;
        for (int d = 0; d < Layout.HeadDimension; d++)
        {
            codes.Slice(d * size, size).CopyTo(page[Offset(slot, head, isValue, d)..]);
        }

        if (Layout.ScaleBytesPerHead > 0)
        {
            Scale(page, slot, head, isValue) = scaleBits;
        }
    }

    /// <summary>Takes the codes of one head of one token out of a page.</summary>
    public ushort Load(Span<byte> page, int slot, int head, bool isValue, Span<byte> codes)
    {
        int size = Layout.BytesPerElement;
        for (int d = 0; d < Layout.HeadDimension; d++)
        {
            page.Slice(Offset(slot, head, isValue, d), size).CopyTo(codes[(d * size)..]);
        }

        return Layout.ScaleBytesPerHead > 0 ? Scale(page, slot, head, isValue) : (ushort)0;
    }

    public void Dispose() => _buffer.Dispose();

    /// <summary>What fills keys up to 16 bytes is read with them and must not make a difference.</summary>
    private void ClearRowEnds(Span<byte> page)
    {
        int used = Layout.HeadDimension * Layout.BytesPerElement;
        if (used == KeyRowBytes)
        {
            return;
        }

        for (int head = 0; head < Layout.KvHeads; head++)
        {
            for (int slot = 0; slot < PageTokens; slot++)
            {
                page.Slice((head * HeadBytes) + (slot * KeyRowBytes) + used, KeyRowBytes - used).Clear();
            }
        }
    }

    private void FillPage(Span<byte> page, IKvSource source, int layer, int sequence, int first, int end)
    {
        Span<byte> codes = new byte[Layout.HeadDimension * Layout.BytesPerElement];
        for (int token = first; token < end; token++)
        {
            for (int head = 0; head < Layout.KvHeads; head++)
            {
                ushort scale = source.FillHead(layer, sequence, token, head, isValue: false, codes);
                Store(page, token - first, head, isValue: false, codes, scale);
                if (!Layout.IsLatent)
                {
                    scale = source.FillHead(layer, sequence, token, head, isValue: true, codes);
                    Store(page, token - first, head, isValue: true, codes, scale);
                }
            }
        }
    }

    private int Offset(int slot, int head, bool isValue, int d)
    {
        int begin = head * HeadBytes;
        return isValue
            ? begin + (PageTokens * KeyRowBytes) + (((d * PageTokens) + slot) * Layout.BytesPerElement)
            : begin + (slot * KeyRowBytes) + (d * Layout.BytesPerElement);
    }

    private ref ushort Scale(Span<byte> page, int slot, int head, bool isValue)
    {
        int offset = (head * HeadBytes) + ScalesOffset + (((isValue ? PageTokens : 0) + slot) * sizeof(ushort));
        return ref MemoryMarshal.AsRef<ushort>(page[offset..]);
    }
}
