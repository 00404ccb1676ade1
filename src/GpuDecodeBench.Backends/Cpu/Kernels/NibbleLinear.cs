using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// <c>y = W x</c> for weights of four bits: four rows of a panel by one, two or four tokens at a time.
/// </summary>
/// <remarks>
/// Lanes: lane j of a line holds eight codes, those of columns j, 16 + j … 112 + j from the low bits upwards. The low four bits of
/// every lane choose from a table of sixteen values by a lookup that heeds no other bits; the line is then shifted
/// down by four for the next sixteen columns. The table has the block's scale (and zero point) worked in. AVX-512 works on all
/// lanes of a line at once, with tiles of up to four tokens or two panels; AVX2 on lanes 0 … 7, then 8 … 15, with two permutes
/// and a blend for a lookup; the portable path on four lanes at a time, with a byte shuffle for a lookup. No masks on any path:
/// rows that fill the last panel are computed and not stored, columns that fill the last line meet inputs of zero.
/// Bytes: codes and scales once. Bound by decoding where memory is fast, by memory elsewhere.
/// </remarks>
/// <typeparam name="TDecoder">How a block's table is made.</typeparam>
/// <typeparam name="TSimd">The SIMD path.</typeparam>
/// <typeparam name="TVector">Its register.</typeparam>
/// <typeparam name="TTable">Its tables.</typeparam>
internal static unsafe partial class NibbleLinear<TDecoder, TSimd, TVector, TTable>
    where TDecoder : struct, INibbleDecoder
    where TSimd : struct, ISimdTables<TVector, TTable>
    where TVector : struct
    where TTable : struct
{
    /// <summary>How far ahead of its use a line is asked for: about the time that memory takes to answer.</summary>
    private const int PrefetchBytes = 2048;

    private const int VectorsPerLine = 8;
    private const int ChunkLines = PanelResult.ChunkBytes / (PanelMatrix.PanelRows * PanelMatrix.LineBytes);

    /// <summary>An input beyond this leaves the first-level cache to the codes no room: it is better read once for eight rows.</summary>
    private const int LongInputBytes = 32 << 10;

    private static bool HasZeroPoints => typeof(TDecoder) == typeof(Int4Decoder);

    /// <summary>Computes the rows of some panels for the whole batch.</summary>
    public static void Panels(PanelMatrix matrix, in LinearArguments arguments, long firstPanel, long endPanel)
    {
        // A tile computes into this and calls nothing, so that its sums stay in registers throughout.
        float* sums = stackalloc float[PanelResult.SumFloats];
        long panel = firstPanel;
        if (
            TSimd.Lanes == PanelMatrix.Lanes
            && arguments.Batch == 1
            && matrix.Layout.Columns * sizeof(float) > LongInputBytes
        )
        {
            for (; panel + 2 <= endPanel; panel += 2)
            {
                Pair(Source(matrix, panel), Source(matrix, panel + 1), arguments.Input, sums);
                PanelResult.Store<TSimd, TVector>(matrix, panel, in arguments, 0, 1, sums, TDecoder.OutputFactor);
                float* second = sums + (PanelMatrix.PanelRows * PanelMatrix.Lanes);
                PanelResult.Store<TSimd, TVector>(matrix, panel + 1, in arguments, 0, 1, second, TDecoder.OutputFactor);
            }
        }

        for (; panel < endPanel; panel++)
        {
            NibblePanel source = Source(matrix, panel);
            // A panel's codes come from memory once and from the nearest cache for every further tile of the batch.
            int token = 0;
            while (token < arguments.Batch)
            {
                int tokens = PanelResult.TileTokens<TSimd, TVector>(arguments.Batch - token);
                float* input = arguments.Input + (token * arguments.InputStride);
                PanelResult.Clear(sums, tokens);
                Tile(tokens, in source, input, arguments.InputStride, sums);
                PanelResult.Store<TSimd, TVector>(
                    matrix,
                    panel,
                    in arguments,
                    token,
                    tokens,
                    sums,
                    TDecoder.OutputFactor
                );
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

    /// <summary>A tile over a whole panel, by parts of lines over chunks of it as <see cref="DenseLinear{TDecoder, TSimd, TVector}"/> does.</summary>
    private static void Tile(int tokens, in NibblePanel panel, float* input, long inputStride, float* sums)
    {
        long chunk = TSimd.Lanes == PanelMatrix.Lanes ? panel.Lines : ChunkLines;
        for (long line = 0; line < panel.Lines; line += chunk)
        {
            for (int lane = 0; lane < PanelMatrix.Lanes; lane += TSimd.Lanes)
            {
                NibblePanel part = panel.Part(line, chunk, lane, TDecoder.ScaleBytesPerLine);
                float* x = input + (line * VectorsPerLine * PanelMatrix.Lanes) + lane;
                switch (tokens)
                {
                    case 4:
                        Tile4(in part, x, inputStride, sums + lane);
                        break;
                    case 2:
                        Tile2(in part, x, inputStride, sums + lane);
                        break;
                    default:
                        Tile1(in part, x, sums + lane);
                        break;
                }
            }
        }
    }

    private static void Tile1(in NibblePanel panel, float* input, float* sums)
    {
        byte* codes = panel.Codes;
        byte* scales = panel.Scales;
        ushort* zeroPoints = panel.ZeroPoints;
        long lines = panel.Lines;
        float* x0 = input;
        TVector a00 = TSimd.Load(sums),
            a10 = TSimd.Load(sums + 16),
            a20 = TSimd.Load(sums + 32),
            a30 = TSimd.Load(sums + 48);
        TVector w,
            v0;
        for (long line = 0; line < lines; line++)
        {
            TSimd.Prefetch(codes + PrefetchBytes);
            TSimd.Prefetch(codes + PrefetchBytes + 64);
            TSimd.Prefetch(codes + PrefetchBytes + 128);
            TSimd.Prefetch(codes + PrefetchBytes + 192);
            TVector l0 = TSimd.LoadLine(codes);
            TVector l1 = TSimd.LoadLine(codes + 64);
            TVector l2 = TSimd.LoadLine(codes + 128);
            TVector l3 = TSimd.LoadLine(codes + 192);
            int zeros = HasZeroPoints ? zeroPoints[line] : 0;
            for (int block = 0; block < VectorsPerLine / TDecoder.VectorsPerTable; block++)
            {
                TTable t0 = Table(scales, block, zeros & 15);
                TTable t1 = Table(scales + TDecoder.ScaleBytesPerLine, block, (zeros >> 4) & 15);
                TTable t2 = Table(scales + (2 * TDecoder.ScaleBytesPerLine), block, (zeros >> 8) & 15);
                TTable t3 = Table(scales + (3 * TDecoder.ScaleBytesPerLine), block, (zeros >> 12) & 15);
                for (int i = 0; i < TDecoder.VectorsPerTable; i++)
                {
                    v0 = Input(x0);
                    x0 += PanelMatrix.Lanes;
                    w = TSimd.LookUp(t0, l0);
                    l0 = TSimd.ShiftRight(l0, 4);
                    a00 = TSimd.MultiplyAdd(w, v0, a00);
                    w = TSimd.LookUp(t1, l1);
                    l1 = TSimd.ShiftRight(l1, 4);
                    a10 = TSimd.MultiplyAdd(w, v0, a10);
                    w = TSimd.LookUp(t2, l2);
                    l2 = TSimd.ShiftRight(l2, 4);
                    a20 = TSimd.MultiplyAdd(w, v0, a20);
                    w = TSimd.LookUp(t3, l3);
                    l3 = TSimd.ShiftRight(l3, 4);
                    a30 = TSimd.MultiplyAdd(w, v0, a30);
                }
            }

            codes += PanelMatrix.PanelRows * PanelMatrix.LineBytes;
            scales += PanelMatrix.PanelRows * TDecoder.ScaleBytesPerLine;
        }

        TSimd.Store(a00, sums);
        TSimd.Store(a10, sums + 16);
        TSimd.Store(a20, sums + 32);
        TSimd.Store(a30, sums + 48);
    }

    private static void Tile2(in NibblePanel panel, float* input, long inputStride, float* sums)
    {
        byte* codes = panel.Codes;
        byte* scales = panel.Scales;
        ushort* zeroPoints = panel.ZeroPoints;
        long lines = panel.Lines;
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
        for (long line = 0; line < lines; line++)
        {
            TSimd.Prefetch(codes + PrefetchBytes);
            TSimd.Prefetch(codes + PrefetchBytes + 64);
            TSimd.Prefetch(codes + PrefetchBytes + 128);
            TSimd.Prefetch(codes + PrefetchBytes + 192);
            TVector l0 = TSimd.LoadLine(codes);
            TVector l1 = TSimd.LoadLine(codes + 64);
            TVector l2 = TSimd.LoadLine(codes + 128);
            TVector l3 = TSimd.LoadLine(codes + 192);
            int zeros = HasZeroPoints ? zeroPoints[line] : 0;
            for (int block = 0; block < VectorsPerLine / TDecoder.VectorsPerTable; block++)
            {
                TTable t0 = Table(scales, block, zeros & 15);
                TTable t1 = Table(scales + TDecoder.ScaleBytesPerLine, block, (zeros >> 4) & 15);
                TTable t2 = Table(scales + (2 * TDecoder.ScaleBytesPerLine), block, (zeros >> 8) & 15);
                TTable t3 = Table(scales + (3 * TDecoder.ScaleBytesPerLine), block, (zeros >> 12) & 15);
                for (int i = 0; i < TDecoder.VectorsPerTable; i++)
                {
                    v0 = Input(x0);
                    x0 += PanelMatrix.Lanes;
                    v1 = Input(x1);
                    x1 += PanelMatrix.Lanes;
                    w = TSimd.LookUp(t0, l0);
                    l0 = TSimd.ShiftRight(l0, 4);
                    a00 = TSimd.MultiplyAdd(w, v0, a00);
                    a01 = TSimd.MultiplyAdd(w, v1, a01);
                    w = TSimd.LookUp(t1, l1);
                    l1 = TSimd.ShiftRight(l1, 4);
                    a10 = TSimd.MultiplyAdd(w, v0, a10);
                    a11 = TSimd.MultiplyAdd(w, v1, a11);
                    w = TSimd.LookUp(t2, l2);
                    l2 = TSimd.ShiftRight(l2, 4);
                    a20 = TSimd.MultiplyAdd(w, v0, a20);
                    a21 = TSimd.MultiplyAdd(w, v1, a21);
                    w = TSimd.LookUp(t3, l3);
                    l3 = TSimd.ShiftRight(l3, 4);
                    a30 = TSimd.MultiplyAdd(w, v0, a30);
                    a31 = TSimd.MultiplyAdd(w, v1, a31);
                }
            }

            codes += PanelMatrix.PanelRows * PanelMatrix.LineBytes;
            scales += PanelMatrix.PanelRows * TDecoder.ScaleBytesPerLine;
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
        for (long line = 0; line < lines; line++)
        {
            TSimd.Prefetch(codes + PrefetchBytes);
            TSimd.Prefetch(codes + PrefetchBytes + 64);
            TSimd.Prefetch(codes + PrefetchBytes + 128);
            TSimd.Prefetch(codes + PrefetchBytes + 192);
            TVector l0 = TSimd.LoadLine(codes);
            TVector l1 = TSimd.LoadLine(codes + 64);
            TVector l2 = TSimd.LoadLine(codes + 128);
            TVector l3 = TSimd.LoadLine(codes + 192);
            int zeros = HasZeroPoints ? zeroPoints[line] : 0;
            for (int block = 0; block < VectorsPerLine / TDecoder.VectorsPerTable; block++)
            {
                TTable t0 = Table(scales, block, zeros & 15);
                TTable t1 = Table(scales + TDecoder.ScaleBytesPerLine, block, (zeros >> 4) & 15);
                TTable t2 = Table(scales + (2 * TDecoder.ScaleBytesPerLine), block, (zeros >> 8) & 15);
                TTable t3 = Table(scales + (3 * TDecoder.ScaleBytesPerLine), block, (zeros >> 12) & 15);
                for (int i = 0; i < TDecoder.VectorsPerTable; i++)
                {
                    v0 = Input(x0);
                    x0 += PanelMatrix.Lanes;
                    v1 = Input(x1);
                    x1 += PanelMatrix.Lanes;
                    v2 = Input(x2);
                    x2 += PanelMatrix.Lanes;
                    v3 = Input(x3);
                    x3 += PanelMatrix.Lanes;
                    w = TSimd.LookUp(t0, l0);
                    l0 = TSimd.ShiftRight(l0, 4);
                    a00 = TSimd.MultiplyAdd(w, v0, a00);
                    a01 = TSimd.MultiplyAdd(w, v1, a01);
                    a02 = TSimd.MultiplyAdd(w, v2, a02);
                    a03 = TSimd.MultiplyAdd(w, v3, a03);
                    w = TSimd.LookUp(t1, l1);
                    l1 = TSimd.ShiftRight(l1, 4);
                    a10 = TSimd.MultiplyAdd(w, v0, a10);
                    a11 = TSimd.MultiplyAdd(w, v1, a11);
                    a12 = TSimd.MultiplyAdd(w, v2, a12);
                    a13 = TSimd.MultiplyAdd(w, v3, a13);
                    w = TSimd.LookUp(t2, l2);
                    l2 = TSimd.ShiftRight(l2, 4);
                    a20 = TSimd.MultiplyAdd(w, v0, a20);
                    a21 = TSimd.MultiplyAdd(w, v1, a21);
                    a22 = TSimd.MultiplyAdd(w, v2, a22);
                    a23 = TSimd.MultiplyAdd(w, v3, a23);
                    w = TSimd.LookUp(t3, l3);
                    l3 = TSimd.ShiftRight(l3, 4);
                    a30 = TSimd.MultiplyAdd(w, v0, a30);
                    a31 = TSimd.MultiplyAdd(w, v1, a31);
                    a32 = TSimd.MultiplyAdd(w, v2, a32);
                    a33 = TSimd.MultiplyAdd(w, v3, a33);
                }
            }

            codes += PanelMatrix.PanelRows * PanelMatrix.LineBytes;
            scales += PanelMatrix.PanelRows * TDecoder.ScaleBytesPerLine;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Input(float* input)
    {
        TVector values = TSimd.Load(input);
        return TDecoder.InputFactor == 1 ? values : TSimd.Multiply(values, TSimd.Floats(TDecoder.InputFactor));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTable Table(byte* scales, int block, int zeroPoint) =>
        TDecoder.Table<TSimd, TVector, TTable>(scales, block, zeroPoint);
}
