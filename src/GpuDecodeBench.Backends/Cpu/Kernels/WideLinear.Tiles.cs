using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// The tiles: four rows of floats by six, four, two or one tokens. Unrolled by hand, since the JIT keeps sums in registers only
/// as locals, and called with nothing else alive. Each step asks for a piece of a line that is needed later.
/// </summary>
internal static unsafe partial class WideLinear<TDecoder, TSimd, TVector>
{
    private static void Tile6(float* w, float* x, long xStride, long columns, byte* ahead, float* sums)
    {
        const long Stride = WideScratch.RowStride;
        float* end = w + columns;
        TVector a00 = TSimd.Zero,
            a01 = TSimd.Zero,
            a02 = TSimd.Zero,
            a03 = TSimd.Zero;
        TVector a10 = TSimd.Zero,
            a11 = TSimd.Zero,
            a12 = TSimd.Zero,
            a13 = TSimd.Zero;
        TVector a20 = TSimd.Zero,
            a21 = TSimd.Zero,
            a22 = TSimd.Zero,
            a23 = TSimd.Zero;
        TVector a30 = TSimd.Zero,
            a31 = TSimd.Zero,
            a32 = TSimd.Zero,
            a33 = TSimd.Zero;
        TVector a40 = TSimd.Zero,
            a41 = TSimd.Zero,
            a42 = TSimd.Zero,
            a43 = TSimd.Zero;
        TVector a50 = TSimd.Zero,
            a51 = TSimd.Zero,
            a52 = TSimd.Zero,
            a53 = TSimd.Zero;
        for (; w < end; w += TSimd.Lanes, x += TSimd.Lanes, ahead += AheadBytes)
        {
            TSimd.Prefetch(ahead);
            TVector w0 = TSimd.Load(w),
                w1 = TSimd.Load(w + Stride),
                w2 = TSimd.Load(w + (2 * Stride)),
                w3 = TSimd.Load(w + (3 * Stride));
            TVector v = TSimd.Load(x);
            a00 = TSimd.MultiplyAdd(v, w0, a00);
            a01 = TSimd.MultiplyAdd(v, w1, a01);
            a02 = TSimd.MultiplyAdd(v, w2, a02);
            a03 = TSimd.MultiplyAdd(v, w3, a03);
            v = TSimd.Load(x + xStride);
            a10 = TSimd.MultiplyAdd(v, w0, a10);
            a11 = TSimd.MultiplyAdd(v, w1, a11);
            a12 = TSimd.MultiplyAdd(v, w2, a12);
            a13 = TSimd.MultiplyAdd(v, w3, a13);
            v = TSimd.Load(x + (2 * xStride));
            a20 = TSimd.MultiplyAdd(v, w0, a20);
            a21 = TSimd.MultiplyAdd(v, w1, a21);
            a22 = TSimd.MultiplyAdd(v, w2, a22);
            a23 = TSimd.MultiplyAdd(v, w3, a23);
            v = TSimd.Load(x + (3 * xStride));
            a30 = TSimd.MultiplyAdd(v, w0, a30);
            a31 = TSimd.MultiplyAdd(v, w1, a31);
            a32 = TSimd.MultiplyAdd(v, w2, a32);
            a33 = TSimd.MultiplyAdd(v, w3, a33);
            v = TSimd.Load(x + (4 * xStride));
            a40 = TSimd.MultiplyAdd(v, w0, a40);
            a41 = TSimd.MultiplyAdd(v, w1, a41);
            a42 = TSimd.MultiplyAdd(v, w2, a42);
            a43 = TSimd.MultiplyAdd(v, w3, a43);
            v = TSimd.Load(x + (5 * xStride));
            a50 = TSimd.MultiplyAdd(v, w0, a50);
            a51 = TSimd.MultiplyAdd(v, w1, a51);
            a52 = TSimd.MultiplyAdd(v, w2, a52);
            a53 = TSimd.MultiplyAdd(v, w3, a53);
        }

        TSimd.Store(a00, sums + 0);
        TSimd.Store(a01, sums + 16);
        TSimd.Store(a02, sums + 32);
        TSimd.Store(a03, sums + 48);
        TSimd.Store(a10, sums + 64);
        TSimd.Store(a11, sums + 80);
        TSimd.Store(a12, sums + 96);
        TSimd.Store(a13, sums + 112);
        TSimd.Store(a20, sums + 128);
        TSimd.Store(a21, sums + 144);
        TSimd.Store(a22, sums + 160);
        TSimd.Store(a23, sums + 176);
        TSimd.Store(a30, sums + 192);
        TSimd.Store(a31, sums + 208);
        TSimd.Store(a32, sums + 224);
        TSimd.Store(a33, sums + 240);
        TSimd.Store(a40, sums + 256);
        TSimd.Store(a41, sums + 272);
        TSimd.Store(a42, sums + 288);
        TSimd.Store(a43, sums + 304);
        TSimd.Store(a50, sums + 320);
        TSimd.Store(a51, sums + 336);
        TSimd.Store(a52, sums + 352);
        TSimd.Store(a53, sums + 368);
    }

