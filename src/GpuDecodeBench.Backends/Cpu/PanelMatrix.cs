using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>
/// A weight matrix as the CPU kernels read it: the canonical bytes of docs/formats.md in another order, none added except to
/// fill the last panel and the last line.
/// </summary>
/// <remarks>
/// Four rows make a panel; 64 bytes of a row make a line: 32 columns of sixteen bits, 64 of eight or 128 of four. A panel is
/// stored line by line, the four rows' lines side by side, so that a kernel reads one ascending stream.
/// Inside a line the sixteen 32-bit lanes hold columns that lie sixteen apart: code i of lane j is column 16 i + j of the line.
/// One shift and one mask (or permute) then decode sixteen neighbouring columns at once.
/// Scales of groups and blocks follow the same order: panel, line, row, block.
/// </remarks>
internal sealed unsafe class PanelMatrix : IDisposable
{
    /// <summary>Rows of a panel.</summary>
    public const int PanelRows = 4;

    /// <summary>Bytes of a line: one cache line; one, two or four registers.</summary>
    public const int LineBytes = 64;

    /// <summary>32-bit lanes of a line.</summary>
    public const int Lanes = 16;

    public PanelMatrix(WeightLayout layout)
    {
        Layout = layout;
        ColumnsPerLine = LineBytes * 8 / layout.BitsPerCode;
        Lines = (layout.Columns + ColumnsPerLine - 1) / ColumnsPerLine;
        Panels = (layout.Rows + PanelRows - 1) / PanelRows;
        ScalesPerLine = layout.Format switch
        {
            WeightFormat.Int4 => 1,
            WeightFormat.MxFp4 => ColumnsPerLine / WeightLayout.MxFp4BlockSize,
            WeightFormat.NvFp4 => ColumnsPerLine / WeightLayout.NvFp4BlockSize,
            _ => 0,
        };
        Codes = new NativeBuffer(Panels * Lines * PanelRows * LineBytes);
        try
        {
            Scales = new NativeBuffer(
                layout.Format is WeightFormat.Fp8 or WeightFormat.Int8
                    ? Panels * PanelRows * sizeof(float)
                    : Panels * Lines * PanelRows * ScalesPerLine * layout.BytesPerScale
            );
            // Four rows' four-bit zero points make one 16-bit word for each panel and line.
            ZeroPoints = new NativeBuffer(layout.Format == WeightFormat.Int4 ? Panels * Lines * sizeof(ushort) : 0);
        }
        catch (DeviceUnavailableException)
        {
            Scales?.Dispose();
            Codes.Dispose();
            throw;
        }
    }

    /// <summary>Format, rows and columns.</summary>
    public WeightLayout Layout { get; }

    /// <summary>Columns in one line.</summary>
    public int ColumnsPerLine { get; }

    /// <summary>Lines in one row.</summary>
    public long Lines { get; }

    /// <summary>Panels of four rows.</summary>
    public long Panels { get; }

    /// <summary>Scales of one row in one line; 0 where a row has one scale or none.</summary>
    public int ScalesPerLine { get; }

    /// <summary>Codes: panel, line, row, 64 bytes.</summary>
    public NativeBuffer Codes { get; }

    /// <summary>Scales.</summary>
    public NativeBuffer Scales { get; }

    /// <summary>INT4 zero points.</summary>
    public NativeBuffer ZeroPoints { get; }

    /// <summary>NVFP4's tensor scale; 1 for other formats.</summary>
    public float TensorScale { get; set; } = 1;

    /// <summary>Memory taken.</summary>
    public long AllocatedBytes => Codes.Bytes + Scales.Bytes + ZeroPoints.Bytes + Layout.TensorScaleBytes;

    /// <summary>The first line of a panel.</summary>
    public byte* Panel(long panel) => Codes.Pointer + (panel * Lines * PanelRows * LineBytes);

    /// <summary>One line of a row.</summary>
    public byte* Line(long row, long line) =>
        Panel(row / PanelRows) + (((line * PanelRows) + (row % PanelRows)) * LineBytes);

    /// <summary>The scales of one line of a row.</summary>
    public byte* LineScales(long row, long line) =>
        Scales.Pointer
        + (
            ((((row / PanelRows * Lines) + line) * PanelRows) + (row % PanelRows))
            * ScalesPerLine
            * Layout.BytesPerScale
        );

    public void Dispose()
    {
        Codes.Dispose();
        Scales.Dispose();
        ZeroPoints.Dispose();
    }
}
