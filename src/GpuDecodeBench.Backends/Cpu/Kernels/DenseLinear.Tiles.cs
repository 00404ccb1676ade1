namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <content>
/// Tiles of one, two and four tokens: loops that add to the sums given, over the lanes of one register from where they are
/// pointed to. They call nothing, so that all sums stay in registers.
/// </content>
internal static unsafe partial class DenseLinear<TDecoder, TSimd, TVector>
{
    private static void Tile1(byte* codes, byte* end, float* input, long ahead, float* sums)
    {
        float* x0 = input;
        TVector a00 = TSimd.Load(sums),
            a10 = TSimd.Load(sums + 16),
            a20 = TSimd.Load(sums + 32),
            a30 = TSimd.Load(sums + 48);
        TVector w,
            v0;
        for (; codes < end; codes += PanelBytesPerLine)
        {
            TSimd.Prefetch(codes + ahead);
            TSimd.Prefetch(codes + ahead + 64);
            TSimd.Prefetch(codes + ahead + 128);
            TSimd.Prefetch(codes + ahead + 192);
            TVector l0 = TSimd.LoadLine(codes);
            TVector l1 = TSimd.LoadLine(codes + 64);
            TVector l2 = TSimd.LoadLine(codes + 128);
            TVector l3 = TSimd.LoadLine(codes + 192);
            v0 = Input(x0, 0);
            w = Decode(l0, 0);
            a00 = TSimd.MultiplyAdd(w, v0, a00);
            w = Decode(l1, 0);
            a10 = TSimd.MultiplyAdd(w, v0, a10);
            w = Decode(l2, 0);
            a20 = TSimd.MultiplyAdd(w, v0, a20);
            w = Decode(l3, 0);
            a30 = TSimd.MultiplyAdd(w, v0, a30);
            v0 = Input(x0, 1);
            w = Decode(l0, 1);
            a00 = TSimd.MultiplyAdd(w, v0, a00);
            w = Decode(l1, 1);
            a10 = TSimd.MultiplyAdd(w, v0, a10);
            w = Decode(l2, 1);
            a20 = TSimd.MultiplyAdd(w, v0, a20);
            w = Decode(l3, 1);
            a30 = TSimd.MultiplyAdd(w, v0, a30);
            if (TDecoder.VectorsPerLine == 4)
            {
                v0 = Input(x0, 2);
                w = Decode(l0, 2);
                a00 = TSimd.MultiplyAdd(w, v0, a00);
                w = Decode(l1, 2);
                a10 = TSimd.MultiplyAdd(w, v0, a10);
                w = Decode(l2, 2);
                a20 = TSimd.MultiplyAdd(w, v0, a20);
                w = Decode(l3, 2);
                a30 = TSimd.MultiplyAdd(w, v0, a30);
                v0 = Input(x0, 3);
                w = Decode(l0, 3);
                a00 = TSimd.MultiplyAdd(w, v0, a00);
                w = Decode(l1, 3);
                a10 = TSimd.MultiplyAdd(w, v0, a10);
                w = Decode(l2, 3);
                a20 = TSimd.MultiplyAdd(w, v0, a20);
                w = Decode(l3, 3);
                a30 = TSimd.MultiplyAdd(w, v0, a30);
            }

            x0 += TDecoder.VectorsPerLine * PanelMatrix.Lanes;
        }

        TSimd.Store(a00, sums);
        TSimd.Store(a10, sums + 16);
        TSimd.Store(a20, sums + 32);
        TSimd.Store(a30, sums + 48);
    }

