using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <content>Conversions to and from pairs, with <c>.relu</c> and <c>.satfinite</c> (PTX ISA, "cvt").</content>
public static partial class Conversions
{
    /// <summary><c>cvt.frnd2{.relu}{.satfinite}.f16.f32</c> (PTX ISA, "cvt").</summary>
    /// <param name="a">The <c>.f32</c> number's bits.</param>
    /// <param name="rounding">How it is rounded.</param>
    /// <param name="relu">Whether a negative result becomes zero.</param>
    /// <param name="satfinite">Whether a result beyond the largest finite number becomes that number, with its sign.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ToF16(uint a, ConversionRounding rounding, bool relu, bool satfinite)
    {
        ushort bits = HalfBits.FromSingle(BitConverter.UInt32BitsToSingle(a), DirectionOf(rounding));
        bits = satfinite && (bits & 0x7FFF) == 0x7C00 ? (ushort)(bits - 1) : bits;
        return relu ? HalfBits.Relu(bits) : bits;
    }

    /// <summary><c>cvt.frnd2{.relu}{.satfinite}.bf16.f32</c> (PTX ISA, "cvt").</summary>
    /// <param name="a">The <c>.f32</c> number's bits.</param>
    /// <param name="rounding">How it is rounded.</param>
    /// <param name="relu">Whether a negative result becomes zero.</param>
    /// <param name="satfinite">Whether a result beyond the largest finite number becomes that number, with its sign.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ToBf16(uint a, ConversionRounding rounding, bool relu, bool satfinite)
    {
        ushort bits = Bf16Bits.FromSingle(BitConverter.UInt32BitsToSingle(a), DirectionOf(rounding));
        bits = satfinite && (bits & 0x7FFF) == 0x7F80 ? (ushort)(bits - 1) : bits;
        return relu ? Bf16Bits.Relu(bits) : bits;
    }

    /// <summary><c>cvt.frnd2{.relu}{.satfinite}.f16x2.f32 d, hi, lo</c>: the first source goes to the upper half (PTX ISA, "cvt").</summary>
    /// <param name="hi">The <c>.f32</c> bits for the upper half.</param>
    /// <param name="lo">The <c>.f32</c> bits for the lower half.</param>
    /// <param name="rounding">How they are rounded.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    /// <param name="satfinite">Whether results beyond the largest finite number become that number, with their sign.</param>
    public static uint PackF16x2(uint hi, uint lo, ConversionRounding rounding, bool relu, bool satfinite) =>
        ((uint)ToF16(hi, rounding, relu, satfinite) << 16) | ToF16(lo, rounding, relu, satfinite);

    /// <summary><c>cvt.frnd2{.relu}{.satfinite}.bf16x2.f32 d, hi, lo</c>: the first source goes to the upper half (PTX ISA, "cvt").</summary>
    /// <param name="hi">The <c>.f32</c> bits for the upper half.</param>
    /// <param name="lo">The <c>.f32</c> bits for the lower half.</param>
    /// <param name="rounding">How they are rounded.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    /// <param name="satfinite">Whether results beyond the largest finite number become that number, with their sign.</param>
    public static uint PackBf16x2(uint hi, uint lo, ConversionRounding rounding, bool relu, bool satfinite) =>
        ((uint)ToBf16(hi, rounding, relu, satfinite) << 16) | ToBf16(lo, rounding, relu, satfinite);

    /// <summary>
    /// <c>cvt.rna{.satfinite}.tf32.f32</c> and <c>cvt.frnd2{.satfinite}{.relu}.tf32.f32</c> (PTX ISA, "cvt"): ten bits of fraction in
    /// an <c>.f32</c> register, the bits below them zero. A NaN becomes <c>0x7FFFE000</c>; ISA names no bits for it.
    /// </summary>
    /// <param name="a">The <c>.f32</c> number's bits.</param>
    /// <param name="rounding"><see cref="ConversionRounding.NearestAway"/>, <see cref="ConversionRounding.NearestEven"/> or <see cref="ConversionRounding.TowardZero"/>.</param>
    /// <param name="relu">Whether a negative result becomes zero.</param>
    /// <param name="satfinite">Whether a result beyond the largest finite number becomes that number, with its sign.</param>
    public static uint ToTf32(uint a, ConversionRounding rounding, bool relu, bool satfinite)
    {
        const uint dropped = 0x1FFF;
        if (FloatBits.IsNanF32(a))
        {
            return 0x7FFF_FFFF & ~dropped;
        }

        uint added = rounding switch
        {
            ConversionRounding.NearestAway => 0x1000,
            ConversionRounding.TowardZero => 0,
            _ => 0xFFF + ((a >> 13) & 1),
        };
        uint bits = (a + added) & ~dropped;
        bits = satfinite && (bits & 0x7FFF_FFFF) == 0x7F80_0000 ? bits - (dropped + 1) : bits;
        return relu && bits >= 0x8000_0000 ? 0 : bits;
    }

    /// <summary>
    /// <c>cvt.pack.sat.{u16,s16}.s32 d, a, b</c>: two integers, limited to 16 bits each, <paramref name="a"/> in the upper half (PTX
    /// ISA, "cvt.pack").
    /// </summary>
    /// <param name="a">The integer for the upper half.</param>
    /// <param name="b">The integer for the lower half.</param>
    /// <param name="signed">Whether the destination is <c>.s16</c>.</param>
    public static uint PackSaturated16(int a, int b, bool signed)
    {
        int least = signed ? short.MinValue : 0;
        int most = signed ? short.MaxValue : ushort.MaxValue;
        return ((uint)Math.Clamp(a, least, most) << 16) | ((uint)Math.Clamp(b, least, most) & 0xFFFF);
    }

    /// <summary>
    /// <c>cvt.pack.sat.{u8,s8}.s32.b32 d, a, b, c</c>: two integers, limited to 8 bits each, in the lower half, <paramref name="a"/>
    /// above <paramref name="b"/>; the lower half of <paramref name="c"/> in the upper half (PTX ISA, "cvt.pack").
    /// </summary>
    /// <param name="a">The integer for bits 8 to 15.</param>
    /// <param name="b">The integer for bits 0 to 7.</param>
    /// <param name="c">What is moved up by 16 bits.</param>
    /// <param name="signed">Whether the destination is <c>.s8</c>.</param>
    public static uint PackSaturated8(int a, int b, uint c, bool signed)
    {
        int least = signed ? sbyte.MinValue : 0;
        int most = signed ? sbyte.MaxValue : byte.MaxValue;
        uint upper = (uint)Math.Clamp(a, least, most) & 0xFF;
        uint lower = (uint)Math.Clamp(b, least, most) & 0xFF;
        return (c << 16) | (upper << 8) | lower;
    }
}
