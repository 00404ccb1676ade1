namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// The bytes of a weight matrix of <see cref="Rows"/> output rows and <see cref="Columns"/> input columns in one format,
/// in the canonical layout of docs/formats.md: codes row by row, then scales row by row, then zero points row by row, then
/// the tensor scale. A backend may store the same bytes in another order, never more of them.
/// </summary>
/// <param name="Format">The weight format.</param>
/// <param name="Rows">Output rows (N).</param>
/// <param name="Columns">Input columns (K).</param>
public readonly record struct WeightLayout(WeightFormat Format, long Rows, long Columns)
{
    /// <summary>Weights that share an <see cref="WeightFormat.Int4"/> scale and zero point.</summary>
    public const int Int4GroupSize = 128;

    /// <summary>Weights that share an MXFP4 scale (OCP Microscaling Formats specification 1.0, section 5.2).</summary>
    public const int MxFp4BlockSize = 32;

    /// <summary>Weights that share an NVFP4 scale.</summary>
    public const int NvFp4BlockSize = 16;

    /// <summary>Bits of one code.</summary>
    public int BitsPerCode =>
        Format switch
        {
            WeightFormat.Fp16 or WeightFormat.Bf16 => 16,
            WeightFormat.Fp8 or WeightFormat.Int8 => 8,
            _ => 4,
        };

    /// <summary>Columns that share one scale; all of them where a row has one scale; 0 where there is none.</summary>
    public long ColumnsPerScale =>
        Format switch
        {
            WeightFormat.Fp16 or WeightFormat.Bf16 => 0,
            WeightFormat.Fp8 or WeightFormat.Int8 => Columns,
            WeightFormat.Int4 => Int4GroupSize,
            WeightFormat.MxFp4 => MxFp4BlockSize,
            _ => NvFp4BlockSize,
        };

    /// <summary>Scales in a row; a last group or block that is not full has one too.</summary>
    public long ScalesPerRow => ColumnsPerScale == 0 ? 0 : (Columns + ColumnsPerScale - 1) / ColumnsPerScale;

    /// <summary>Bytes of one scale.</summary>
    public int BytesPerScale =>
        Format switch
        {
            WeightFormat.Fp16 or WeightFormat.Bf16 => 0,
            WeightFormat.Fp8 or WeightFormat.Int8 => sizeof(float),
            WeightFormat.Int4 => 2,
            _ => 1,
        };

    /// <summary>Bytes of a row's codes; a last four-bit code without a partner takes a whole byte.</summary>
    public long CodeBytesPerRow => ((Columns * BitsPerCode) + 7) / 8;

    /// <summary>Bytes of a row's scales.</summary>
    public long ScaleBytesPerRow => ScalesPerRow * BytesPerScale;

    /// <summary>Bytes of a row's zero points: four bits a group, <see cref="WeightFormat.Int4"/> only.</summary>
    public long ZeroPointBytesPerRow => Format == WeightFormat.Int4 ? (ScalesPerRow + 1) / 2 : 0;

    /// <summary>Bytes of the scale of the whole tensor: 4 for NVFP4, else 0.</summary>
    public int TensorScaleBytes => Format == WeightFormat.NvFp4 ? sizeof(float) : 0;

    /// <summary>Bytes of one row, codes, scales and zero points together.</summary>
    public long BytesPerRow => CodeBytesPerRow + ScaleBytesPerRow + ZeroPointBytesPerRow;

    /// <summary>Bytes of the whole matrix.</summary>
    public long TotalBytes => (Rows * BytesPerRow) + TensorScaleBytes;
}
