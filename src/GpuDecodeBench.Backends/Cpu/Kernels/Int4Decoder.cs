using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>INT4: <c>(code − zero) × scale</c>, one FP16 scale for the line. The scale is moved into FP32's fields × 2^−112.</summary>
internal readonly struct Int4Decoder : INibbleDecoder
{
    public static int VectorsPerTable => 8;

    public static int ScaleBytesPerLine => 2;

    public static float InputFactor => 18446744073709551616f; // 2^64

    public static float OutputFactor => 281474976710656f; // 2^48

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe TTable Table<TSimd, TVector, TTable>(byte* scales, int block, int zeroPoint)
        where TSimd : struct, ISimdTables<TVector, TTable>
        where TVector : struct
        where TTable : struct
    {
        // A scale is positive, so its bits need no sign.
        float scale = BitConverter.Int32BitsToSingle(*(ushort*)scales << 13);
        TTable codes = TSimd.Table(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        return TSimd.TableTimes(TSimd.TableLess(codes, zeroPoint), TSimd.Floats(scale));
    }
}