    private static void Tile2(byte* codes, byte* end, float* input, long inputStride, long ahead, float* sums)
    {
        float* x0 = input;
        float* x1 = input + inputStride;
        TVector a00 = TSimd.Load(sums),
            a10 = TSimd.Load(sums + 16),
            a20 = TSimd.Load(sums + 32),
            a30 = TSimd.Load(sums + 48);
        TVector a01 = TSimd.Load(sums + 64),
            a11 = TSimd.Load(sums + 80),
            a21 = TSimd.Load(sums + 96),
            a31 = TSimd.Load(sums + 112);
        TVector w,
            v0,
            v1;
        for (; codes < end; codes += PanelBytesPerLine)
        {
            TSimd.Prefetch(codes + ahead);
            TSimd.Prefetch(codes + ahead + 64);
            TSimd.Prefetch(codes + ahead + 128);
            TSimd.Prefetch(codes + ahead + 192);
            TVector l0 = TSimd.LoadLine(codes);
            TVector l1 = TSimd.LoadLine(codes + 64);
            TVector l2 = TSimd.LoadLine(codes + 128);
            TVector l3 = TSimd.LoadLine(codes + 192);
            v0 = Input(x0, 0);
            v1 = Input(x1, 0);
            w = Decode(l0, 0);
            a00 = TSimd.MultiplyAdd(w, v0, a00);
            a01 = TSimd.MultiplyAdd(w, v1, a01);
            w = Decode(l1, 0);
            a10 = TSimd.MultiplyAdd(w, v0, a10);
            a11 = TSimd.MultiplyAdd(w, v1, a11);
            w = Decode(l2, 0);
            a20 = TSimd.MultiplyAdd(w, v0, a20);
            a21 = TSimd.MultiplyAdd(w, v1, a21);
            w = Decode(l3, 0);
            a30 = TSimd.MultiplyAdd(w, v0, a30);
            a31 = TSimd.MultiplyAdd(w, v1, a31);
            v0 = Input(x0, 1);
            v1 = Input(x1, 1);
            w = Decode(l0, 1);
            a00 = TSimd.MultiplyAdd(w, v0, a00);
            a01 = TSimd.MultiplyAdd(w, v1, a01);
            w = Decode(l1, 1);
            a10 = TSimd.MultiplyAdd(w, v0, a10);
            a11 = TSimd.MultiplyAdd(w, v1, a11);
            w = Decode(l2, 1);
            a20 = TSimd.MultiplyAdd(w, v0, a20);
            a21 = TSimd.MultiplyAdd(w, v1, a21);
            w = Decode(l3, 1);
            a30 = TSimd.MultiplyAdd(w, v0, a30);
            a31 = TSimd.MultiplyAdd(w, v1, a31);
            if (TDecoder.VectorsPerLine == 4)
            {
                v0 = Input(x0, 2);
                v1 = Input(x1, 2);
                w = Decode(l0, 2);
                a00 = TSimd.MultiplyAdd(w, v0, a00);
                a01 = TSimd.MultiplyAdd(w, v1, a01);
                w = Decode(l1, 2);
                a10 = TSimd.MultiplyAdd(w, v0, a10);
                a11 = TSimd.MultiplyAdd(w, v1, a11);
                w = Decode(l2, 2);
                a20 = TSimd.MultiplyAdd(w, v0, a20);
                a21 = TSimd.MultiplyAdd(w, v1, a21);
                w = Decode(l3, 2);
                a30 = TSimd.MultiplyAdd(w, v0, a30);
                a31 = TSimd.MultiplyAdd(w, v1, a31);
                v0 = Input(x0, 3);
                v1 = Input(x1, 3);
                w = Decode(l0, 3);
                a00 = TSimd.MultiplyAdd(w, v0, a00);
                a01 = TSimd.MultiplyAdd(w, v1, a01);
                w = Decode(l1, 3);
                a10 = TSimd.MultiplyAdd(w, v0, a10);
                a11 = TSimd.MultiplyAdd(w, v1, a11);
                w = Decode(l2, 3);
                a20 = TSimd.MultiplyAdd(w, v0, a20);
                a21 = TSimd.MultiplyAdd(w, v1, a21);
                w = Decode(l3, 3);
                a30 = TSimd.MultiplyAdd(w, v0, a30);
                a31 = TSimd.MultiplyAdd(w, v1, a31);
            }

            x0 += TDecoder.VectorsPerLine * PanelMatrix.Lanes;
            x1 += TDecoder.VectorsPerLine * PanelMatrix.Lanes;
        }

        TSimd.Store(a00, sums);
        TSimd.Store(a10, sums + 16);
        TSimd.Store(a20, sums + 32);
        TSimd.Store(a30, sums + 48);
        TSimd.Store(a01, sums + 64);
        TSimd.Store(a11, sums + 80);
        TSimd.Store(a21, sums + 96);
        TSimd.Store(a31, sums + 112);
    }

