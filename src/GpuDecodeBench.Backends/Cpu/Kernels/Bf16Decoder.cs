using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>bf16: the upper half of an FP32 value. The low half of a lane is shifted up, the high half is masked.</summary>
internal readonly struct Bf16Decoder : ICodeDecoder
{
    public static int VectorsPerLine => 2;

    public static float InputFactor => 1;

    public static float OutputFactor => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Decode<TSimd, TVector>(TVector line, int index)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        index == 0 ? TSimd.ShiftLeft(line, 16) : TSimd.And(line, TSimd.Integers(unchecked((int)0xFFFF0000)));
}
