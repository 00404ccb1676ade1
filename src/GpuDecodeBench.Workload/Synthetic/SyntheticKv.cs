using System.Runtime.InteropServices;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Synthetic;

/// <summary>
/// The synthetic keys and values of one layer's cache, head by head, directly in their format: seeded, Gaussian with a
/// standard deviation of about one, different for every layer, sequence, token and head.
/// </summary>
public sealed class SyntheticKv
{
    // All layers of a format share its table; fp8's follow from a layer's scales, and are made when they are first asked for.
    private static readonly Lazy<ushort[]> s_fp16 = new(() => SyntheticCodes.Table16(Fp16.Encode, 1));
    private static readonly Lazy<ushort[]> s_bf16 = new(() => SyntheticCodes.Table16(Bf16.Encode, 1));
    private static readonly Lazy<byte[]> s_int8 = new(() =>
        SyntheticCodes.Table8(SyntheticCodes.EncodeInt8, SyntheticCodes.Int8StandardDeviation)
    );

    private readonly ulong _seed;
    private readonly Lazy<ushort[]>? _table16;
    private readonly Lazy<byte[]> _keyTable8 = s_int8;
    private readonly Lazy<byte[]> _valueTable8 = s_int8;

    /// <summary>The cache of a layer.</summary>
    public SyntheticKv(ulong seed, int layer, KvLayout layout)
    {
        Layout = layout;
        _seed = SyntheticRandom.Derive(SyntheticRandom.Derive(seed, 0x4B56), (ulong)layer);
        switch (layout.Format)
        {
            case KvFormat.Fp16:
                _table16 = s_fp16;
                break;
            case KvFormat.Bf16:
                _table16 = s_bf16;
                break;
            case KvFormat.Fp8:
                _keyTable8 = new(() => SyntheticCodes.Table8(Fp8E4M3.Encode, 1 / LayerScale(isValue: false)));
                _valueTable8 = new(() => SyntheticCodes.Table8(Fp8E4M3.Encode, 1 / LayerScale(isValue: true)));
                break;
            default:
                break;
        }
    }

    /// <summary>The layout of the cache.</summary>
    public KvLayout Layout { get; }

    /// <summary>The layer's seed, from which its tokens' are derived.</summary>
    internal ulong Seed => _seed;

    /// <summary>The 4096 codes of keys.</summary>
    internal ReadOnlySpan<byte> KeyTable => Table(_keyTable8);

    /// <summary>The 4096 codes of values.</summary>
    internal ReadOnlySpan<byte> ValueTable => Table(_valueTable8);

    /// <summary>The FP32 scale of the layer's keys or values; 1 where the format has none.</summary>
    public float LayerScale(bool isValue)
    {
        if (Layout.Format != KvFormat.Fp8)
        {
            return 1;
        }

        // 1/24 to 1/12: |value| up to 18 fits, and the two scales of a layer differ.
        return (float)((1 + SyntheticRandom.Unit(SyntheticRandom.Derive(_seed, isValue ? 2UL : 1UL))) / 24);
    }

    /// <summary>Makes the codes of one head of one token.</summary>
    /// <param name="sequence">The sequence in the batch.</param>
    /// <param name="token">The token's position.</param>
    /// <param name="head">The KV head.</param>
    /// <param name="isValue">Whether the value is meant, not the key.</param>
    /// <param name="codes">Receives headDimension codes.</param>
    /// <returns>The bits of the head's FP16 scale for int8, else 0.</returns>
    public ushort FillHead(int sequence, int token, int head, bool isValue, Span<byte> codes)
    {
        ulong tokenSeed = SyntheticRandom.Derive(_seed, (((ulong)sequence << 32) | (uint)token) + 0x1000);
        ulong headSeed = SyntheticRandom.Derive(tokenSeed, ((ulong)head << 1) | (isValue ? 1UL : 0UL));
        codes = codes[..(Layout.HeadDimension * Layout.BytesPerElement)];
        if (Layout.BytesPerElement == 2)
        {
            SyntheticCodes.Fill16(headSeed, _table16!.Value, codes);
            return 0;
        }

        SyntheticCodes.Fill8(headSeed, (isValue ? _valueTable8 : _keyTable8).Value, codes);
        return Layout.Format == KvFormat.Int8
            ? Fp16.Encode(
                (0.75 + (0.5 * SyntheticRandom.Unit(SyntheticRandom.Derive(headSeed, 1))))
                    / SyntheticCodes.Int8StandardDeviation
            )
            : (ushort)0;
    }

    /// <summary>Makes one head of one token and decodes it.</summary>
    /// <param name="sequence">The sequence in the batch.</param>
    /// <param name="token">The token's position.</param>
    /// <param name="head">The KV head.</param>
    /// <param name="isValue">Whether the value is meant, not the key.</param>
    /// <param name="values">Receives headDimension values.</param>
    public void DecodeHead(int sequence, int token, int head, bool isValue, Span<double> values)
    {
        Span<byte> codes = stackalloc byte[Layout.HeadDimension * Layout.BytesPerElement];
        ushort scale = FillHead(sequence, token, head, isValue, codes);
        KvCodec.Decode(Layout.Format, codes, LayerScale(isValue), scale, values);
    }

    private ReadOnlySpan<byte> Table(Lazy<byte[]> table8) =>
        _table16 is null ? table8.Value : MemoryMarshal.AsBytes(_table16.Value.AsSpan());
}
