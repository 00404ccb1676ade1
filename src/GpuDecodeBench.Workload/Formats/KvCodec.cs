using System.Buffers.Binary;

namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// Encodes and decodes the keys or the values of one KV head of one token. The result follows from the FP32 inputs alone by
/// IEEE 754 operations, so a backend that does the same operations gets the same bytes (docs/formats.md).
/// </summary>
public static class KvCodec
{
    /// <summary>Encodes one head of one token.</summary>
    /// <param name="format">The KV format.</param>
    /// <param name="values">The head's elements.</param>
    /// <param name="layerScale">For fp8, the layer's FP32 scale of keys or of values; the other formats do not read it.</param>
    /// <param name="codes">Receives <see cref="KvLayout.BytesPerElement"/> bytes an element, 16-bit codes little endian.</param>
    /// <param name="scaleBits">For int8, the FP16 code of the head's scale; 0 for the other formats.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The format is unknown, or it is fp8 and <paramref name="layerScale"/> is not finite and above zero.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="codes"/> has another length, or the format is int8 and a value is not finite.
    /// </exception>
    public static void Encode(
        KvFormat format,
        ReadOnlySpan<float> values,
        float layerScale,
        Span<byte> codes,
        out ushort scaleBits
    )
    {
        RequireArguments(format, layerScale, codes, values.Length);
        scaleBits = 0;
        switch (format)
        {
            case KvFormat.Fp16:
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(codes[(2 * i)..], Fp16.Encode(values[i]));
                }

                break;
            case KvFormat.Bf16:
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(codes[(2 * i)..], Bf16.Encode(values[i]));
                }

                break;
            case KvFormat.Fp8:
                for (int i = 0; i < values.Length; i++)
                {
                    // FP32 division, because a device divides so: div.rn.f32, then cvt.rn.satfinite.e4m3x2.f32.
                    float quotient = values[i] / layerScale;
                    codes[i] = Fp8E4M3.Encode(quotient);
                }

                break;
            default:
                scaleBits = EncodeInt8(values, codes);
                break;
        }
    }

    /// <summary>Decodes one head of one token, exactly.</summary>
    /// <param name="format">The KV format.</param>
    /// <param name="codes">The head's codes, as <see cref="Encode"/> wrote them.</param>
    /// <param name="layerScale">For fp8, the layer's scale; the other formats do not read it.</param>
    /// <param name="scaleBits">For int8, the FP16 code of the head's scale; the other formats do not read it.</param>
    /// <param name="values">Receives the elements: the code, times the scale for fp8 and int8.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The format is unknown, or it is fp8 and <paramref name="layerScale"/> is not finite and above zero.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="codes"/> has another length.</exception>
    public static void Decode(
        KvFormat format,
        ReadOnlySpan<byte> codes,
        float layerScale,
        ushort scaleBits,
        Span<double> values
    )
    {
        RequireArguments(format, layerScale, codes, values.Length);
        switch (format)
        {
            case KvFormat.Fp16:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = Fp16.Decode(BinaryPrimitives.ReadUInt16LittleEndian(codes[(2 * i)..]));
                }

                break;
            case KvFormat.Bf16:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = Bf16.Decode(BinaryPrimitives.ReadUInt16LittleEndian(codes[(2 * i)..]));
                }

                break;
            case KvFormat.Fp8:
                ReadOnlySpan<double> table = Fp8E4M3.Values;
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = table[codes[i]] * layerScale;
                }

                break;
            default:
                double scale = Fp16.Decode(scaleBits);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (sbyte)codes[i] * scale;
                }

                break;
        }
    }

    private static ushort EncodeInt8(ReadOnlySpan<float> values, Span<byte> codes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"The value at element {i} is {values[i]}; an int8 scale needs finite values.",
                    nameof(values)
                );
            }
        }

        float max = ScaleRules.MaxMagnitude(values);
        ushort scaleBits = max == 0 ? Fp16.Encode(1) : Fp16.EncodeScaleUp(max / (double)WeightEncoder.Int8MaxCode);
        double scale = Fp16.Decode(scaleBits);
        for (int i = 0; i < values.Length; i++)
        {
            double code = Math.Round(values[i] / scale, MidpointRounding.ToEven);
            codes[i] = (byte)(sbyte)Math.Clamp(code, -WeightEncoder.Int8MaxCode, WeightEncoder.Int8MaxCode);
        }

        return scaleBits;
    }

    private static void RequireArguments(KvFormat format, float layerScale, ReadOnlySpan<byte> codes, int elements)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)format, (uint)KvFormat.Int8, nameof(format));
        if (format == KvFormat.Fp8 && !(float.IsFinite(layerScale) && layerScale > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(layerScale),
                layerScale,
                "The layer scale of fp8 must be finite and above zero."
            );
        }

        long expectedBytes = (long)elements * new KvLayout(format, 1, elements).BytesPerElement;
        if (codes.Length != expectedBytes)
        {
            throw new ArgumentException(
                $"{elements} elements of {format.Name()} have {expectedBytes} bytes of codes, not {codes.Length}.",
                nameof(codes)
            );
        }
    }
}
