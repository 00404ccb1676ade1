using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>How a matrix is cut into panels and lines, and the bytes that this takes.</summary>
/// <param name="ColumnsPerLine">Columns in one line.</param>
/// <param name="Lines">Lines in one row.</param>
/// <param name="Panels">Panels of four rows.</param>
/// <param name="ScalesPerLine">Scales of one row in one line; 0 where a row has one scale or none.</param>
/// <param name="CodeBytes">Bytes of codes.</param>
/// <param name="ScaleBytes">Bytes of scales.</param>
/// <param name="ZeroPointBytes">Bytes of zero points.</param>
internal readonly record struct PanelSizes(
    int ColumnsPerLine,
    long Lines,
    long Panels,
    int ScalesPerLine,
    long CodeBytes,
    long ScaleBytes,
    long ZeroPointBytes
)
{
    /// <summary>Bytes from one matrix's codes to the next one's where several share an allocation.</summary>
    public long CodeStride => Aligned(CodeBytes);

    /// <summary>Bytes from one matrix's scales to the next one's.</summary>
    public long ScaleStride => Aligned(ScaleBytes);

    /// <summary>Bytes from one matrix's zero points to the next one's.</summary>
    public long ZeroPointStride => Aligned(ZeroPointBytes);

    /// <summary>The sizes of a matrix.</summary>
    public static PanelSizes Of(WeightLayout layout)
    {
        int columnsPerLine = PanelMatrix.LineBytes * 8 / layout.BitsPerCode;
        long lines = (layout.Columns + columnsPerLine - 1) / columnsPerLine;
        long panels = (layout.Rows + PanelMatrix.PanelRows - 1) / PanelMatrix.PanelRows;
        int scalesPerLine = layout.Format switch
        {
            WeightFormat.Int4 => 1,
            WeightFormat.MxFp4 => columnsPerLine / WeightLayout.MxFp4BlockSize,
            WeightFormat.NvFp4 => columnsPerLine / WeightLayout.NvFp4BlockSize,
            _ => 0,
        };
        return new PanelSizes(
            columnsPerLine,
            lines,
            panels,
            scalesPerLine,
            panels * lines * PanelMatrix.PanelRows * PanelMatrix.LineBytes,
            layout.Format is WeightFormat.Fp8 or WeightFormat.Int8
                ? panels * PanelMatrix.PanelRows * sizeof(float)
                : panels * lines * PanelMatrix.PanelRows * scalesPerLine * layout.BytesPerScale,
            // Four rows' four-bit zero points make one 16-bit word for each panel and line.
            layout.Format == WeightFormat.Int4
                ? panels * lines * sizeof(ushort)
                : 0
        );
    }

    private static long Aligned(long bytes) =>
        (bytes + PanelMatrix.LineBytes - 1) / PanelMatrix.LineBytes * PanelMatrix.LineBytes;
}
