namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// A weight matrix in one format, its bytes in the canonical order of <see cref="WeightLayout"/>: row after row, column after
/// column. Backends may permute these bytes for their kernels; this order is what results are checked against.
/// </summary>
public sealed class EncodedMatrix
{
    /// <summary>Takes over the arrays of an encoded matrix.</summary>
    /// <param name="layout">The format and the shape; at least one row and one column.</param>
    /// <param name="codes"><see cref="WeightLayout.CodeBytesPerRow"/> bytes a row.</param>
    /// <param name="scales"><see cref="WeightLayout.ScaleBytesPerRow"/> bytes a row.</param>
    /// <param name="zeroPoints"><see cref="WeightLayout.ZeroPointBytesPerRow"/> bytes a row.</param>
    /// <param name="tensorScale">The scale of the whole tensor for nvfp4; 1 for every other format.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layout has no rows, no columns, or more than 2^31 − 1 columns.</exception>
    /// <exception cref="ArgumentException">An array is not as long as the layout says.</exception>
    public EncodedMatrix(WeightLayout layout, byte[] codes, byte[] scales, byte[] zeroPoints, float tensorScale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layout.Rows, 1, nameof(layout));
        ArgumentOutOfRangeException.ThrowIfLessThan(layout.Columns, 1, nameof(layout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layout.Columns, int.MaxValue, nameof(layout));
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(scales);
        ArgumentNullException.ThrowIfNull(zeroPoints);
        RequireLength(codes, layout.Rows * layout.CodeBytesPerRow, layout, nameof(codes));
        RequireLength(scales, layout.Rows * layout.ScaleBytesPerRow, layout, nameof(scales));
        RequireLength(zeroPoints, layout.Rows * layout.ZeroPointBytesPerRow, layout, nameof(zeroPoints));
        Layout = layout;
        Codes = codes;
        Scales = scales;
        ZeroPoints = zeroPoints;
        TensorScale = tensorScale;
    }

    /// <summary>The format, the shape, and with them the length of every array.</summary>
    public WeightLayout Layout { get; }

    /// <summary>
    /// The codes: 16-bit ones little endian; four-bit ones two in a byte, the even column in the low nibble, each row starting
    /// on a new byte.
    /// </summary>
    public byte[] Codes { get; }

    /// <summary>
    /// The scales: FP32 little endian a row for fp8 and int8, FP16 little endian a group for int4, an E8M0 byte a block for
    /// mxfp4, an E4M3 byte a block for nvfp4, nothing for fp16 and bf16.
    /// </summary>
    public byte[] Scales { get; }

    /// <summary>
    /// The zero points of int4: two groups in a byte, the even group in the low nibble, each row starting on a new byte.
    /// Nothing for the other formats.
    /// </summary>
    public byte[] ZeroPoints { get; }

    /// <summary>The scale of the whole tensor for nvfp4; 1 for every other format.</summary>
    public float TensorScale { get; }

    /// <summary>Decodes one row exactly.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="values">Receives <see cref="WeightLayout.Columns"/> values.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is not a row of the matrix.</exception>
    /// <exception cref="ArgumentException"><paramref name="values"/> is not as long as a row.</exception>
    public void DecodeRow(long row, Span<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Layout.Rows);
        RowDecoder.Decode(
            Layout.Format,
            (int)Layout.Columns,
            RowOf(Codes, row, Layout.CodeBytesPerRow),
            RowOf(Scales, row, Layout.ScaleBytesPerRow),
            RowOf(ZeroPoints, row, Layout.ZeroPointBytesPerRow),
            TensorScale,
            values
        );
    }

    // The arrays were checked against the layout, so every offset within them fits an int.
    private static ReadOnlySpan<byte> RowOf(byte[] bytes, long row, long bytesPerRow) =>
        bytes.AsSpan((int)(row * bytesPerRow), (int)bytesPerRow);

    private static void RequireLength(byte[] array, long expectedBytes, WeightLayout layout, string name)
    {
        if (array.LongLength != expectedBytes)
        {
            throw new ArgumentException(
                $"A {layout.Format.Name()} matrix of {layout.Rows} x {layout.Columns} has {expectedBytes} bytes of {name}, "
                    + $"not {array.LongLength}.",
                name
            );
        }
    }
}
