using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>INT8: the byte is brought to the top of the lane, shifted down with its sign, and converted.</summary>
internal readonly struct Int8Decoder : ICodeDecoder
{
    public static int VectorsPerLine => 4;

    public static float InputFactor => 1;

    public static float OutputFactor => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Decode<TSimd, TVector>(TVector line, int index)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector high = index == 3 ? line : TSimd.ShiftLeft(line, 24 - (8 * index));
        return TSimd.ConvertToSingle(TSimd.ShiftRightSigned(high, 24));
    }
}
