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
internal static unsafe class NibbleLinear<TDecoder>
    where TDecoder : struct, INibbleDecoder
{
    /// <summary>How far ahead of its use a line is asked for: about the time that memory takes to answer.</summary>
    private const int PrefetchBytes = 2048;

    private const int VectorsPerLine = 8;

    private static bool HasZeroPoints => typeof(TDecoder) == typeof(Int4Decoder);

    /// <summary>Computes the rows of some panels for the whole batch.</summary>
    public static void Panels(PanelMatrix matrix, in LinearArguments arguments, long firstPanel, long endPanel)
    {
        for (long panel = firstPanel; panel < endPanel; panel++)
        {
            // A panel's codes come from memory once and from the nearest cache for every further tile of the batch.
            int token = 0;
            for (; token + 4 <= arguments.Batch; token += 4)
            {
                Tile4(matrix, panel, in arguments, token);
            }

            if (token + 2 <= arguments.Batch)
            {
                Tile2(matrix, panel, in arguments, token);
                token += 2;
            }

            if (token < arguments.Batch)
            {
                Tile1(matrix, panel, in arguments, token);
            }
        }
    }

    private static void Tile1(PanelMatrix matrix, long panel, in LinearArguments arguments, int token)
    {
        Vector512<float> a00 = Vector512<float>.Zero,
            a10 = Vector512<float>.Zero,
            a20 = Vector512<float>.Zero,
            a30 = Vector512<float>.Zero;
        Vector512<float> w,
            v0;
        byte* codes = matrix.Panel(panel);
        byte* scales = matrix.LineScales(panel * PanelMatrix.PanelRows, 0);
        ushort* zeroPoints = (ushort*)matrix.ZeroPoints.Pointer + (panel * matrix.Lines);
        float* x0 = arguments.Input + (token * arguments.InputStride);
        for (long line = 0; line < matrix.Lines; line++)
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

        Store(matrix, panel, in arguments, token, a00, a10, a20, a30);
    }

    private static void Tile2(PanelMatrix matrix, long panel, in LinearArguments arguments, int token)
    {
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
        byte* codes = matrix.Panel(panel);
        byte* scales = matrix.LineScales(panel * PanelMatrix.PanelRows, 0);
        ushort* zeroPoints = (ushort*)matrix.ZeroPoints.Pointer + (panel * matrix.Lines);
        float* x0 = arguments.Input + ((token + 0) * arguments.InputStride);
        float* x1 = arguments.Input + ((token + 1) * arguments.InputStride);
        for (long line = 0; line < matrix.Lines; line++)
        {
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

        Store(matrix, panel, in arguments, token + 0, a00, a10, a20, a30);
        Store(matrix, panel, in arguments, token + 1, a01, a11, a21, a31);
    }

    private static void Tile4(PanelMatrix matrix, long panel, in LinearArguments arguments, int token)
    {
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
        byte* codes = matrix.Panel(panel);
        byte* scales = matrix.LineScales(panel * PanelMatrix.PanelRows, 0);
        ushort* zeroPoints = (ushort*)matrix.ZeroPoints.Pointer + (panel * matrix.Lines);
        float* x0 = arguments.Input + ((token + 0) * arguments.InputStride);
        float* x1 = arguments.Input + ((token + 1) * arguments.InputStride);
        float* x2 = arguments.Input + ((token + 2) * arguments.InputStride);
        float* x3 = arguments.Input + ((token + 3) * arguments.InputStride);
        for (long line = 0; line < matrix.Lines; line++)
        {
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

        Store(matrix, panel, in arguments, token + 0, a00, a10, a20, a30);
        Store(matrix, panel, in arguments, token + 1, a01, a11, a21, a31);
        Store(matrix, panel, in arguments, token + 2, a02, a12, a22, a32);
        Store(matrix, panel, in arguments, token + 3, a03, a13, a23, a33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Input(float* input)
    {
        Vector512<float> values = Vector512.Load(input);
        return TDecoder.InputFactor == 1 ? values : values * Vector512.Create(TDecoder.InputFactor);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Store(
        PanelMatrix matrix,
        long panel,
        in LinearArguments arguments,
        int token,
        Vector512<float> a0,
        Vector512<float> a1,
        Vector512<float> a2,
        Vector512<float> a3
    )
    {
        float* sums = stackalloc float[PanelMatrix.PanelRows];
        sums[0] = Vector512.Sum(a0);
        sums[1] = Vector512.Sum(a1);
        sums[2] = Vector512.Sum(a2);
        sums[3] = Vector512.Sum(a3);
        PanelResult.Store(matrix, panel, in arguments, token, sums, TDecoder.OutputFactor);
    }
}
