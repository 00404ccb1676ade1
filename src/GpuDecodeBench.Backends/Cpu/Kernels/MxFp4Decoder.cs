using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>MXFP4: an E8M0 scale is the exponent field of an FP32 power of two; four blocks of 32 make a line.</summary>
internal readonly struct MxFp4Decoder : INibbleDecoder
{
    public static int VectorsPerTable => 2;

    public static int ScaleBytesPerLine => 4;

    public static float InputFactor => 1;

    public static float OutputFactor => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<float> Table(byte* scales, int block, int zeroPoint) =>
        Fp4Values.Table() * Vector512.Create(scales[block] << 23).AsSingle();
}
