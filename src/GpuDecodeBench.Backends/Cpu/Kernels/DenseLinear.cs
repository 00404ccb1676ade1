using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// <c>y = W x</c> for weights of sixteen or eight bits: four rows of a panel by one, two or four tokens at a time.
/// </summary>
/// <remarks>
/// Lanes: a line of a row decodes to vectors of sixteen neighbouring columns; lane j accumulates columns j, 16 + j, 32 + j … of
/// the row, and the sixteen partial sums are added at the end. No masks: rows that fill the last panel are computed and not
/// stored, columns that fill the last line meet inputs of zero.
/// Bytes: the panel's codes once, 4 × K × bits / 8; inputs and outputs stay in cache. Bound by memory at small batches, by
/// multiply-adds from a batch of some tens.
/// </remarks>
/// <typeparam name="TDecoder">How a line is decoded.</typeparam>
internal static unsafe class DenseLinear<TDecoder>
    where TDecoder : struct, ICodeDecoder
{
    /// <summary>How far ahead of its use a line is asked for: about the time that memory takes to answer.</summary>
    private const int PrefetchBytes = 4096;

    /// <summary>Computes the rows of some panels for the whole batch.</summary>
    public static void Panels(PanelMatrix matrix, in LinearArguments arguments, long firstPanel, long endPanel)
    {
        // A tile computes into this and calls nothing, so that its sums stay in registers throughout.
        float* sums = stackalloc float[PanelResult.SumFloats];
        for (long panel = firstPanel; panel < endPanel; panel++)
        {
            byte* codes = matrix.Panel(panel);
            byte* end = matrix.Panel(panel + 1);
            // A panel's codes come from memory once and from the nearest cache for every further tile of the batch.
            int token = 0;
            while (token < arguments.Batch)
            {
                int tokens = PanelResult.TileTokens(arguments.Batch - token);
                float* input = arguments.Input + (token * arguments.InputStride);
                switch (tokens)
                {
                    case 4:
                        Tile4(codes, end, input, arguments.InputStride, sums);
                        break;
                    case 2:
                        Tile2(codes, end, input, arguments.InputStride, sums);
                        break;
                    default:
                        Tile1(codes, end, input, sums);
                        break;
                }

                PanelResult.Store(matrix, panel, in arguments, token, tokens, sums, TDecoder.OutputFactor);
                token += tokens;
            }
        }
    }

    private static void Tile1(byte* codes, byte* end, float* input, float* sums)
    {
        float* x0 = input;
        Vector512<float> a00 = Vector512<float>.Zero,
            a10 = Vector512<float>.Zero,
            a20 = Vector512<float>.Zero,
            a30 = Vector512<float>.Zero;
        Vector512<float> w,
            v0;
        for (; codes < end; codes += PanelMatrix.PanelRows * PanelMatrix.LineBytes)
        {
            Simd.Prefetch(codes + PrefetchBytes);
            Simd.Prefetch(codes + PrefetchBytes + 64);
            Simd.Prefetch(codes + PrefetchBytes + 128);
            Simd.Prefetch(codes + PrefetchBytes + 192);
            Vector512<int> l0 = Vector512.Load((int*)codes);
            Vector512<int> l1 = Vector512.Load((int*)(codes + 64));
            Vector512<int> l2 = Vector512.Load((int*)(codes + 128));
            Vector512<int> l3 = Vector512.Load((int*)(codes + 192));
            v0 = Input(x0, 0);
            w = TDecoder.Decode(l0, 0);
            a00 = Simd.MultiplyAdd(w, v0, a00);
            w = TDecoder.Decode(l1, 0);
            a10 = Simd.MultiplyAdd(w, v0, a10);
            w = TDecoder.Decode(l2, 0);
            a20 = Simd.MultiplyAdd(w, v0, a20);
            w = TDecoder.Decode(l3, 0);
            a30 = Simd.MultiplyAdd(w, v0, a30);
            v0 = Input(x0, 1);
            w = TDecoder.Decode(l0, 1);
            a00 = Simd.MultiplyAdd(w, v0, a00);
            w = TDecoder.Decode(l1, 1);
            a10 = Simd.MultiplyAdd(w, v0, a10);
            w = TDecoder.Decode(l2, 1);
            a20 = Simd.MultiplyAdd(w, v0, a20);
            w = TDecoder.Decode(l3, 1);
            a30 = Simd.MultiplyAdd(w, v0, a30);
            if (TDecoder.VectorsPerLine == 4)
            {
                v0 = Input(x0, 2);
                w = TDecoder.Decode(l0, 2);
                a00 = Simd.MultiplyAdd(w, v0, a00);
                w = TDecoder.Decode(l1, 2);
                a10 = Simd.MultiplyAdd(w, v0, a10);
                w = TDecoder.Decode(l2, 2);
                a20 = Simd.MultiplyAdd(w, v0, a20);
                w = TDecoder.Decode(l3, 2);
                a30 = Simd.MultiplyAdd(w, v0, a30);
                v0 = Input(x0, 3);
                w = TDecoder.Decode(l0, 3);
                a00 = Simd.MultiplyAdd(w, v0, a00);
                w = TDecoder.Decode(l1, 3);
                a10 = Simd.MultiplyAdd(w, v0, a10);
                w = TDecoder.Decode(l2, 3);
                a20 = Simd.MultiplyAdd(w, v0, a20);
                w = TDecoder.Decode(l3, 3);
                a30 = Simd.MultiplyAdd(w, v0, a30);
            }

            x0 += TDecoder.VectorsPerLine * Simd.Lanes;
        }

        a00.Store(sums);
        a10.Store(sums + 16);
        a20.Store(sums + 32);
        a30.Store(sums + 48);
    }

    private static void Tile2(byte* codes, byte* end, float* input, long inputStride, float* sums)
    {
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
        for (; codes < end; codes += PanelMatrix.PanelRows * PanelMatrix.LineBytes)
        {
            Simd.Prefetch(codes + PrefetchBytes);
            Simd.Prefetch(codes + PrefetchBytes + 64);
            Simd.Prefetch(codes + PrefetchBytes + 128);
            Simd.Prefetch(codes + PrefetchBytes + 192);
            Vector512<int> l0 = Vector512.Load((int*)codes);
            Vector512<int> l1 = Vector512.Load((int*)(codes + 64));
            Vector512<int> l2 = Vector512.Load((int*)(codes + 128));
            Vector512<int> l3 = Vector512.Load((int*)(codes + 192));
            v0 = Input(x0, 0);
            v1 = Input(x1, 0);
            w = TDecoder.Decode(l0, 0);
            a00 = Simd.MultiplyAdd(w, v0, a00);
            a01 = Simd.MultiplyAdd(w, v1, a01);
            w = TDecoder.Decode(l1, 0);
            a10 = Simd.MultiplyAdd(w, v0, a10);
            a11 = Simd.MultiplyAdd(w, v1, a11);
            w = TDecoder.Decode(l2, 0);
            a20 = Simd.MultiplyAdd(w, v0, a20);
            a21 = Simd.MultiplyAdd(w, v1, a21);
            w = TDecoder.Decode(l3, 0);
            a30 = Simd.MultiplyAdd(w, v0, a30);
            a31 = Simd.MultiplyAdd(w, v1, a31);
            v0 = Input(x0, 1);
            v1 = Input(x1, 1);
            w = TDecoder.Decode(l0, 1);
            a00 = Simd.MultiplyAdd(w, v0, a00);
            a01 = Simd.MultiplyAdd(w, v1, a01);
            w = TDecoder.Decode(l1, 1);
            a10 = Simd.MultiplyAdd(w, v0, a10);
            a11 = Simd.MultiplyAdd(w, v1, a11);
            w = TDecoder.Decode(l2, 1);
            a20 = Simd.MultiplyAdd(w, v0, a20);
            a21 = Simd.MultiplyAdd(w, v1, a21);
            w = TDecoder.Decode(l3, 1);
            a30 = Simd.MultiplyAdd(w, v0, a30);
            a31 = Simd.MultiplyAdd(w, v1, a31);
            if (TDecoder.VectorsPerLine == 4)
            {
                v0 = Input(x0, 2);
                v1 = Input(x1, 2);
                w = TDecoder.Decode(l0, 2);
                a00 = Simd.MultiplyAdd(w, v0, a00);
                a01 = Simd.MultiplyAdd(w, v1, a01);
                w = TDecoder.Decode(l1, 2);
                a10 = Simd.MultiplyAdd(w, v0, a10);
                a11 = Simd.MultiplyAdd(w, v1, a11);
                w = TDecoder.Decode(l2, 2);
                a20 = Simd.MultiplyAdd(w, v0, a20);
                a21 = Simd.MultiplyAdd(w, v1, a21);
                w = TDecoder.Decode(l3, 2);
                a30 = Simd.MultiplyAdd(w, v0, a30);
                a31 = Simd.MultiplyAdd(w, v1, a31);
                v0 = Input(x0, 3);
                v1 = Input(x1, 3);
                w = TDecoder.Decode(l0, 3);
                a00 = Simd.MultiplyAdd(w, v0, a00);
                a01 = Simd.MultiplyAdd(w, v1, a01);
                w = TDecoder.Decode(l1, 3);
                a10 = Simd.MultiplyAdd(w, v0, a10);
                a11 = Simd.MultiplyAdd(w, v1, a11);
                w = TDecoder.Decode(l2, 3);
                a20 = Simd.MultiplyAdd(w, v0, a20);
                a21 = Simd.MultiplyAdd(w, v1, a21);
                w = TDecoder.Decode(l3, 3);
                a30 = Simd.MultiplyAdd(w, v0, a30);
                a31 = Simd.MultiplyAdd(w, v1, a31);
            }

            x0 += TDecoder.VectorsPerLine * Simd.Lanes;
            x1 += TDecoder.VectorsPerLine * Simd.Lanes;
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

    private static void Tile4(byte* codes, byte* end, float* input, long inputStride, float* sums)
    {
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
        for (; codes < end; codes += PanelMatrix.PanelRows * PanelMatrix.LineBytes)
        {
            Simd.Prefetch(codes + PrefetchBytes);
            Simd.Prefetch(codes + PrefetchBytes + 64);
            Simd.Prefetch(codes + PrefetchBytes + 128);
            Simd.Prefetch(codes + PrefetchBytes + 192);
            Vector512<int> l0 = Vector512.Load((int*)codes);
            Vector512<int> l1 = Vector512.Load((int*)(codes + 64));
            Vector512<int> l2 = Vector512.Load((int*)(codes + 128));
            Vector512<int> l3 = Vector512.Load((int*)(codes + 192));
            v0 = Input(x0, 0);
            v1 = Input(x1, 0);
            v2 = Input(x2, 0);
            v3 = Input(x3, 0);
            w = TDecoder.Decode(l0, 0);
            a00 = Simd.MultiplyAdd(w, v0, a00);
            a01 = Simd.MultiplyAdd(w, v1, a01);
            a02 = Simd.MultiplyAdd(w, v2, a02);
            a03 = Simd.MultiplyAdd(w, v3, a03);
            w = TDecoder.Decode(l1, 0);
            a10 = Simd.MultiplyAdd(w, v0, a10);
            a11 = Simd.MultiplyAdd(w, v1, a11);
            a12 = Simd.MultiplyAdd(w, v2, a12);
            a13 = Simd.MultiplyAdd(w, v3, a13);
            w = TDecoder.Decode(l2, 0);
            a20 = Simd.MultiplyAdd(w, v0, a20);
            a21 = Simd.MultiplyAdd(w, v1, a21);
            a22 = Simd.MultiplyAdd(w, v2, a22);
            a23 = Simd.MultiplyAdd(w, v3, a23);
            w = TDecoder.Decode(l3, 0);
            a30 = Simd.MultiplyAdd(w, v0, a30);
            a31 = Simd.MultiplyAdd(w, v1, a31);
            a32 = Simd.MultiplyAdd(w, v2, a32);
            a33 = Simd.MultiplyAdd(w, v3, a33);
            v0 = Input(x0, 1);
            v1 = Input(x1, 1);
            v2 = Input(x2, 1);
            v3 = Input(x3, 1);
            w = TDecoder.Decode(l0, 1);
            a00 = Simd.MultiplyAdd(w, v0, a00);
            a01 = Simd.MultiplyAdd(w, v1, a01);
            a02 = Simd.MultiplyAdd(w, v2, a02);
            a03 = Simd.MultiplyAdd(w, v3, a03);
            w = TDecoder.Decode(l1, 1);
            a10 = Simd.MultiplyAdd(w, v0, a10);
            a11 = Simd.MultiplyAdd(w, v1, a11);
            a12 = Simd.MultiplyAdd(w, v2, a12);
            a13 = Simd.MultiplyAdd(w, v3, a13);
            w = TDecoder.Decode(l2, 1);
            a20 = Simd.MultiplyAdd(w, v0, a20);
            a21 = Simd.MultiplyAdd(w, v1, a21);
            a22 = Simd.MultiplyAdd(w, v2, a22);
            a23 = Simd.MultiplyAdd(w, v3, a23);
            w = TDecoder.Decode(l3, 1);
            a30 = Simd.MultiplyAdd(w, v0, a30);
            a31 = Simd.MultiplyAdd(w, v1, a31);
            a32 = Simd.MultiplyAdd(w, v2, a32);
            a33 = Simd.MultiplyAdd(w, v3, a33);
            if (TDecoder.VectorsPerLine == 4)
            {
                v0 = Input(x0, 2);
                v1 = Input(x1, 2);
                v2 = Input(x2, 2);
                v3 = Input(x3, 2);
                w = TDecoder.Decode(l0, 2);
                a00 = Simd.MultiplyAdd(w, v0, a00);
                a01 = Simd.MultiplyAdd(w, v1, a01);
                a02 = Simd.MultiplyAdd(w, v2, a02);
                a03 = Simd.MultiplyAdd(w, v3, a03);
                w = TDecoder.Decode(l1, 2);
                a10 = Simd.MultiplyAdd(w, v0, a10);
                a11 = Simd.MultiplyAdd(w, v1, a11);
                a12 = Simd.MultiplyAdd(w, v2, a12);
                a13 = Simd.MultiplyAdd(w, v3, a13);
                w = TDecoder.Decode(l2, 2);
                a20 = Simd.MultiplyAdd(w, v0, a20);
                a21 = Simd.MultiplyAdd(w, v1, a21);
                a22 = Simd.MultiplyAdd(w, v2, a22);
                a23 = Simd.MultiplyAdd(w, v3, a23);
                w = TDecoder.Decode(l3, 2);
                a30 = Simd.MultiplyAdd(w, v0, a30);
                a31 = Simd.MultiplyAdd(w, v1, a31);
                a32 = Simd.MultiplyAdd(w, v2, a32);
                a33 = Simd.MultiplyAdd(w, v3, a33);
                v0 = Input(x0, 3);
                v1 = Input(x1, 3);
                v2 = Input(x2, 3);
                v3 = Input(x3, 3);
                w = TDecoder.Decode(l0, 3);
                a00 = Simd.MultiplyAdd(w, v0, a00);
                a01 = Simd.MultiplyAdd(w, v1, a01);
                a02 = Simd.MultiplyAdd(w, v2, a02);
                a03 = Simd.MultiplyAdd(w, v3, a03);
                w = TDecoder.Decode(l1, 3);
                a10 = Simd.MultiplyAdd(w, v0, a10);
                a11 = Simd.MultiplyAdd(w, v1, a11);
                a12 = Simd.MultiplyAdd(w, v2, a12);
                a13 = Simd.MultiplyAdd(w, v3, a13);
                w = TDecoder.Decode(l2, 3);
                a20 = Simd.MultiplyAdd(w, v0, a20);
                a21 = Simd.MultiplyAdd(w, v1, a21);
                a22 = Simd.MultiplyAdd(w, v2, a22);
                a23 = Simd.MultiplyAdd(w, v3, a23);
                w = TDecoder.Decode(l3, 3);
                a30 = Simd.MultiplyAdd(w, v0, a30);
                a31 = Simd.MultiplyAdd(w, v1, a31);
                a32 = Simd.MultiplyAdd(w, v2, a32);
                a33 = Simd.MultiplyAdd(w, v3, a33);
            }

            x0 += TDecoder.VectorsPerLine * Simd.Lanes;
            x1 += TDecoder.VectorsPerLine * Simd.Lanes;
            x2 += TDecoder.VectorsPerLine * Simd.Lanes;
            x3 += TDecoder.VectorsPerLine * Simd.Lanes;
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
    private static Vector512<float> Input(float* input, int index)
    {
        Vector512<float> values = Vector512.Load(input + (index * Simd.Lanes));
        return TDecoder.InputFactor == 1 ? values : values * Vector512.Create(TDecoder.InputFactor);
    }
}
