using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <content>
/// One token by two panels at a time: an input vector serves eight rows instead of four, which halves what is read of an input
/// that is too long for the first-level cache. On K = 14336 this took the share of the read ceiling from 0.60 to 0.80 (INT4) on
/// a Zen 5 core; on K = 4096 it changed nothing for INT4 and MXFP4 and cost NVFP4 a fifth.
/// Lanes and masks are those of the single panel. Only where a register holds a whole line: elsewhere the registers do not suffice.
/// </content>
internal static unsafe partial class NibbleLinear<TDecoder, TSimd, TVector, TTable>
{
    private static void Pair(NibblePanel first, NibblePanel second, float* input, float* sums)
    {
        byte* codes = first.Codes;
        byte* moreCodes = second.Codes;
        byte* scales = first.Scales;
        byte* moreScales = second.Scales;
        ushort* zeroPoints = first.ZeroPoints;
        ushort* moreZeroPoints = second.ZeroPoints;
        long lines = first.Lines;
        TVector a0 = TSimd.Zero,
            a1 = TSimd.Zero,
            a2 = TSimd.Zero,
            a3 = TSimd.Zero,
            a4 = TSimd.Zero,
            a5 = TSimd.Zero,
            a6 = TSimd.Zero,
            a7 = TSimd.Zero;
        TVector v;
        for (long line = 0; line < lines; line++)
        {
            TSimd.Prefetch(codes + PrefetchBytes);
            TSimd.Prefetch(moreCodes + PrefetchBytes);
            TSimd.Prefetch(codes + PrefetchBytes + 64);
            TSimd.Prefetch(moreCodes + PrefetchBytes + 64);
            TSimd.Prefetch(codes + PrefetchBytes + 128);
            TSimd.Prefetch(moreCodes + PrefetchBytes + 128);
            TSimd.Prefetch(codes + PrefetchBytes + 192);
            TSimd.Prefetch(moreCodes + PrefetchBytes + 192);
            TVector l0 = TSimd.LoadLine(codes);
            TVector l1 = TSimd.LoadLine(codes + 64);
            TVector l2 = TSimd.LoadLine(codes + 128);
            TVector l3 = TSimd.LoadLine(codes + 192);
            TVector l4 = TSimd.LoadLine(moreCodes);
            TVector l5 = TSimd.LoadLine(moreCodes + 64);
            TVector l6 = TSimd.LoadLine(moreCodes + 128);
            TVector l7 = TSimd.LoadLine(moreCodes + 192);
            int zeros = HasZeroPoints ? zeroPoints[line] : 0;
            int moreZeros = HasZeroPoints ? moreZeroPoints[line] : 0;
            for (int block = 0; block < VectorsPerLine / TDecoder.VectorsPerTable; block++)
            {
                TTable t0 = Table(scales, block, zeros & 15);
                TTable t1 = Table(scales + TDecoder.ScaleBytesPerLine, block, (zeros >> 4) & 15);
                TTable t2 = Table(scales + (2 * TDecoder.ScaleBytesPerLine), block, (zeros >> 8) & 15);
                TTable t3 = Table(scales + (3 * TDecoder.ScaleBytesPerLine), block, (zeros >> 12) & 15);
                TTable t4 = Table(moreScales, block, moreZeros & 15);
                TTable t5 = Table(moreScales + TDecoder.ScaleBytesPerLine, block, (moreZeros >> 4) & 15);
                TTable t6 = Table(moreScales + (2 * TDecoder.ScaleBytesPerLine), block, (moreZeros >> 8) & 15);
                TTable t7 = Table(moreScales + (3 * TDecoder.ScaleBytesPerLine), block, (moreZeros >> 12) & 15);
                for (int i = 0; i < TDecoder.VectorsPerTable; i++)
                {
                    v = Input(input);
                    input += PanelMatrix.Lanes;
                    a0 = TSimd.MultiplyAdd(TSimd.LookUp(t0, l0), v, a0);
                    l0 = TSimd.ShiftRight(l0, 4);
                    a1 = TSimd.MultiplyAdd(TSimd.LookUp(t1, l1), v, a1);
                    l1 = TSimd.ShiftRight(l1, 4);
                    a2 = TSimd.MultiplyAdd(TSimd.LookUp(t2, l2), v, a2);
                    l2 = TSimd.ShiftRight(l2, 4);
                    a3 = TSimd.MultiplyAdd(TSimd.LookUp(t3, l3), v, a3);
                    l3 = TSimd.ShiftRight(l3, 4);
                    a4 = TSimd.MultiplyAdd(TSimd.LookUp(t4, l4), v, a4);
                    l4 = TSimd.ShiftRight(l4, 4);
                    a5 = TSimd.MultiplyAdd(TSimd.LookUp(t5, l5), v, a5);
                    l5 = TSimd.ShiftRight(l5, 4);
                    a6 = TSimd.MultiplyAdd(TSimd.LookUp(t6, l6), v, a6);
                    l6 = TSimd.ShiftRight(l6, 4);
                    a7 = TSimd.MultiplyAdd(TSimd.LookUp(t7, l7), v, a7);
                    l7 = TSimd.ShiftRight(l7, 4);
                }
            }

            codes += PanelMatrix.PanelRows * PanelMatrix.LineBytes;
            moreCodes += PanelMatrix.PanelRows * PanelMatrix.LineBytes;
            scales += PanelMatrix.PanelRows * TDecoder.ScaleBytesPerLine;
            moreScales += PanelMatrix.PanelRows * TDecoder.ScaleBytesPerLine;
        }

        TSimd.Store(a0, sums);
        TSimd.Store(a1, sums + 16);
        TSimd.Store(a2, sums + 32);
        TSimd.Store(a3, sums + 48);
        TSimd.Store(a4, sums + 64);
        TSimd.Store(a5, sums + 80);
        TSimd.Store(a6, sums + 96);
        TSimd.Store(a7, sums + 112);
    }
}
