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

    /// <summary>A matrix with memory of its own.</summary>
    public PanelMatrix(WeightLayout layout)
        : this(layout, null, null, null) { }

    /// <summary>A matrix in memory that it is given, or in its own where it is given none.</summary>
    public PanelMatrix(WeightLayout layout, NativeBuffer? codes, NativeBuffer? scales, NativeBuffer? zeroPoints)
    {
        Layout = layout;
        PanelSizes sizes = PanelSizes.Of(layout);
        ColumnsPerLine = sizes.ColumnsPerLine;
        Lines = sizes.Lines;
        Panels = sizes.Panels;
        ScalesPerLine = sizes.ScalesPerLine;
        Codes = codes ?? new NativeBuffer(sizes.CodeBytes);
        try
        {
            Scales = scales ?? new NativeBuffer(sizes.ScaleBytes);
            ZeroPoints = zeroPoints ?? new NativeBuffer(sizes.ZeroPointBytes);
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
