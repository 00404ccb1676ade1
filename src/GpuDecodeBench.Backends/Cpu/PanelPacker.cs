using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>Moves rows between the canonical layout and <see cref="PanelMatrix"/>.</summary>
internal static unsafe class PanelPacker
{
    /// <summary>Stores one row given in the canonical layout.</summary>
    public static void PackRow(
        PanelMatrix matrix,
        long row,
        ReadOnlySpan<byte> codes,
        ReadOnlySpan<byte> scales,
        ReadOnlySpan<byte> zeroPoints
    )
    {
        int bytesPerLine = PanelMatrix.LineBytes;
        Span<byte> whole = stackalloc byte[bytesPerLine];
        for (long line = 0; line < matrix.Lines; line++)
        {
            ReadOnlySpan<byte> source = codes[(int)(line * bytesPerLine)..];
            byte* target = matrix.Line(row, line);
            if (source.Length >= bytesPerLine)
            {
                PackLine(matrix.Layout.BitsPerCode, source[..bytesPerLine], target);
                continue;
            }

            whole.Clear();
            source.CopyTo(whole);
            PackLine(matrix.Layout.BitsPerCode, whole, target);
        }

        PackScales(matrix, row, scales);
        if (matrix.Layout.Format == WeightFormat.Int4)
        {
            PackZeroPoints(matrix, row, zeroPoints);
        }
    }

    /// <summary>Takes one row out again, decoded to floats.</summary>
    public static void DecodeRow(PanelMatrix matrix, long row, Span<double> values)
    {
        WeightLayout layout = matrix.Layout;
        var codes = new byte[matrix.Lines * PanelMatrix.LineBytes];
        for (long line = 0; line < matrix.Lines; line++)
        {
            UnpackLine(
                layout.BitsPerCode,
                matrix.Line(row, line),
                codes.AsSpan((int)(line * PanelMatrix.LineBytes), PanelMatrix.LineBytes)
            );
        }

        var scales = new byte[
            Math.Max(layout.ScaleBytesPerRow, matrix.Lines * matrix.ScalesPerLine * layout.BytesPerScale)
        ];
        if (layout.Format is WeightFormat.Fp8 or WeightFormat.Int8)
        {
            new ReadOnlySpan<byte>(matrix.Scales.Floats + row, sizeof(float)).CopyTo(scales);
        }
        else if (matrix.ScalesPerLine > 0)
        {
            int bytes = matrix.ScalesPerLine * layout.BytesPerScale;
            for (long line = 0; line < matrix.Lines; line++)
            {
                new ReadOnlySpan<byte>(matrix.LineScales(row, line), bytes).CopyTo(scales.AsSpan((int)line * bytes));
            }
        }

        var zeroPoints = new byte[layout.ZeroPointBytesPerRow];
        for (int group = 0; layout.Format == WeightFormat.Int4 && group < layout.ScalesPerRow; group++)
        {
            zeroPoints[group / 2] |= (byte)(ZeroPoint(matrix, row, group) << (4 * (group % 2)));
        }

        RowDecoder.Decode(
            layout.Format,
            (int)layout.Columns,
            codes.AsSpan(0, (int)layout.CodeBytesPerRow),
            scales.AsSpan(0, (int)layout.ScaleBytesPerRow),
            zeroPoints,
            matrix.TensorScale,
            values
        );
    }

    /// <summary>Puts a canonical line's codes where the lanes want them: code i of lane j is column 16 i + j.</summary>
    public static void PackLine(int bitsPerCode, ReadOnlySpan<byte> source, byte* target)
    {
        switch (bitsPerCode)
        {
            case 16:
                for (int lane = 0; lane < PanelMatrix.Lanes; lane++)
                {
                    for (int i = 0; i < 2; i++)
                    {
                        int column = (16 * i) + lane;
                        target[(4 * lane) + (2 * i)] = source[2 * column];
                        target[(4 * lane) + (2 * i) + 1] = source[(2 * column) + 1];
                    }
                }

                break;
            case 8:
                for (int lane = 0; lane < PanelMatrix.Lanes; lane++)
                {
                    for (int i = 0; i < 4; i++)
                    {
                        target[(4 * lane) + i] = source[(16 * i) + lane];
                    }
                }

                break;
            default:
                for (int lane = 0; lane < PanelMatrix.Lanes; lane++)
                {
                    uint word = 0;
                    for (int i = 0; i < 8; i++)
                    {
                        int column = (16 * i) + lane;
                        uint code = (uint)(source[column / 2] >> (4 * (column % 2))) & 15;
                        word |= code << (4 * i);
                    }

                    ((uint*)target)[lane] = word;
                }

                break;
        }
    }

    private static void UnpackLine(int bitsPerCode, byte* source, Span<byte> target)
    {
        target.Clear();
        int codesPerLane = 32 / bitsPerCode;
        uint mask = bitsPerCode == 16 ? 0xFFFFu : (1u << bitsPerCode) - 1;
        for (int lane = 0; lane < PanelMatrix.Lanes; lane++)
        {
            uint word = ((uint*)source)[lane];
            for (int i = 0; i < codesPerLane; i++)
            {
                uint code = (word >> (bitsPerCode * i)) & mask;
                int bit = ((16 * i) + lane) * bitsPerCode;
                target[bit / 8] |= (byte)(code << (bit % 8));
                if (bitsPerCode == 16)
                {
                    target[(bit / 8) + 1] = (byte)(code >> 8);
                }
            }
        }
    }

    private static void PackScales(PanelMatrix matrix, long row, ReadOnlySpan<byte> scales)
    {
        if (matrix.Layout.Format is WeightFormat.Fp8 or WeightFormat.Int8)
        {
            scales.CopyTo(new Span<byte>(matrix.Scales.Floats + row, sizeof(float)));
            return;
        }

        int bytes = matrix.ScalesPerLine * matrix.Layout.BytesPerScale;
        for (long line = 0; bytes > 0 && line < matrix.Lines; line++)
        {
            ReadOnlySpan<byte> source = scales[(int)(line * bytes)..];
            source = source[..Math.Min(source.Length, bytes)];
            var target = new Span<byte>(matrix.LineScales(row, line), bytes);
            target.Clear();
            source.CopyTo(target);
        }
    }

    private static void PackZeroPoints(PanelMatrix matrix, long row, ReadOnlySpan<byte> zeroPoints)
    {
        int shift = (int)(row % PanelMatrix.PanelRows) * 4;
        var words = (ushort*)matrix.ZeroPoints.Pointer + (row / PanelMatrix.PanelRows * matrix.Lines);
        for (int group = 0; group < matrix.Lines; group++)
        {
            int zero = (zeroPoints[group / 2] >> (4 * (group % 2))) & 15;
            words[group] = (ushort)((words[group] & ~(15 << shift)) | (zero << shift));
        }
    }

    private static int ZeroPoint(PanelMatrix matrix, long row, int group)
    {
        var words = (ushort*)matrix.ZeroPoints.Pointer + (row / PanelMatrix.PanelRows * matrix.Lines);
        return (words[group] >> ((int)(row % PanelMatrix.PanelRows) * 4)) & 15;
    }
}
