using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>MXFP4: an E8M0 scale is the exponent field of an FP32 power of two; four blocks of 32 make a line.</summary>
internal readonly struct MxFp4Decoder : INibbleDecoder
{
    public static int VectorsPerTable => 2;

    public static int ScaleBytesPerLine => 4;

    public static float InputFactor => 1;

    public static float OutputFactor => 0.5f; // for the doubled values

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe TTable Table<TSimd, TVector, TTable>(byte* scales, int block, int zeroPoint)
        where TSimd : struct, ISimdTables<TVector, TTable>
        where TVector : struct
        where TTable : struct =>
        TSimd.TableTimes(Fp4Values.Doubled<TSimd, TVector, TTable>(), TSimd.Integers(scales[block] << 23));
}
