using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cuda.Weights;

/// <summary>Some whole tiles of a matrix in the host's memory, in the order of the GPU's kernels.</summary>
internal sealed class TileSlab
{
    private readonly TileLayout _layout;
    private readonly long _firstRow;
    private readonly long _endRow;

    /// <summary>Takes room for rows.</summary>
    /// <param name="layout">The matrix's layout.</param>
    /// <param name="firstRow">The first row; a multiple of sixteen.</param>
    /// <param name="endRow">The row behind the last; a multiple of sixteen, or the matrix's end.</param>
    public TileSlab(TileLayout layout, long firstRow, long endRow)
    {
        _layout = layout;
        _firstRow = firstRow;
        _endRow = endRow;
        bool isLast = endRow == layout.Matrix.Rows;
        Codes = new byte[(isLast ? layout.CodeBytes : layout.CodesBefore(endRow)) - CodesOffset];
        Scales = new byte[(isLast ? layout.ScaleBytes : layout.ScalesBefore(endRow)) - ScalesOffset];
        ZeroPoints = new byte[(isLast ? layout.ZeroPointBytes : layout.ZeroPointsBefore(endRow)) - ZeroPointsOffset];
    }

    public byte[] Codes { get; }

    public byte[] Scales { get; }

    public byte[] ZeroPoints { get; }

    /// <summary>Where the codes lie in the matrix's.</summary>
    public long CodesOffset => _layout.CodesBefore(_firstRow);

    /// <summary>Where the scales lie in the matrix's.</summary>
    public long ScalesOffset => _layout.ScalesBefore(_firstRow);

    /// <summary>Where the zero points lie in the matrix's.</summary>
    public long ZeroPointsOffset => _layout.ZeroPointsBefore(_firstRow);

    /// <summary>Makes the rows, tile by tile on all processors: tiles share no bytes.</summary>
    public void Fill(SyntheticMatrix synthetic)
    {
        long tiles = (_endRow - _firstRow + TileLayout.TileRows - 1) / TileLayout.TileRows;
        var packer = new TilePacker(_layout, _firstRow);
        Parallel.For(
            0,
            tiles,
            tile =>
            {
                var codes = new byte[_layout.Matrix.CodeBytesPerRow];
                var scales = new byte[_layout.Matrix.ScaleBytesPerRow];
                var zeroPoints = new byte[_layout.Matrix.ZeroPointBytesPerRow];
                long first = _firstRow + (tile * TileLayout.TileRows);
                long end = Math.Min(first + TileLayout.TileRows, _endRow);
                for (long row = first; row < end; row++)
                {
                    synthetic.FillRow(row, codes, scales, zeroPoints);
                    packer.PackRow(row, codes, scales, zeroPoints, Codes, Scales, ZeroPoints);
                }
            }
        );
    }
}
