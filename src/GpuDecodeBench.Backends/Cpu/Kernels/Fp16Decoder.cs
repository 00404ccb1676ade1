using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// FP16: moved so that sign, exponent and mantissa meet FP32's fields, which leaves the value × 2^(15 − 127). An arithmetic shift
/// by three brings the five exponent bits to bit 23 and keeps the sign at bit 31; the mask clears the copies of the sign between
/// them. Subnormals come out right; infinities and NaN do not occur in synthetic data.
/// </summary>
internal readonly struct Fp16Decoder : ICodeDecoder
{
    private const int Mask = unchecked((int)0x8FFFE000);

    public static int VectorsPerLine => 2;

    public static float InputFactor => 18446744073709551616f; // 2^64

    public static float OutputFactor => 281474976710656f; // 2^48: together 2^112 = 2^(127 − 15)

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Decode<TSimd, TVector>(TVector line, int index)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector high = index == 0 ? TSimd.ShiftLeft(line, 16) : line;
        return TSimd.And(TSimd.ShiftRightSigned(high, 3), TSimd.Integers(Mask));
    }
}
