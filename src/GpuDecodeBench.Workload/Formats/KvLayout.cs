namespace GpuDecodeBench.Workload.Formats;

/// <summary>The bytes of keys and values in the paged cache for one layer.</summary>
/// <param name="Format">The KV format.</param>
/// <param name="KvHeads">KV heads held on this device.</param>
/// <param name="HeadDimension">Elements of a head.</param>
public readonly record struct KvLayout(KvFormat Format, int KvHeads, int HeadDimension)
{
    /// <summary>Tokens in a page, which backends lay out as one piece. A block, which a block table names, is one or more pages.</summary>
    public const int PageTokens = 16;

    /// <summary>
    /// Whether there are keys alone and the values are their first elements, as multi-head latent attention caches them.
    /// </summary>
    public bool IsLatent { get; init; }

    /// <summary>Vectors that a head of a token has: key and value, or the latent alone.</summary>
    public int VectorsPerHead => IsLatent ? 1 : 2;

    /// <summary>Bytes of one element's code.</summary>
    public int BytesPerElement => Format is KvFormat.Fp16 or KvFormat.Bf16 ? 2 : 1;

    /// <summary>Bytes of the scale of one head of one token, for keys and for values each: 2 for int8, else 0.</summary>
    public int ScaleBytesPerHead => Format == KvFormat.Int8 ? 2 : 0;

    /// <summary>Bytes of one token in one layer: keys and values, codes and scales.</summary>
    public long BytesPerToken =>
        (long)VectorsPerHead * KvHeads * (((long)HeadDimension * BytesPerElement) + ScaleBytesPerHead);

    /// <summary>Bytes of the scales that a layer has once: an FP32 value each for keys and values for fp8, else 0.</summary>
    public int LayerScaleBytes => Format == KvFormat.Fp8 ? VectorsPerHead * sizeof(float) : 0;
}
