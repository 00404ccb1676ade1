using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>Decodes panels of four-bit codes, scales and zero points worked in.</summary>
/// <typeparam name="TDecoder">How a block's table is made.</typeparam>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
/// <typeparam name="TTable">Its tables.</typeparam>
internal readonly unsafe struct NibblePanelDecoder<TDecoder, TSimd, TVector, TTable> : IPanelDecoder
    where TDecoder : struct, INibbleDecoder
    where TSimd : struct, ISimdTables<TVector, TTable>
    where TVector : struct
    where TTable : struct
{
    private const int VectorsPerLine = 8;

    /// <inheritdoc/>
    public static float OutputFactor => TDecoder.OutputFactor;

    /// <inheritdoc/>
    public static void Decode(PanelMatrix matrix, long panel, long firstLine, long lines, float* target, long stride)
    {
        byte* codes = matrix.Panel(panel) + (firstLine * PanelMatrix.PanelRows * PanelMatrix.LineBytes);
        byte* scales = matrix.LineScales(panel * PanelMatrix.PanelRows, firstLine);
        bool hasZeroPoints = typeof(TDecoder) == typeof(Int4Decoder);
        ushort* zeroPoints = (ushort*)matrix.ZeroPoints.Pointer + (panel * matrix.Lines) + firstLine;
        for (long line = 0; line < lines; line++)
        {
            int zeros = hasZeroPoints ? zeroPoints[line] : 0;
            float* row = target;
            for (int r = 0; r < PanelMatrix.PanelRows; r++, row += stride)
            {
                DecodeLine(codes, scales, (zeros >> (4 * r)) & 15, row);
                codes += PanelMatrix.LineBytes;
                scales += TDecoder.ScaleBytesPerLine;
            }

            target += VectorsPerLine * PanelMatrix.Lanes;
        }
    }

    private static void DecodeLine(byte* codes, byte* scales, int zeroPoint, float* row)
    {
        TVector factor = TSimd.Floats(TDecoder.InputFactor);
        for (int lane = 0; lane < PanelMatrix.Lanes; lane += TSimd.Lanes)
        {
            TVector packed = TSimd.LoadLine(codes + (lane * sizeof(float)));
            float* column = row + lane;
            for (int block = 0; block < VectorsPerLine / TDecoder.VectorsPerTable; block++)
            {
                TTable table = TDecoder.Table<TSimd, TVector, TTable>(scales, block, zeroPoint);
                for (int i = 0; i < TDecoder.VectorsPerTable; i++)
                {
                    TVector values = TSimd.LookUp(table, packed);
                    values = TDecoder.InputFactor == 1 ? values : TSimd.Multiply(values, factor);
                    TSimd.Store(values, column);
                    packed = TSimd.ShiftRight(packed, 4);
                    column += PanelMatrix.Lanes;
                }
            }
        }
    }
}
