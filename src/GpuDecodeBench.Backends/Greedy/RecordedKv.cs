namespace GpuDecodeBench.Backends.Greedy;

/// <summary>The keys and values that a device stored in earlier steps, as codes, to be given to later ones.</summary>
/// <remarks>Recording and reading do not overlap: a step is recorded when it is done, and read by the steps after it.</remarks>
public sealed class RecordedKv : IKvSource
{
    private readonly Dictionary<
        (int Layer, int Sequence, int Token, int Head, bool IsValue),
        (byte[] Codes, ushort ScaleBits)
    > _heads = [];

    /// <summary>Keeps one head of one token; what was kept of it before is replaced.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="sequence">The sequence in the batch.</param>
    /// <param name="token">The token's position.</param>
    /// <param name="head">The KV head.</param>
    /// <param name="isValue">Whether it is the value, not the key.</param>
    /// <param name="codes">The codes in canonical order, as docs/formats.md gives them.</param>
    /// <param name="scaleBits">The bits of the head's FP16 scale for int8, else 0.</param>
    public void Record(
        int layer,
        int sequence,
        int token,
        int head,
        bool isValue,
        ReadOnlySpan<byte> codes,
        ushort scaleBits
    ) => _heads[(layer, sequence, token, head, isValue)] = (codes.ToArray(), scaleBits);

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The head was never recorded.</exception>
    public ushort FillHead(int layer, int sequence, int token, int head, bool isValue, Span<byte> codes)
    {
        if (!_heads.TryGetValue((layer, sequence, token, head, isValue), out (byte[] Codes, ushort ScaleBits) kept))
        {
            throw new InvalidOperationException(
                $"No step has stored token {token} of sequence {sequence}, layer {layer}, KV head {head}."
            );
        }

        kept.Codes.CopyTo(codes);
        return kept.ScaleBits;
    }
}