    private static void Tile4(float* w, float* x, long xStride, long columns, byte* ahead, float* sums)
    {
        const long Stride = WideScratch.RowStride;
        float* end = w + columns;
        TVector a00 = TSimd.Zero,
            a01 = TSimd.Zero,
            a02 = TSimd.Zero,
            a03 = TSimd.Zero;
        TVector a10 = TSimd.Zero,
            a11 = TSimd.Zero,
            a12 = TSimd.Zero,
            a13 = TSimd.Zero;
        TVector a20 = TSimd.Zero,
            a21 = TSimd.Zero,
            a22 = TSimd.Zero,
            a23 = TSimd.Zero;
        TVector a30 = TSimd.Zero,
            a31 = TSimd.Zero,
            a32 = TSimd.Zero,
            a33 = TSimd.Zero;
        for (; w < end; w += TSimd.Lanes, x += TSimd.Lanes, ahead += AheadBytes)
        {
            TSimd.Prefetch(ahead);
            TVector w0 = TSimd.Load(w),
                w1 = TSimd.Load(w + Stride),
                w2 = TSimd.Load(w + (2 * Stride)),
                w3 = TSimd.Load(w + (3 * Stride));
            TVector v = TSimd.Load(x);
            a00 = TSimd.MultiplyAdd(v, w0, a00);
            a01 = TSimd.MultiplyAdd(v, w1, a01);
            a02 = TSimd.MultiplyAdd(v, w2, a02);
            a03 = TSimd.MultiplyAdd(v, w3, a03);
            v = TSimd.Load(x + xStride);
            a10 = TSimd.MultiplyAdd(v, w0, a10);
            a11 = TSimd.MultiplyAdd(v, w1, a11);
            a12 = TSimd.MultiplyAdd(v, w2, a12);
            a13 = TSimd.MultiplyAdd(v, w3, a13);
            v = TSimd.Load(x + (2 * xStride));
            a20 = TSimd.MultiplyAdd(v, w0, a20);
            a21 = TSimd.MultiplyAdd(v, w1, a21);
            a22 = TSimd.MultiplyAdd(v, w2, a22);
            a23 = TSimd.MultiplyAdd(v, w3, a23);
            v = TSimd.Load(x + (3 * xStride));
            a30 = TSimd.MultiplyAdd(v, w0, a30);
            a31 = TSimd.MultiplyAdd(v, w1, a31);
            a32 = TSimd.MultiplyAdd(v, w2, a32);
            a33 = TSimd.MultiplyAdd(v, w3, a33);
        }

        TSimd.Store(a00, sums + 0);
        TSimd.Store(a01, sums + 16);
        TSimd.Store(a02, sums + 32);
        TSimd.Store(a03, sums + 48);
        TSimd.Store(a10, sums + 64);
        TSimd.Store(a11, sums + 80);
        TSimd.Store(a12, sums + 96);
        TSimd.Store(a13, sums + 112);
        TSimd.Store(a20, sums + 128);
        TSimd.Store(a21, sums + 144);
        TSimd.Store(a22, sums + 160);
        TSimd.Store(a23, sums + 176);
        TSimd.Store(a30, sums + 192);
        TSimd.Store(a31, sums + 208);
        TSimd.Store(a32, sums + 224);
        TSimd.Store(a33, sums + 240);
    }

    private static void Tile2(float* w, float* x, long xStride, long columns, byte* ahead, float* sums)
    {
        const long Stride = WideScratch.RowStride;
        float* end = w + columns;
        TVector a00 = TSimd.Zero,
            a01 = TSimd.Zero,
            a02 = TSimd.Zero,
            a03 = TSimd.Zero;
        TVector a10 = TSimd.Zero,
            a11 = TSimd.Zero,
            a12 = TSimd.Zero,
            a13 = TSimd.Zero;
        for (; w < end; w += TSimd.Lanes, x += TSimd.Lanes, ahead += AheadBytes)
        {
            TSimd.Prefetch(ahead);
            TVector w0 = TSimd.Load(w),
                w1 = TSimd.Load(w + Stride),
                w2 = TSimd.Load(w + (2 * Stride)),
                w3 = TSimd.Load(w + (3 * Stride));
            TVector v = TSimd.Load(x);
            a00 = TSimd.MultiplyAdd(v, w0, a00);
            a01 = TSimd.MultiplyAdd(v, w1, a01);
            a02 = TSimd.MultiplyAdd(v, w2, a02);
            a03 = TSimd.MultiplyAdd(v, w3, a03);
            v = TSimd.Load(x + xStride);
            a10 = TSimd.MultiplyAdd(v, w0, a10);
            a11 = TSimd.MultiplyAdd(v, w1, a11);
            a12 = TSimd.MultiplyAdd(v, w2, a12);
            a13 = TSimd.MultiplyAdd(v, w3, a13);
        }

        TSimd.Store(a00, sums + 0);
        TSimd.Store(a01, sums + 16);
        TSimd.Store(a02, sums + 32);
        TSimd.Store(a03, sums + 48);
        TSimd.Store(a10, sums + 64);
        TSimd.Store(a11, sums + 80);
        TSimd.Store(a12, sums + 96);
        TSimd.Store(a13, sums + 112);
    }

    private static void Tile1(float* w, float* x, long columns, byte* ahead, float* sums)
    {
        const long Stride = WideScratch.RowStride;
        float* end = w + columns;
        TVector a00 = TSimd.Zero,
            a01 = TSimd.Zero,
            a02 = TSimd.Zero,
            a03 = TSimd.Zero;
        for (; w < end; w += TSimd.Lanes, x += TSimd.Lanes, ahead += AheadBytes)
        {
            TSimd.Prefetch(ahead);
            TVector w0 = TSimd.Load(w),
                w1 = TSimd.Load(w + Stride),
                w2 = TSimd.Load(w + (2 * Stride)),
                w3 = TSimd.Load(w + (3 * Stride));
            TVector v = TSimd.Load(x);
            a00 = TSimd.MultiplyAdd(v, w0, a00);
            a01 = TSimd.MultiplyAdd(v, w1, a01);
            a02 = TSimd.MultiplyAdd(v, w2, a02);
            a03 = TSimd.MultiplyAdd(v, w3, a03);
        }

        TSimd.Store(a00, sums + 0);
        TSimd.Store(a01, sums + 16);
        TSimd.Store(a02, sums + 32);
        TSimd.Store(a03, sums + 48);
    }
}
