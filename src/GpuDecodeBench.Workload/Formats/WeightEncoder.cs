using System.Buffers.Binary;

namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// Rounds a weight matrix to one format. Scales follow from the values alone, every quotient is formed in double and rounded
/// once, so equal values give equal bytes on every machine. The rules and their sources stand in docs/formats.md.
/// </summary>
public static class WeightEncoder
{
    /// <summary>The largest int8 code; −128 is not used, so that the range is symmetric (Wu et al., arXiv:2004.09602, section 3.1).</summary>
    internal const int Int8MaxCode = 127;

    private const int Int4MaxCode = 15;

    /// <summary>
    /// The largest magnitude int4 takes: a group from −this to +this has the largest FP16 scale, 65504, for its 15 steps.
    /// </summary>
    private const float Int4MaxMagnitude = (float)(Int4MaxCode * Fp16.MaxValue / 2);

    /// <summary>
    /// The smallest E4M3 scale of a block that is not all zeros, 2^−9, the smallest E4M3 subnormal: rounded to zero it would erase
    /// a block that the codes can still hold.
    /// </summary>
    private const double SmallestNvFp4BlockScale = 1.0 / 512;

    /// <summary>Encodes a matrix.</summary>
    /// <param name="format">The weight format.</param>
    /// <param name="values">The weights row by row, <paramref name="rows"/> × <paramref name="columns"/> of them.</param>
    /// <param name="rows">Output rows (N), at least 1.</param>
    /// <param name="columns">Input columns (K), at least 1; they need not fill the last group or block.</param>
    /// <returns>The matrix in the canonical layout. All-zero rows, groups and blocks have scale 1 and decode to zeros.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The format is unknown, or there is no row or no column.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="values"/> has another length, a value is not finite in a format with scales or beyond ±491280 in
    /// int4, or the codes do not fit one array.
    /// </exception>
    public static EncodedMatrix Encode(WeightFormat format, ReadOnlySpan<float> values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)format, (uint)WeightFormat.NvFp4, nameof(format));
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        WeightLayout layout = new(format, rows, columns);
        if (values.Length != (long)rows * columns)
        {
            throw new ArgumentException(
                $"A matrix of {rows} x {columns} has {(long)rows * columns} values, not {values.Length}.",
                nameof(values)
            );
        }

        if (layout.ColumnsPerScale > 0)
        {
            RequireEncodable(values, format, columns);
        }

        byte[] codes = Allocate(layout, layout.CodeBytesPerRow);
        byte[] scales = Allocate(layout, layout.ScaleBytesPerRow);
        byte[] zeroPoints = Allocate(layout, layout.ZeroPointBytesPerRow);
        float tensorScale =
            format == WeightFormat.NvFp4
                ? ScaleRules.Fp32Scale(ScaleRules.MaxMagnitude(values), Fp4E2M1.MaxValue * Fp8E4M3.MaxValue)
                : 1;
        for (int row = 0; row < rows; row++)
        {
            EncodeRow(
                format,
                values.Slice(row * columns, columns),
                tensorScale,
                RowOf(codes, row, layout.CodeBytesPerRow),
                RowOf(scales, row, layout.ScaleBytesPerRow),
                RowOf(zeroPoints, row, layout.ZeroPointBytesPerRow)
            );
        }

        return new EncodedMatrix(layout, codes, scales, zeroPoints, tensorScale);
    }

    private static void EncodeRow(
        WeightFormat format,
        ReadOnlySpan<float> values,
        float tensorScale,
        Span<byte> codes,
        Span<byte> scales,
        Span<byte> zeroPoints
    )
    {
        switch (format)
        {
            case WeightFormat.Fp16:
                EncodeFp16(values, codes);
                break;
            case WeightFormat.Bf16:
                EncodeBf16(values, codes);
                break;
            case WeightFormat.Fp8:
                EncodeFp8(values, codes, scales);
                break;
            case WeightFormat.Int8:
                EncodeInt8(values, codes, scales);
                break;
            case WeightFormat.Int4:
                EncodeInt4(values, codes, scales, zeroPoints);
                break;
            case WeightFormat.MxFp4:
                EncodeMxFp4(values, codes, scales);
                break;
            default:
                EncodeNvFp4(values, tensorScale, codes, scales);
                break;
        }
    }

    private static void EncodeFp16(ReadOnlySpan<float> values, Span<byte> codes)
    {
        for (int column = 0; column < values.Length; column++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(codes[(2 * column)..], Fp16.Encode(values[column]));
        }
    }

    private static void EncodeBf16(ReadOnlySpan<float> values, Span<byte> codes)
    {
        for (int column = 0; column < values.Length; column++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(codes[(2 * column)..], Bf16.Encode(values[column]));
        }
    }

    private static void EncodeFp8(ReadOnlySpan<float> values, Span<byte> codes, Span<byte> scales)
    {
        float scale = ScaleRules.Fp32Scale(ScaleRules.MaxMagnitude(values), Fp8E4M3.MaxValue);
        BinaryPrimitives.WriteSingleLittleEndian(scales, scale);
        for (int column = 0; column < values.Length; column++)
        {
            codes[column] = Fp8E4M3.Encode((double)values[column] / scale);
        }
    }

    private static void EncodeInt8(ReadOnlySpan<float> values, Span<byte> codes, Span<byte> scales)
    {
        float scale = ScaleRules.Fp32Scale(ScaleRules.MaxMagnitude(values), Int8MaxCode);
        BinaryPrimitives.WriteSingleLittleEndian(scales, scale);
        for (int column = 0; column < values.Length; column++)
        {
            // The scale is off by half an ulp of FP32 at most, so no quotient rounds beyond ±127.
            codes[column] = (byte)(sbyte)Math.Round((double)values[column] / scale, MidpointRounding.ToEven);
        }
    }

    private static void EncodeInt4(
        ReadOnlySpan<float> values,
        Span<byte> codes,
        Span<byte> scales,
        Span<byte> zeroPoints
    )
    {
        for (int start = 0, group = 0; start < values.Length; start += WeightLayout.Int4GroupSize, group++)
        {
            int end = Math.Min(start + WeightLayout.Int4GroupSize, values.Length);

            // Zero belongs to the range, so that the zero point is one of the codes and zero weights decode to zero.
            double low = 0;
            double high = 0;
            foreach (float value in values[start..end])
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }

            ushort scaleCode = high > low ? Fp16.EncodeScaleUp((high - low) / Int4MaxCode) : Fp16.Encode(1);
            double scale = Fp16.Decode(scaleCode);
            int zeroPoint = (int)Math.Clamp(Math.Round(-low / scale, MidpointRounding.ToEven), 0, Int4MaxCode);
            BinaryPrimitives.WriteUInt16LittleEndian(scales[(2 * group)..], scaleCode);
            NibblePacking.Set(zeroPoints, group, zeroPoint);
            for (int column = start; column < end; column++)
            {
                double code = Math.Round(values[column] / scale, MidpointRounding.ToEven) + zeroPoint;
                NibblePacking.Set(codes, column, (int)Math.Clamp(code, 0, Int4MaxCode));
            }
        }
    }

    private static void EncodeMxFp4(ReadOnlySpan<float> values, Span<byte> codes, Span<byte> scales)
    {
        for (int start = 0, block = 0; start < values.Length; start += WeightLayout.MxFp4BlockSize, block++)
        {
            int end = Math.Min(start + WeightLayout.MxFp4BlockSize, values.Length);
            float max = ScaleRules.MaxMagnitude(values[start..end]);

            // The largest E2M1 power of two is 4 = 2^2: the floor of log2(max) − 2 is that of log2(max / 4).
            byte scaleCode = E8M0.Encode(max == 0 ? 1 : max / 4.0);
            scales[block] = scaleCode;
            EncodeFp4(values, start, end, E8M0.Decode(scaleCode), codes);
        }
    }

    private static void EncodeNvFp4(ReadOnlySpan<float> values, float tensorScale, Span<byte> codes, Span<byte> scales)
    {
        for (int start = 0, block = 0; start < values.Length; start += WeightLayout.NvFp4BlockSize, block++)
        {
            int end = Math.Min(start + WeightLayout.NvFp4BlockSize, values.Length);
            float max = ScaleRules.MaxMagnitude(values[start..end]);
            double ideal = max == 0 ? 1 : max / (Fp4E2M1.MaxValue * tensorScale);
            byte scaleCode = Fp8E4M3.Encode(Math.Max(ideal, SmallestNvFp4BlockScale));
            scales[block] = scaleCode;
            EncodeFp4(values, start, end, Fp8E4M3.Decode(scaleCode) * tensorScale, codes);
        }
    }

    private static void EncodeFp4(ReadOnlySpan<float> values, int start, int end, double scale, Span<byte> codes)
    {
        for (int column = start; column < end; column++)
        {
            NibblePacking.Set(codes, column, Fp4E2M1.Encode(values[column] / scale));
        }
    }

    private static void RequireEncodable(ReadOnlySpan<float> values, WeightFormat format, int columns)
    {
        float limit = format == WeightFormat.Int4 ? Int4MaxMagnitude : float.MaxValue;
        for (int i = 0; i < values.Length; i++)
        {
            // Written so that NaN fails it.
            if (!(MathF.Abs(values[i]) <= limit))
            {
                throw new ArgumentException(
                    $"The value at row {i / columns}, column {i % columns} is {values[i]}; {format.Name()} takes finite values "
                        + $"from {-limit} to {limit}.",
                    nameof(values)
                );
            }
        }
    }

    private static byte[] Allocate(WeightLayout layout, long bytesPerRow)
    {
        long bytes = layout.Rows * bytesPerRow;
        if (bytes > Array.MaxLength)
        {
            throw new ArgumentException(
                $"A {layout.Format.Name()} matrix of {layout.Rows} x {layout.Columns} does not fit one array of {Array.MaxLength} bytes.",
                nameof(layout)
            );
        }

        return new byte[bytes];
    }

    // The arrays were allocated with an int length, so every offset within them fits an int.
    private static Span<byte> RowOf(byte[] bytes, long row, long bytesPerRow) =>
        bytes.AsSpan((int)(row * bytesPerRow), (int)bytesPerRow);
}
