using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>NVFP4: an E4M3 scale, which is positive, moved into FP32's fields × 2^−120; eight blocks of 16 make a line.</summary>
internal readonly struct NvFp4Decoder : INibbleDecoder
{
    public static int VectorsPerTable => 1;

    public static int ScaleBytesPerLine => 8;

    public static float InputFactor => 18446744073709551616f; // 2^64

    public static float OutputFactor => 36028797018963968f; // 2^55: together 2^120 / 2, for the doubled values

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe TTable Table<TSimd, TVector, TTable>(byte* scales, int block, int zeroPoint)
        where TSimd : struct, ISimdTables<TVector, TTable>
        where TVector : struct
        where TTable : struct =>
        TSimd.TableTimes(Fp4Values.Doubled<TSimd, TVector, TTable>(), TSimd.Integers(scales[block] << 20));
}
