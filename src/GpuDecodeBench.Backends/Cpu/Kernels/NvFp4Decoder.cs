using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>NVFP4: an E4M3 scale, which is positive, moved into FP32's fields × 2^−120; eight blocks of 16 make a line.</summary>
internal readonly struct NvFp4Decoder : INibbleDecoder
{
    public static int VectorsPerTable => 1;

    public static int ScaleBytesPerLine => 8;

    public static float InputFactor => 18446744073709551616f; // 2^64

    public static float OutputFactor => 72057594037927936f; // 2^56

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<float> Table(byte* scales, int block, int zeroPoint) =>
        Fp4Values.Table() * Vector512.Create(scales[block] << 20).AsSingle();
}
