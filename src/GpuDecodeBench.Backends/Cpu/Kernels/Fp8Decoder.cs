using System.Runtime.CompilerServices;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// FP8 E4M3: the byte is brought to the top of the lane, then an arithmetic shift by four puts its four exponent bits at bit 23
/// and keeps the sign at bit 31; the mask clears the copies of the sign between them. The value comes out × 2^(7 − 127).
/// Subnormals come out right; NaN codes do not occur in synthetic data.
/// </summary>
internal readonly struct Fp8Decoder : ICodeDecoder
{
    private const int Mask = unchecked((int)0x87F00000);

    public static int VectorsPerLine => 4;

    public static float InputFactor => 18446744073709551616f; // 2^64

    public static float OutputFactor => 72057594037927936f; // 2^56: together 2^120 = 2^(127 − 7)

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Decode<TSimd, TVector>(TVector line, int index)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector high = index == 3 ? line : TSimd.ShiftLeft(line, 24 - (8 * index));
        return TSimd.And(TSimd.ShiftRightSigned(high, 4), TSimd.Integers(Mask));
    }
}
