using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>The paged cache of one layer as the attention kernel reads it.</summary>
/// <remarks>
/// A block here is a page of 16 tokens, head after head; larger blocks of a plan are several behind each other. Of a head come first the keys: lane j of a 64-byte line belongs to token j and
/// holds its next codes along the head dimension (two of sixteen bits or four of eight), so that sixteen tokens' scores grow in
/// one register with no sum across lanes. Then the values: for each line of 32 or 64 columns the sixteen tokens' lines, packed
/// as in <see cref="PanelMatrix"/>. For int8 the 16 FP16 scales of the keys and the 16 of the values end the head.
/// A latent, which is key and value at once, is stored as a value; its scales are the values'.
/// </remarks>
internal sealed unsafe class PagedKvCache : IDisposable
{
    public const int BlockTokens = KvLayout.PageTokens;
    private const int LineBytes = PanelMatrix.LineBytes;
    private readonly NativeBuffer _buffer;

    public PagedKvCache(KvLayout layout, long blocks, SyntheticKv synthetic)
    {
        Layout = layout;
        CodesPerLane = sizeof(uint) / layout.BytesPerElement;
        KeyLines = layout.IsLatent ? 0 : (layout.HeadDimension + CodesPerLane - 1) / CodesPerLane;
        ColumnsPerLine = PanelMatrix.Lanes * CodesPerLane;
        ValueLines = (layout.HeadDimension + ColumnsPerLine - 1) / ColumnsPerLine;
        HeadBytes =
            ((KeyLines + (ValueLines * BlockTokens)) * LineBytes) + (2 * BlockTokens * layout.ScaleBytesPerHead);
        KeyScale = synthetic.LayerScale(isValue: false);
        ValueScale = synthetic.LayerScale(isValue: !layout.IsLatent);
        _buffer = new NativeBuffer(blocks * layout.KvHeads * HeadBytes);
    }

    public KvLayout Layout { get; }

    /// <summary>Codes in a 32-bit lane.</summary>
    public int CodesPerLane { get; }

    /// <summary>Lines of a head's keys in a block.</summary>
    public int KeyLines { get; }

    /// <summary>Columns in a line of values.</summary>
    public int ColumnsPerLine { get; }

    /// <summary>Lines of one token's value.</summary>
    public int ValueLines { get; }

    /// <summary>Bytes of one head in a block.</summary>
    public int HeadBytes { get; }

    /// <summary>The layer's FP32 scale of keys; 1 unless fp8.</summary>
    public float KeyScale { get; }

    /// <summary>The layer's FP32 scale of values; 1 unless fp8.</summary>
    public float ValueScale { get; }

    public long AllocatedBytes => _buffer.Bytes;

    /// <summary>The keys of a head in a block.</summary>
    public byte* Keys(long block, int head) => _buffer.Pointer + (((block * Layout.KvHeads) + head) * HeadBytes);

    /// <summary>The values of a head in a block.</summary>
    public byte* Values(long block, int head) => Keys(block, head) + (KeyLines * LineBytes);

    /// <summary>The FP16 scales of a head in a block, int8 only: 16 for keys, then 16 for values.</summary>
    public ushort* Scales(long block, int head) =>
        (ushort*)(Values(block, head) + (ValueLines * BlockTokens * LineBytes));

    /// <summary>Sets a block to zero, so that tokens which no sequence has yet are finite.</summary>
    public void ClearBlock(long block) => new Span<byte>(Keys(block, 0), Layout.KvHeads * HeadBytes).Clear();

    /// <summary>Stores the codes of one head of one token.</summary>
    public void Store(long block, int slot, int head, bool isValue, ReadOnlySpan<byte> codes, ushort scaleBits)
    {
        for (int d = 0; d < Layout.HeadDimension; d++)
        {
            byte* target = Address(block, slot, head, isValue, d);
            if (Layout.BytesPerElement == 2)
            {
                target[0] = codes[2 * d];
                target[1] = codes[(2 * d) + 1];
            }
            else
            {
                target[0] = codes[d];
            }
        }

        if (Layout.ScaleBytesPerHead > 0)
        {
            Scales(block, head)[(isValue || Layout.IsLatent ? BlockTokens : 0) + slot] = scaleBits;
        }
    }

    /// <summary>Takes the codes of one head of one token out again.</summary>
    public ushort Load(long block, int slot, int head, bool isValue, Span<byte> codes)
    {
        for (int d = 0; d < Layout.HeadDimension; d++)
        {
            byte* source = Address(block, slot, head, isValue, d);
            if (Layout.BytesPerElement == 2)
            {
                codes[2 * d] = source[0];
                codes[(2 * d) + 1] = source[1];
            }
            else
            {
                codes[d] = source[0];
            }
        }

        return Layout.ScaleBytesPerHead > 0
            ? Scales(block, head)[(isValue || Layout.IsLatent ? BlockTokens : 0) + slot]
            : (ushort)0;
    }

    public void Dispose() => _buffer.Dispose();

    private byte* Address(long block, int slot, int head, bool isValue, int d)
    {
        if (!isValue && !Layout.IsLatent)
        {
            return Keys(block, head)
                + (d / CodesPerLane * LineBytes)
                + (slot * sizeof(uint))
                + (d % CodesPerLane * Layout.BytesPerElement);
        }

        int line = d / ColumnsPerLine;
        return Values(block, head)
            + (((line * BlockTokens) + slot) * LineBytes)
            + (d % PanelMatrix.Lanes * sizeof(uint))
            + (d / PanelMatrix.Lanes % CodesPerLane * Layout.BytesPerElement);
    }
}
