using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// <c>y = W x</c> for weights of four bits: four rows of a panel by one, two or four tokens at a time.
/// </summary>
/// <remarks>
/// Lanes: lane j of a line holds eight codes, those of columns j, 16 + j … 112 + j from the low bits upwards. The low four bits of
/// every lane choose from a table of sixteen values by one permute (which looks at no other bits); the line is then shifted
/// down by four for the next sixteen columns. The table has the block's scale (and zero point) worked in. No masks: rows that
/// fill the last panel are computed and not stored, columns that fill the last line meet inputs of zero.
/// Bytes: codes and scales once. Bound by decoding where memory is fast, by memory elsewhere.
/// </remarks>
/// <typeparam name="TDecoder">How a block's table is made.</typeparam>
internal static unsafe partial class NibbleLinear<TDecoder>
    where TDecoder : struct, INibbleDecoder
{
    /// <summary>How far ahead of its use a line is asked for: about the time that memory takes to answer.</summary>
    private const int PrefetchBytes = 2048;

    private const int VectorsPerLine = 8;

    /// <summary>An input beyond this leaves the first-level cache to the codes no room: it is better read once for eight rows.</summary>
    private const int LongInputBytes = 32 << 10;

    private static bool HasZeroPoints => typeof(TDecoder) == typeof(Int4Decoder);

    /// <summary>Computes the rows of some panels for the whole batch.</summary>
    public static void Panels(PanelMatrix matrix, in LinearArguments arguments, long firstPanel, long endPanel)
    {
        // A tile computes into this and calls nothing, so that its sums stay in registers throughout.
        float* sums = stackalloc float[PanelResult.SumFloats];
        long panel = firstPanel;
        if (arguments.Batch == 1 && matrix.Layout.Columns * sizeof(float) > LongInputBytes)
        {
            for (; panel + 2 <= endPanel; panel += 2)
            {
                Pair(Source(matrix, panel), Source(matrix, panel + 1), arguments.Input, sums);
                PanelResult.Store(matrix, panel, in arguments, 0, 1, sums, TDecoder.OutputFactor);
                float* second = sums + (PanelMatrix.PanelRows * Simd.Lanes);
                PanelResult.Store(matrix, panel + 1, in arguments, 0, 1, second, TDecoder.OutputFactor);
            }
        }

        for (; panel < endPanel; panel++)
        {
            NibblePanel source = Source(matrix, panel);
            // A panel's codes come from memory once and from the nearest cache for every further tile of the batch.
            int token = 0;
            while (token < arguments.Batch)
            {
                int tokens = PanelResult.TileTokens(arguments.Batch - token);
                float* input = arguments.Input + (token * arguments.InputStride);
                switch (tokens)
                {
                    case 4:
                        Tile4(in source, input, arguments.InputStride, sums);
                        break;
                    case 2:
                        Tile2(in source, input, arguments.InputStride, sums);
                        break;
                    default:
                        Tile1(in source, input, sums);
                        break;
                }

                PanelResult.Store(matrix, panel, in arguments, token, tokens, sums, TDecoder.OutputFactor);
                token += tokens;
            }
        }
    }

    private static NibblePanel Source(PanelMatrix matrix, long panel) =>
        new()
        {
            Codes = matrix.Panel(panel),
            Scales = matrix.LineScales(panel * PanelMatrix.PanelRows, 0),
            ZeroPoints = (ushort*)matrix.ZeroPoints.Pointer + (panel * matrix.Lines),
            Lines = matrix.Lines,
        };

    private static void Tile1(in NibblePanel panel, float* input, float* sums)
    {
        byte* codes = panel.Codes;
        byte* scales = panel.Scales;
        ushort* zeroPoints = panel.ZeroPoints;
        long lines = panel.Lines;
        float* x0 = input;
        Vector512<float> a00 = Vector512<float>.Zero,
            a10 = Vector512<float>.Zero,
            a20 = Vector512<float>.Zero,
            a30 = Vector512<float>.Zero;
        Vector512<float> w,
            v0;
        for (long line = 0; line < lines; line++)
        {
            Simd.Prefetch(codes + PrefetchBytes);
            Simd.Prefetch(codes + PrefetchBytes + 64);
            Simd.Prefetch(codes + PrefetchBytes + 128);
            Simd.Prefetch(codes + PrefetchBytes + 192);
            Vector512<int> l0 = Vector512.Load((int*)codes);
            Vector512<int> l1 = Vector512.Load((int*)(codes + 64));
            Vector512<int> l2 = Vector512.Load((int*)(codes + 128));
            Vector512<int> l3 = Vector512.Load((int*)(codes + 192));
            int zeros = HasZeroPoints ? zeroPoints[line] : 0;
            for (int block = 0; block < VectorsPerLine / TDecoder.VectorsPerTable; block++)
            {
                Vector512<float> t0 = TDecoder.Table(scales, block, zeros & 15);
                Vector512<float> t1 = TDecoder.Table(scales + TDecoder.ScaleBytesPerLine, block, (zeros >> 4) & 15);
                Vector512<float> t2 = TDecoder.Table(
                    scales + (2 * TDecoder.ScaleBytesPerLine),
                    block,
                    (zeros >> 8) & 15
                );
                Vector512<float> t3 = TDecoder.Table(
                    scales + (3 * TDecoder.ScaleBytesPerLine),
                    block,
                    (zeros >> 12) & 15
                );
                for (int i = 0; i < TDecoder.VectorsPerTable; i++)
                {
                    v0 = Input(x0);
                    x0 += Simd.Lanes;
                    w = Simd.LookUp16(t0, l0);
                    l0 = Vector512.ShiftRightLogical(l0, 4);
                    a00 = Simd.MultiplyAdd(w, v0, a00);
                    w = Simd.LookUp16(t1, l1);
                    l1 = Vector512.ShiftRightLogical(l1, 4);
                    a10 = Simd.MultiplyAdd(w, v0, a10);
                    w = Simd.LookUp16(t2, l2);
                    l2 = Vector512.ShiftRightLogical(l2, 4);
                    a20 = Simd.MultiplyAdd(w, v0, a20);
                    w = Simd.LookUp16(t3, l3);
                    l3 = Vector512.ShiftRightLogical(l3, 4);
                    a30 = Simd.MultiplyAdd(w, v0, a30);
                }
            }

            codes += PanelMatrix.PanelRows * PanelMatrix.LineBytes;
            scales += PanelMatrix.PanelRows * TDecoder.ScaleBytesPerLine;
        }

        a00.Store(sums);
        a10.Store(sums + 16);
        a20.Store(sums + 32);
        a30.Store(sums + 48);
    }

    private static void Tile2(in NibblePanel panel, float* input, long inputStride, float* sums)
    {
        byte* codes = panel.Codes;
        byte* scales = panel.Scales;
        ushort* zeroPoints = panel.ZeroPoints;
        long lines = panel.Lines;
        float* x0 = input;
        float* x1 = input + inputStride;
        Vector512<float> a00 = Vector512<float>.Zero,
            a10 = Vector512<float>.Zero,
            a20 = Vector512<float>.Zero,
            a30 = Vector512<float>.Zero;
        Vector512<float> a01 = Vector512<float>.Zero,
            a11 = Vector512<float>.Zero,
            a21 = Vector512<float>.Zero,
            a31 = Vector512<float>.Zero;
        Vector512<float> w,
            v0,
            v1;
        for (long line = 0; line < lines; line++)
        {
            Simd.Prefetch(codes + PrefetchBytes);
            Simd.Prefetch(codes + PrefetchBytes + 64);
            Simd.Prefetch(codes + PrefetchBytes + 128);
            Simd.Prefetch(codes + PrefetchBytes + 192);
            Vector512<int> l0 = Vector512.Load((int*)codes);
            Vector512<int> l1 = Vector512.Load((int*)(codes + 64));
            Vector512<int> l2 = Vector512.Load((int*)(codes + 128));
            Vector512<int> l3 = Vector512.Load((int*)(codes + 192));
            int zeros = HasZeroPoints ? zeroPoints[line] : 0;
            for (int block = 0; block < VectorsPerLine / TDecoder.VectorsPerTable; block++)
            {
                Vector512<float> t0 = TDecoder.Table(scales, block, zeros & 15);
                Vector512<float> t1 = TDecoder.Table(scales + TDecoder.ScaleBytesPerLine, block, (zeros >> 4) & 15);
                Vector512<float> t2 = TDecoder.Table(
                    scales + (2 * TDecoder.ScaleBytesPerLine),
                    block,
                    (zeros >> 8) & 15
                );
                Vector512<float> t3 = TDecoder.Table(
                    scales + (3 * TDecoder.ScaleBytesPerLine),
                    block,
                    (zeros >> 12) & 15
                );
                for (int i = 0; i < TDecoder.VectorsPerTable; i++)
                {
                    v0 = Input(x0);
                    x0 += Simd.Lanes;
                    v1 = Input(x1);
                    x1 += Simd.Lanes;
                    w = Simd.LookUp16(t0, l0);
                    l0 = Vector512.ShiftRightLogical(l0, 4);
                    a00 = Simd.MultiplyAdd(w, v0, a00);
                    a01 = Simd.MultiplyAdd(w, v1, a01);
                    w = Simd.LookUp16(t1, l1);
                    l1 = Vector512.ShiftRightLogical(l1, 4);
                    a10 = Simd.MultiplyAdd(w, v0, a10);
                    a11 = Simd.MultiplyAdd(w, v1, a11);
                    w = Simd.LookUp16(t2, l2);
                    l2 = Vector512.ShiftRightLogical(l2, 4);
                    a20 = Simd.MultiplyAdd(w, v0, a20);
                    a21 = Simd.MultiplyAdd(w, v1, a21);
                    w = Simd.LookUp16(t3, l3);
                    l3 = Vector512.ShiftRightLogical(l3, 4);
                    a30 = Simd.MultiplyAdd(w, v0, a30);
                    a31 = Simd.MultiplyAdd(w, v1, a31);
                }
            }

            codes += PanelMatrix.PanelRows * PanelMatrix.LineBytes;
            scales += PanelMatrix.PanelRows * TDecoder.ScaleBytesPerLine;
        }

        a00.Store(sums);
        a10.Store(sums + 16);
        a20.Store(sums + 32);
        a30.Store(sums + 48);
        a01.Store(sums + 64);
        a11.Store(sums + 80);
        a21.Store(sums + 96);
        a31.Store(sums + 112);
    }

    private static void Tile4(in NibblePanel panel, float* input, long inputStride, float* sums)
    {
        byte* codes = panel.Codes;
        byte* scales = panel.Scales;
        ushort* zeroPoints = panel.ZeroPoints;
        long lines = panel.Lines;
        float* x0 = input;
        float* x1 = input + inputStride;
        float* x2 = input + (2 * inputStride);
        float* x3 = input + (3 * inputStride);
        Vector512<float> a00 = Vector512<float>.Zero,
            a10 = Vector512<float>.Zero,
            a20 = Vector512<float>.Zero,
            a30 = Vector512<float>.Zero;
        Vector512<float> a01 = Vector512<float>.Zero,
            a11 = Vector512<float>.Zero,
            a21 = Vector512<float>.Zero,
            a31 = Vector512<float>.Zero;
        Vector512<float> a02 = Vector512<float>.Zero,
            a12 = Vector512<float>.Zero,
            a22 = Vector512<float>.Zero,
            a32 = Vector512<float>.Zero;
        Vector512<float> a03 = Vector512<float>.Zero,
            a13 = Vector512<float>.Zero,
            a23 = Vector512<float>.Zero,
            a33 = Vector512<float>.Zero;
        Vector512<float> w,
            v0,
            v1,
            v2,
            v3;
        for (long line = 0; line < lines; line++)
        {
            Simd.Prefetch(codes + PrefetchBytes);
            Simd.Prefetch(codes + PrefetchBytes + 64);
            Simd.Prefetch(codes + PrefetchBytes + 128);
            Simd.Prefetch(codes + PrefetchBytes + 192);
            Vector512<int> l0 = Vector512.Load((int*)codes);
            Vector512<int> l1 = Vector512.Load((int*)(codes + 64));
            Vector512<int> l2 = Vector512.Load((int*)(codes + 128));
            Vector512<int> l3 = Vector512.Load((int*)(codes + 192));
            int zeros = HasZeroPoints ? zeroPoints[line] : 0;
            for (int block = 0; block < VectorsPerLine / TDecoder.VectorsPerTable; block++)
            {
                Vector512<float> t0 = TDecoder.Table(scales, block, zeros & 15);
                Vector512<float> t1 = TDecoder.Table(scales + TDecoder.ScaleBytesPerLine, block, (zeros >> 4) & 15);
                Vector512<float> t2 = TDecoder.Table(
                    scales + (2 * TDecoder.ScaleBytesPerLine),
                    block,
                    (zeros >> 8) & 15
                );
                Vector512<float> t3 = TDecoder.Table(
                    scales + (3 * TDecoder.ScaleBytesPerLine),
                    block,
                    (zeros >> 12) & 15
                );
                for (int i = 0; i < TDecoder.VectorsPerTable; i++)
                {
                    v0 = Input(x0);
                    x0 += Simd.Lanes;
                    v1 = Input(x1);
                    x1 += Simd.Lanes;
                    v2 = Input(x2);
                    x2 += Simd.Lanes;
                    v3 = Input(x3);
                    x3 += Simd.Lanes;
                    w = Simd.LookUp16(t0, l0);
                    l0 = Vector512.ShiftRightLogical(l0, 4);
                    a00 = Simd.MultiplyAdd(w, v0, a00);
                    a01 = Simd.MultiplyAdd(w, v1, a01);
                    a02 = Simd.MultiplyAdd(w, v2, a02);
                    a03 = Simd.MultiplyAdd(w, v3, a03);
                    w = Simd.LookUp16(t1, l1);
                    l1 = Vector512.ShiftRightLogical(l1, 4);
                    a10 = Simd.MultiplyAdd(w, v0, a10);
                    a11 = Simd.MultiplyAdd(w, v1, a11);
                    a12 = Simd.MultiplyAdd(w, v2, a12);
                    a13 = Simd.MultiplyAdd(w, v3, a13);
                    w = Simd.LookUp16(t2, l2);
                    l2 = Vector512.ShiftRightLogical(l2, 4);
                    a20 = Simd.MultiplyAdd(w, v0, a20);
                    a21 = Simd.MultiplyAdd(w, v1, a21);
                    a22 = Simd.MultiplyAdd(w, v2, a22);
                    a23 = Simd.MultiplyAdd(w, v3, a23);
                    w = Simd.LookUp16(t3, l3);
                    l3 = Vector512.ShiftRightLogical(l3, 4);
                    a30 = Simd.MultiplyAdd(w, v0, a30);
                    a31 = Simd.MultiplyAdd(w, v1, a31);
                    a32 = Simd.MultiplyAdd(w, v2, a32);
                    a33 = Simd.MultiplyAdd(w, v3, a33);
                }
            }

            codes += PanelMatrix.PanelRows * PanelMatrix.LineBytes;
            scales += PanelMatrix.PanelRows * TDecoder.ScaleBytesPerLine;
        }

        a00.Store(sums);
        a10.Store(sums + 16);
        a20.Store(sums + 32);
        a30.Store(sums + 48);
        a01.Store(sums + 64);
        a11.Store(sums + 80);
        a21.Store(sums + 96);
        a31.Store(sums + 112);
        a02.Store(sums + 128);
        a12.Store(sums + 144);
        a22.Store(sums + 160);
        a32.Store(sums + 176);
        a03.Store(sums + 192);
        a13.Store(sums + 208);
        a23.Store(sums + 224);
        a33.Store(sums + 240);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Input(float* input)
    {
        Vector512<float> values = Vector512.Load(input);
        return TDecoder.InputFactor == 1 ? values : values * Vector512.Create(TDecoder.InputFactor);
    }
}
