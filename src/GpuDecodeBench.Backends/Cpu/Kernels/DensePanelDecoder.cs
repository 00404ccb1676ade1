using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>Decodes panels of sixteen-bit and eight-bit codes.</summary>
/// <typeparam name="TDecoder">How a line is decoded.</typeparam>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
internal readonly unsafe struct DensePanelDecoder<TDecoder, TSimd, TVector> : IPanelDecoder
    where TDecoder : struct, ICodeDecoder
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <inheritdoc/>
    public static float OutputFactor => TDecoder.OutputFactor;

    /// <inheritdoc/>
    public static void Decode(PanelMatrix matrix, long panel, long firstLine, long lines, float* target, long stride)
    {
        byte* codes = matrix.Panel(panel) + (firstLine * PanelMatrix.PanelRows * PanelMatrix.LineBytes);
        TVector factor = TSimd.Floats(TDecoder.InputFactor);
        for (long line = 0; line < lines; line++)
        {
            float* row = target;
            for (int r = 0; r < PanelMatrix.PanelRows; r++, row += stride, codes += PanelMatrix.LineBytes)
            {
                for (int lane = 0; lane < PanelMatrix.Lanes; lane += TSimd.Lanes)
                {
                    TVector packed = TSimd.LoadLine(codes + (lane * sizeof(float)));
                    for (int index = 0; index < TDecoder.VectorsPerLine; index++)
                    {
                        TVector values = TDecoder.Decode<TSimd, TVector>(packed, index);
                        values = TDecoder.InputFactor == 1 ? values : TSimd.Multiply(values, factor);
                        TSimd.Store(values, row + (index * PanelMatrix.Lanes) + lane);
                    }
                }
            }

            target += TDecoder.VectorsPerLine * PanelMatrix.Lanes;
        }
    }
}