    private static void Tile4(byte* codes, byte* end, float* input, long inputStride, long ahead, float* sums)
    {
        float* x0 = input;
        float* x1 = input + inputStride;
        float* x2 = input + (2 * inputStride);
        float* x3 = input + (3 * inputStride);
        TVector a00 = TSimd.Load(sums),
            a10 = TSimd.Load(sums + 16),
            a20 = TSimd.Load(sums + 32),
            a30 = TSimd.Load(sums + 48);
        TVector a01 = TSimd.Load(sums + 64),
            a11 = TSimd.Load(sums + 80),
            a21 = TSimd.Load(sums + 96),
            a31 = TSimd.Load(sums + 112);
        TVector a02 = TSimd.Load(sums + 128),
            a12 = TSimd.Load(sums + 144),
            a22 = TSimd.Load(sums + 160),
            a32 = TSimd.Load(sums + 176);
        TVector a03 = TSimd.Load(sums + 192),
            a13 = TSimd.Load(sums + 208),
            a23 = TSimd.Load(sums + 224),
            a33 = TSimd.Load(sums + 240);
        TVector w,
            v0,
            v1,
            v2,
            v3;
        for (; codes < end; codes += PanelBytesPerLine)
        {
            TSimd.Prefetch(codes + ahead);
            TSimd.Prefetch(codes + ahead + 64);
            TSimd.Prefetch(codes + ahead + 128);
            TSimd.Prefetch(codes + ahead + 192);
            TVector l0 = TSimd.LoadLine(codes);
            TVector l1 = TSimd.LoadLine(codes + 64);
            TVector l2 = TSimd.LoadLine(codes + 128);
            TVector l3 = TSimd.LoadLine(codes + 192);
            v0 = Input(x0, 0);
            v1 = Input(x1, 0);
            v2 = Input(x2, 0);
            v3 = Input(x3, 0);
            w = Decode(l0, 0);
            a00 = TSimd.MultiplyAdd(w, v0, a00);
            a01 = TSimd.MultiplyAdd(w, v1, a01);
            a02 = TSimd.MultiplyAdd(w, v2, a02);
            a03 = TSimd.MultiplyAdd(w, v3, a03);
            w = Decode(l1, 0);
            a10 = TSimd.MultiplyAdd(w, v0, a10);
            a11 = TSimd.MultiplyAdd(w, v1, a11);
            a12 = TSimd.MultiplyAdd(w, v2, a12);
            a13 = TSimd.MultiplyAdd(w, v3, a13);
            w = Decode(l2, 0);
            a20 = TSimd.MultiplyAdd(w, v0, a20);
            a21 = TSimd.MultiplyAdd(w, v1, a21);
            a22 = TSimd.MultiplyAdd(w, v2, a22);
            a23 = TSimd.MultiplyAdd(w, v3, a23);
            w = Decode(l3, 0);
            a30 = TSimd.MultiplyAdd(w, v0, a30);
            a31 = TSimd.MultiplyAdd(w, v1, a31);
            a32 = TSimd.MultiplyAdd(w, v2, a32);
            a33 = TSimd.MultiplyAdd(w, v3, a33);
            v0 = Input(x0, 1);
            v1 = Input(x1, 1);
            v2 = Input(x2, 1);
            v3 = Input(x3, 1);
            w = Decode(l0, 1);
            a00 = TSimd.MultiplyAdd(w, v0, a00);
            a01 = TSimd.MultiplyAdd(w, v1, a01);
            a02 = TSimd.MultiplyAdd(w, v2, a02);
            a03 = TSimd.MultiplyAdd(w, v3, a03);
            w = Decode(l1, 1);
            a10 = TSimd.MultiplyAdd(w, v0, a10);
            a11 = TSimd.MultiplyAdd(w, v1, a11);
            a12 = TSimd.MultiplyAdd(w, v2, a12);
            a13 = TSimd.MultiplyAdd(w, v3, a13);
            w = Decode(l2, 1);
            a20 = TSimd.MultiplyAdd(w, v0, a20);
            a21 = TSimd.MultiplyAdd(w, v1, a21);
            a22 = TSimd.MultiplyAdd(w, v2, a22);
            a23 = TSimd.MultiplyAdd(w, v3, a23);
            w = Decode(l3, 1);
            a30 = TSimd.MultiplyAdd(w, v0, a30);
            a31 = TSimd.MultiplyAdd(w, v1, a31);
            a32 = TSimd.MultiplyAdd(w, v2, a32);
            a33 = TSimd.MultiplyAdd(w, v3, a33);
            if (TDecoder.VectorsPerLine == 4)
            {
                v0 = Input(x0, 2);
                v1 = Input(x1, 2);
                v2 = Input(x2, 2);
                v3 = Input(x3, 2);
                w = Decode(l0, 2);
                a00 = TSimd.MultiplyAdd(w, v0, a00);
                a01 = TSimd.MultiplyAdd(w, v1, a01);
                a02 = TSimd.MultiplyAdd(w, v2, a02);
                a03 = TSimd.MultiplyAdd(w, v3, a03);
                w = Decode(l1, 2);
                a10 = TSimd.MultiplyAdd(w, v0, a10);
                a11 = TSimd.MultiplyAdd(w, v1, a11);
                a12 = TSimd.MultiplyAdd(w, v2, a12);
                a13 = TSimd.MultiplyAdd(w, v3, a13);
                w = Decode(l2, 2);
                a20 = TSimd.MultiplyAdd(w, v0, a20);
                a21 = TSimd.MultiplyAdd(w, v1, a21);
                a22 = TSimd.MultiplyAdd(w, v2, a22);
                a23 = TSimd.MultiplyAdd(w, v3, a23);
                w = Decode(l3, 2);
                a30 = TSimd.MultiplyAdd(w, v0, a30);
                a31 = TSimd.MultiplyAdd(w, v1, a31);
                a32 = TSimd.MultiplyAdd(w, v2, a32);
                a33 = TSimd.MultiplyAdd(w, v3, a33);
                v0 = Input(x0, 3);
                v1 = Input(x1, 3);
                v2 = Input(x2, 3);
                v3 = Input(x3, 3);
                w = Decode(l0, 3);
                a00 = TSimd.MultiplyAdd(w, v0, a00);
                a01 = TSimd.MultiplyAdd(w, v1, a01);
                a02 = TSimd.MultiplyAdd(w, v2, a02);
                a03 = TSimd.MultiplyAdd(w, v3, a03);
                w = Decode(l1, 3);
                a10 = TSimd.MultiplyAdd(w, v0, a10);
                a11 = TSimd.MultiplyAdd(w, v1, a11);
                a12 = TSimd.MultiplyAdd(w, v2, a12);
                a13 = TSimd.MultiplyAdd(w, v3, a13);
                w = Decode(l2, 3);
                a20 = TSimd.MultiplyAdd(w, v0, a20);
                a21 = TSimd.MultiplyAdd(w, v1, a21);
                a22 = TSimd.MultiplyAdd(w, v2, a22);
                a23 = TSimd.MultiplyAdd(w, v3, a23);
                w = Decode(l3, 3);
                a30 = TSimd.MultiplyAdd(w, v0, a30);
                a31 = TSimd.MultiplyAdd(w, v1, a31);
                a32 = TSimd.MultiplyAdd(w, v2, a32);
                a33 = TSimd.MultiplyAdd(w, v3, a33);
            }

            x0 += TDecoder.VectorsPerLine * PanelMatrix.Lanes;
            x1 += TDecoder.VectorsPerLine * PanelMatrix.Lanes;
            x2 += TDecoder.VectorsPerLine * PanelMatrix.Lanes;
            x3 += TDecoder.VectorsPerLine * PanelMatrix.Lanes;
        }

        TSimd.Store(a00, sums);
        TSimd.Store(a10, sums + 16);
        TSimd.Store(a20, sums + 32);
        TSimd.Store(a30, sums + 48);
        TSimd.Store(a01, sums + 64);
        TSimd.Store(a11, sums + 80);
        TSimd.Store(a21, sums + 96);
        TSimd.Store(a31, sums + 112);
        TSimd.Store(a02, sums + 128);
        TSimd.Store(a12, sums + 144);
        TSimd.Store(a22, sums + 160);
        TSimd.Store(a32, sums + 176);
        TSimd.Store(a03, sums + 192);
        TSimd.Store(a13, sums + 208);
        TSimd.Store(a23, sums + 224);
        TSimd.Store(a33, sums + 240);
    }
}
