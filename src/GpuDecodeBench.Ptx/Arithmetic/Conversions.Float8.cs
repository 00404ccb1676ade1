using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <content>
/// Conversions to and from the numbers of 8 bits (PTX ISA, "cvt" and "Alternate Floating-Point Data Formats"; OCP 8-bit Floating
/// Point Specification, revision 1.0, "OFP8"). E4M3 has no infinity: its largest number is 448, its NaN have all other bits set.
/// E5M2 is laid out as IEEE formats are; its largest number is 57344. To 8 bits PTX always rounds to the nearest even number
/// and saturates to the largest finite one, infinities as well; a NaN becomes <c>0x7F</c>.
/// </content>
public static partial class Conversions
{
    private const byte NanF8 = 0x7F;
    private const uint LargestE4M3 = 0x7E;
    private const uint LargestE5M2 = 0x7B;

    private static FloatFormat E4M3 => new(3, 7);

    private static FloatFormat E5M2 => new(2, 15);

    /// <summary>A number in E4M3: to the nearest, ties to even, at most ±448 (OFP8, "Conversion: saturation mode").</summary>
    /// <param name="value">The number; a wider one is rounded once.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte ToE4M3(double value) => ToF8(value, E4M3, LargestE4M3);

    /// <summary>A number in E5M2: to the nearest, ties to even, at most ±57344 (OFP8, "Conversion: saturation mode").</summary>
    /// <param name="value">The number; a wider one is rounded once.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte ToE5M2(double value) => ToF8(value, E5M2, LargestE5M2);

    /// <summary>What an E4M3 number stands for, as <c>.f16</c>, which is exact (OFP8, table 1); a NaN becomes <c>0x7FFF</c>.</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort E4M3ToF16(byte a)
    {
        uint magnitude = a & 0x7Fu;
        if (magnitude == 0x7F)
        {
            return HalfBits.Nan;
        }

        uint sign = (a & 0x80u) << 8;
        if (magnitude >= 8)
        {
            // The exponent field counts from 2^-7 in place of 2^-15.
            return (ushort)(sign | ((magnitude << 7) + (8u << 10)));
        }

        // Subnormal: a multiple of 2^-9, which binary16 holds as a normal number.
        return (ushort)(sign | HalfBits.FromDouble(magnitude * (1.0 / 512), FloatRounding.NearestEven));
    }

    /// <summary>What an E5M2 number stands for, as <c>.f16</c>, which is exact (OFP8, table 1); a NaN becomes <c>0x7FFF</c>.</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort E5M2ToF16(byte a) => (a & 0x7F) > 0x7C ? HalfBits.Nan : (ushort)(a << 8);

    /// <summary><c>cvt.rn.satfinite{.relu}.e4m3x2.f32 d, hi, lo</c> (PTX ISA, "cvt").</summary>
    /// <param name="hi">The <c>.f32</c> bits for the upper byte.</param>
    /// <param name="lo">The <c>.f32</c> bits for the lower byte.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    public static ushort PackE4M3x2(uint hi, uint lo, bool relu = false) =>
        PackF8(ToE4M3(BitConverter.UInt32BitsToSingle(hi)), ToE4M3(BitConverter.UInt32BitsToSingle(lo)), relu);

    /// <summary><c>cvt.rn.satfinite{.relu}.e5m2x2.f32 d, hi, lo</c> (PTX ISA, "cvt").</summary>
    /// <param name="hi">The <c>.f32</c> bits for the upper byte.</param>
    /// <param name="lo">The <c>.f32</c> bits for the lower byte.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    public static ushort PackE5M2x2(uint hi, uint lo, bool relu = false) =>
        PackF8(ToE5M2(BitConverter.UInt32BitsToSingle(hi)), ToE5M2(BitConverter.UInt32BitsToSingle(lo)), relu);

    /// <summary><c>cvt.rn.satfinite{.relu}.e4m3x2.f16x2 d, a</c> (PTX ISA, "cvt").</summary>
    /// <param name="a">The pair of <c>.f16</c> numbers.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    public static ushort PackE4M3x2FromF16x2(uint a, bool relu = false) =>
        PackF8(ToE4M3(HalfBits.ToSingle((ushort)(a >> 16))), ToE4M3(HalfBits.ToSingle((ushort)a)), relu);

    /// <summary><c>cvt.rn.satfinite{.relu}.e5m2x2.f16x2 d, a</c> (PTX ISA, "cvt").</summary>
    /// <param name="a">The pair of <c>.f16</c> numbers.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    public static ushort PackE5M2x2FromF16x2(uint a, bool relu = false) =>
        PackF8(ToE5M2(HalfBits.ToSingle((ushort)(a >> 16))), ToE5M2(HalfBits.ToSingle((ushort)a)), relu);

    /// <summary><c>cvt.rn{.relu}.f16x2.e4m3x2 d, a</c>, which is exact (PTX ISA, "cvt").</summary>
    /// <param name="a">The pair of E4M3 numbers.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    public static uint UnpackE4M3x2ToF16x2(ushort a, bool relu = false) =>
        PairOfF16(E4M3ToF16((byte)(a >> 8)), E4M3ToF16((byte)a), relu);

    /// <summary><c>cvt.rn{.relu}.f16x2.e5m2x2 d, a</c>, which is exact (PTX ISA, "cvt").</summary>
    /// <param name="a">The pair of E5M2 numbers.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    public static uint UnpackE5M2x2ToF16x2(ushort a, bool relu = false) =>
        PairOfF16(E5M2ToF16((byte)(a >> 8)), E5M2ToF16((byte)a), relu);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte ToF8(double value, FloatFormat format, uint largest)
    {
        if (double.IsNaN(value))
        {
            return NanF8;
        }

        uint magnitude = ExactRounding.NearestMagnitude(value, format, largest);
        return (byte)(magnitude | (double.IsNegative(value) ? 0x80u : 0));
    }

    private static ushort PackF8(byte hi, byte lo, bool relu) =>
        (ushort)(((relu ? ReluF8(hi) : hi) << 8) | (relu ? ReluF8(lo) : lo));

    private static byte ReluF8(byte a) => (a & 0x80) != 0 ? (byte)0 : a;

    private static uint PairOfF16(ushort hi, ushort lo, bool relu) =>
        ((uint)(relu ? HalfBits.Relu(hi) : hi) << 16) | (relu ? HalfBits.Relu(lo) : lo);
}
