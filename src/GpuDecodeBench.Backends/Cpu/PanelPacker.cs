using System.Runtime.Intrinsics;
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
        // Sixteen neighbouring columns are widened to sixteen lanes, shifted to their place in the lane, and joined.
        Vector512<uint> lanes = Vector512<uint>.Zero;
        fixed (byte* codes = source)
        {
            switch (bitsPerCode)
            {
                case 16:
                    for (int i = 0; i < 2; i++)
                    {
                        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(
                            Vector256.Load((ushort*)codes + (16 * i))
                        );
                        lanes |= Vector512.Create(low, high) << (16 * i);
                    }

                    break;
                case 8:
                    for (int i = 0; i < 4; i++)
                    {
                        lanes |= Widen(Vector128.Load(codes + (16 * i))) << (8 * i);
                    }

                    break;
                default:
                    for (int i = 0; i < 8; i++)
                    {
                        lanes |= Widen(Nibbles(codes + (8 * i))) << (4 * i);
                    }

                    break;
            }
        }

        lanes.Store((uint*)target);
    }

    /// <summary>Sixteen four-bit codes, the low half of each byte first, as sixteen bytes.</summary>
    private static Vector128<byte> Nibbles(byte* pairs)
    {
        Vector64<byte> both = Vector64.Load(pairs);
        Vector64<byte> low = both & Vector64.Create((byte)15);
        Vector64<byte> high = both >>> 4;
        // Each pair becomes the two bytes of a 16-bit element.
        Vector128<ushort> joined =
            Vector128.WidenLower(low.ToVector128()) | (Vector128.WidenLower(high.ToVector128()) << 8);
        return joined.AsByte();
    }

    private static Vector512<uint> Widen(Vector128<byte> bytes)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(bytes);
        (Vector256<uint> first, Vector256<uint> second) = Vector256.Widen(Vector256.Create(low, high));
        return Vector512.Create(first, second);
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
