using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// The tiles: four rows of floats by six, two or one tokens. Unrolled by hand, since the JIT keeps sums in registers only as
/// locals, and called with nothing else alive.
/// </summary>
internal static unsafe partial class WideLinear<TDecoder, TSimd, TVector>
{
    private static void Tile6(float* w, long wStride, float* x, long xStride, long columns, float* sums)
    {
        float* end = w + columns;
        float* s = sums;
        TVector a00 = TSimd.Load(s + 0),
            a01 = TSimd.Load(s + 16),
            a02 = TSimd.Load(s + 32),
            a03 = TSimd.Load(s + 48);
        TVector a10 = TSimd.Load(s + 64),
            a11 = TSimd.Load(s + 80),
            a12 = TSimd.Load(s + 96),
            a13 = TSimd.Load(s + 112);
        TVector a20 = TSimd.Load(s + 128),
            a21 = TSimd.Load(s + 144),
            a22 = TSimd.Load(s + 160),
            a23 = TSimd.Load(s + 176);
        TVector a30 = TSimd.Load(s + 192),
            a31 = TSimd.Load(s + 208),
            a32 = TSimd.Load(s + 224),
            a33 = TSimd.Load(s + 240);
        TVector a40 = TSimd.Load(s + 256),
            a41 = TSimd.Load(s + 272),
            a42 = TSimd.Load(s + 288),
            a43 = TSimd.Load(s + 304);
        TVector a50 = TSimd.Load(s + 320),
            a51 = TSimd.Load(s + 336),
            a52 = TSimd.Load(s + 352),
            a53 = TSimd.Load(s + 368);
        for (; w < end; w += TSimd.Lanes, x += TSimd.Lanes)
        {
            TVector w0 = TSimd.Load(w),
                w1 = TSimd.Load(w + wStride),
                w2 = TSimd.Load(w + (2 * wStride)),
                w3 = TSimd.Load(w + (3 * wStride));
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

        TSimd.Store(a00, s + 0);
        TSimd.Store(a01, s + 16);
        TSimd.Store(a02, s + 32);
        TSimd.Store(a03, s + 48);
        TSimd.Store(a10, s + 64);
        TSimd.Store(a11, s + 80);
        TSimd.Store(a12, s + 96);
        TSimd.Store(a13, s + 112);
        TSimd.Store(a20, s + 128);
        TSimd.Store(a21, s + 144);
        TSimd.Store(a22, s + 160);
        TSimd.Store(a23, s + 176);
        TSimd.Store(a30, s + 192);
        TSimd.Store(a31, s + 208);
        TSimd.Store(a32, s + 224);
        TSimd.Store(a33, s + 240);
        TSimd.Store(a40, s + 256);
        TSimd.Store(a41, s + 272);
        TSimd.Store(a42, s + 288);
        TSimd.Store(a43, s + 304);
        TSimd.Store(a50, s + 320);
        TSimd.Store(a51, s + 336);
        TSimd.Store(a52, s + 352);
        TSimd.Store(a53, s + 368);
    }

    private static void Tile2(float* w, long wStride, float* x, long xStride, long columns, float* sums)
    {
        float* end = w + columns;
        float* s = sums;
        TVector a00 = TSimd.Load(s + 0),
            a01 = TSimd.Load(s + 16),
            a02 = TSimd.Load(s + 32),
            a03 = TSimd.Load(s + 48);
        TVector a10 = TSimd.Load(s + 64),
            a11 = TSimd.Load(s + 80),
            a12 = TSimd.Load(s + 96),
            a13 = TSimd.Load(s + 112);
        for (; w < end; w += TSimd.Lanes, x += TSimd.Lanes)
        {
            TVector w0 = TSimd.Load(w),
                w1 = TSimd.Load(w + wStride),
                w2 = TSimd.Load(w + (2 * wStride)),
                w3 = TSimd.Load(w + (3 * wStride));
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

        TSimd.Store(a00, s + 0);
        TSimd.Store(a01, s + 16);
        TSimd.Store(a02, s + 32);
        TSimd.Store(a03, s + 48);
        TSimd.Store(a10, s + 64);
        TSimd.Store(a11, s + 80);
        TSimd.Store(a12, s + 96);
        TSimd.Store(a13, s + 112);
    }

    private static void Tile1(float* w, long wStride, float* x, long columns, float* sums)
    {
        float* end = w + columns;
        float* s = sums;
        TVector a00 = TSimd.Load(s + 0),
            a01 = TSimd.Load(s + 16),
            a02 = TSimd.Load(s + 32),
            a03 = TSimd.Load(s + 48);
        for (; w < end; w += TSimd.Lanes, x += TSimd.Lanes)
        {
            TVector w0 = TSimd.Load(w),
                w1 = TSimd.Load(w + wStride),
                w2 = TSimd.Load(w + (2 * wStride)),
                w3 = TSimd.Load(w + (3 * wStride));
            TVector v = TSimd.Load(x);
            a00 = TSimd.MultiplyAdd(v, w0, a00);
            a01 = TSimd.MultiplyAdd(v, w1, a01);
            a02 = TSimd.MultiplyAdd(v, w2, a02);
            a03 = TSimd.MultiplyAdd(v, w3, a03);
        }

        TSimd.Store(a00, s + 0);
        TSimd.Store(a01, s + 16);
        TSimd.Store(a02, s + 32);
        TSimd.Store(a03, s + 48);
    }
}
