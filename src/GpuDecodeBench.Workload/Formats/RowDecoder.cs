using System.Buffers.Binary;

namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// Decodes one row of a weight matrix from the canonical layout of <see cref="WeightLayout"/>. Every result is exact: a code
/// and its scales together have at most 29 significant bits, and double holds 53. Nothing is allocated.
/// </summary>
public static class RowDecoder
{
    /// <summary>Decodes one row.</summary>
    /// <param name="format">The weight format.</param>
    /// <param name="columns">Columns of the row, at least 1.</param>
    /// <param name="codes">The row's codes, <see cref="WeightLayout.CodeBytesPerRow"/> bytes.</param>
    /// <param name="scales">The row's scales, <see cref="WeightLayout.ScaleBytesPerRow"/> bytes.</param>
    /// <param name="zeroPoints">The row's zero points, <see cref="WeightLayout.ZeroPointBytesPerRow"/> bytes.</param>
    /// <param name="tensorScale">The scale of the whole tensor; read for nvfp4 only.</param>
    /// <param name="values">Receives <paramref name="columns"/> values: code × scale; for int4 (code − zero point) × scale; for
    /// nvfp4 code × block scale × tensor scale.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is below 1, or the format is unknown.</exception>
    /// <exception cref="ArgumentException">A span is not as long as the format and the columns ask for.</exception>
    public static void Decode(
        WeightFormat format,
        int columns,
        ReadOnlySpan<byte> codes,
        ReadOnlySpan<byte> scales,
        ReadOnlySpan<byte> zeroPoints,
        float tensorScale,
        Span<double> values
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)format, (uint)WeightFormat.NvFp4, nameof(format));
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        WeightLayout layout = new(format, 1, columns);
        RequireLength(codes.Length, layout.CodeBytesPerRow, layout, nameof(codes));
        RequireLength(scales.Length, layout.ScaleBytesPerRow, layout, nameof(scales));
        RequireLength(zeroPoints.Length, layout.ZeroPointBytesPerRow, layout, nameof(zeroPoints));
        RequireLength(values.Length, columns, layout, nameof(values));
        switch (format)
        {
            case WeightFormat.Fp16:
                DecodeFp16(codes, values);
                break;
            case WeightFormat.Bf16:
                DecodeBf16(codes, values);
                break;
            case WeightFormat.Fp8:
                DecodeFp8(codes, BinaryPrimitives.ReadSingleLittleEndian(scales), values);
                break;
            case WeightFormat.Int8:
                DecodeInt8(codes, BinaryPrimitives.ReadSingleLittleEndian(scales), values);
                break;
            case WeightFormat.Int4:
                DecodeInt4(codes, scales, zeroPoints, values);
                break;
            case WeightFormat.MxFp4:
                DecodeFp4(codes, scales, E8M0.Values, 1, WeightLayout.MxFp4BlockSize, values);
                break;
            default:
                DecodeFp4(codes, scales, Fp8E4M3.Values, tensorScale, WeightLayout.NvFp4BlockSize, values);
                break;
        }
    }

    private static void DecodeFp16(ReadOnlySpan<byte> codes, Span<double> values)
    {
        for (int column = 0; column < values.Length; column++)
        {
            values[column] = Fp16.Decode(BinaryPrimitives.ReadUInt16LittleEndian(codes[(2 * column)..]));
        }
    }

    private static void DecodeBf16(ReadOnlySpan<byte> codes, Span<double> values)
    {
        for (int column = 0; column < values.Length; column++)
        {
            values[column] = Bf16.Decode(BinaryPrimitives.ReadUInt16LittleEndian(codes[(2 * column)..]));
        }
    }

    private static void DecodeFp8(ReadOnlySpan<byte> codes, double scale, Span<double> values)
    {
        ReadOnlySpan<double> table = Fp8E4M3.Values;
        for (int column = 0; column < values.Length; column++)
        {
            values[column] = table[codes[column]] * scale;
        }
    }

    private static void DecodeInt8(ReadOnlySpan<byte> codes, double scale, Span<double> values)
    {
        for (int column = 0; column < values.Length; column++)
        {
            values[column] = (sbyte)codes[column] * scale;
        }
    }

    private static void DecodeInt4(
        ReadOnlySpan<byte> codes,
        ReadOnlySpan<byte> scales,
        ReadOnlySpan<byte> zeroPoints,
        Span<double> values
    )
    {
        for (int start = 0, group = 0; start < values.Length; start += WeightLayout.Int4GroupSize, group++)
        {
            double scale = Fp16.Decode(BinaryPrimitives.ReadUInt16LittleEndian(scales[(2 * group)..]));
            int zeroPoint = NibblePacking.Get(zeroPoints, group);
            int end = Math.Min(start + WeightLayout.Int4GroupSize, values.Length);
            for (int column = start; column < end; column++)
            {
                values[column] = (NibblePacking.Get(codes, column) - zeroPoint) * scale;
            }
        }
    }

    private static void DecodeFp4(
        ReadOnlySpan<byte> codes,
        ReadOnlySpan<byte> scales,
        ReadOnlySpan<double> scaleTable,
        double tensorScale,
        int blockSize,
        Span<double> values
    )
    {
        ReadOnlySpan<double> table = Fp4E2M1.Values;
        for (int start = 0, block = 0; start < values.Length; start += blockSize, block++)
        {
            double scale = scaleTable[scales[block]] * tensorScale;
            int end = Math.Min(start + blockSize, values.Length);
            for (int column = start; column < end; column++)
            {
                values[column] = table[NibblePacking.Get(codes, column)] * scale;
            }
        }
    }

    private static void RequireLength(int actual, long expected, WeightLayout layout, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException(
                $"A {layout.Format.Name()} row of {layout.Columns} columns needs {name} of length {expected}, not {actual}.",
                name
            );
        }
    }
}
