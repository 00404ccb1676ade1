using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <content>Shifts, products, quotients and sums (PTX ISA, "Integer Arithmetic Instructions" and "Logic and Shift Instructions").</content>
public static partial class IntegerBits
{
    /// <summary><c>shf.l.{clamp,wrap}.b32</c>: the upper word of <c>{b, a}</c> shifted left (PTX ISA, "shf").</summary>
    /// <param name="a">The lower word.</param>
    /// <param name="b">The upper word.</param>
    /// <param name="count">How far.</param>
    /// <param name="wrap">Whether the count is taken modulo 32 (<c>.wrap</c>) or at most 32 (<c>.clamp</c>).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ShfL(uint a, uint b, uint count, bool wrap)
    {
        int places = (int)(wrap ? count & 31 : Math.Min(count, 32));
        return (uint)((((ulong)b << 32) | a) << places >> 32);
    }

    /// <summary><c>shf.r.{clamp,wrap}.b32</c>: the lower word of <c>{b, a}</c> shifted right (PTX ISA, "shf").</summary>
    /// <param name="a">The lower word.</param>
    /// <param name="b">The upper word.</param>
    /// <param name="count">How far.</param>
    /// <param name="wrap">Whether the count is taken modulo 32 (<c>.wrap</c>) or at most 32 (<c>.clamp</c>).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ShfR(uint a, uint b, uint count, bool wrap)
    {
        int places = (int)(wrap ? count & 31 : Math.Min(count, 32));
        return (uint)((((ulong)b << 32) | a) >> places);
    }

    /// <summary><c>shl.b16</c>: 0 for counts of 16 and more (PTX ISA, "shl").</summary>
    /// <param name="a">The number.</param>
    /// <param name="count">How far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Shl16(ushort a, uint count) => count > 15 ? (ushort)0 : (ushort)(a << (int)count);

    /// <summary><c>shl.b32</c>: 0 for counts of 32 and more (PTX ISA, "shl").</summary>
    /// <param name="a">The number.</param>
    /// <param name="count">How far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Shl32(uint a, uint count) => count > 31 ? 0 : a << (int)count;

    /// <summary><c>shl.b64</c>: 0 for counts of 64 and more (PTX ISA, "shl").</summary>
    /// <param name="a">The number.</param>
    /// <param name="count">How far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Shl64(ulong a, uint count) => count > 63 ? 0 : a << (int)count;

    /// <summary><c>shr.u16</c>, <c>shr.b16</c>: 0 for counts of 16 and more (PTX ISA, "shr").</summary>
    /// <param name="a">The number.</param>
    /// <param name="count">How far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ShrU16(ushort a, uint count) => count > 15 ? (ushort)0 : (ushort)(a >> (int)count);

    /// <summary><c>shr.s16</c>: only the sign for counts of 16 and more (PTX ISA, "shr").</summary>
    /// <param name="a">The number.</param>
    /// <param name="count">How far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ShrS16(ushort a, uint count) => (ushort)((short)a >> (int)Math.Min(count, 15));

    /// <summary><c>shr.u32</c>, <c>shr.b32</c>: 0 for counts of 32 and more (PTX ISA, "shr").</summary>
    /// <param name="a">The number.</param>
    /// <param name="count">How far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ShrU32(uint a, uint count) => count > 31 ? 0 : a >> (int)count;

    /// <summary><c>shr.s32</c>: only the sign for counts of 32 and more (PTX ISA, "shr").</summary>
    /// <param name="a">The number.</param>
    /// <param name="count">How far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ShrS32(uint a, uint count) => (uint)((int)a >> (int)Math.Min(count, 31));

    /// <summary><c>shr.u64</c>, <c>shr.b64</c>: 0 for counts of 64 and more (PTX ISA, "shr").</summary>
    /// <param name="a">The number.</param>
    /// <param name="count">How far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ShrU64(ulong a, uint count) => count > 63 ? 0 : a >> (int)count;

    /// <summary><c>shr.s64</c>: only the sign for counts of 64 and more (PTX ISA, "shr").</summary>
    /// <param name="a">The number.</param>
    /// <param name="count">How far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ShrS64(ulong a, uint count) => (ulong)((long)a >> (int)Math.Min(count, 63));

    /// <summary><c>mul.hi.u32</c>: the upper word of the product (PTX ISA, "mul").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MulHiU32(uint a, uint b) => (uint)(((ulong)a * b) >> 32);

    /// <summary><c>mul.hi.s32</c>: the upper word of the product (PTX ISA, "mul").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MulHiS32(uint a, uint b) => (uint)(((long)(int)a * (int)b) >> 32);

    /// <summary><c>mul.hi.u64</c>: the upper half of the product (PTX ISA, "mul").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MulHiU64(ulong a, ulong b) => Math.BigMul(a, b, out _);

    /// <summary><c>mul.hi.s64</c>: the upper half of the product (PTX ISA, "mul").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MulHiS64(ulong a, ulong b) => (ulong)Math.BigMul((long)a, (long)b, out _);

    /// <summary><c>mul.wide.s32</c>: the whole product (PTX ISA, "mul").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MulWideS32(uint a, uint b) => (ulong)((long)(int)a * (int)b);

    /// <summary><c>mul.wide.u32</c>: the whole product (PTX ISA, "mul").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MulWideU32(uint a, uint b) => (ulong)a * b;

    /// <summary><c>mul24.{lo,hi}.u32</c>: bits 0 to 31, or 16 to 47, of the product of the low 24 bits (PTX ISA, "mul24").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="high">Whether bits 16 to 47 are asked for (<c>.hi</c>).</param>
    public static uint Mul24U32(uint a, uint b, bool high)
    {
        ulong product = (ulong)(a & 0xFF_FFFF) * (b & 0xFF_FFFF);
        return (uint)(high ? product >> 16 : product);
    }

    /// <summary><c>mul24.{lo,hi}.s32</c>: bits 0 to 31, or 16 to 47, of the product of the low 24 bits (PTX ISA, "mul24").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="high">Whether bits 16 to 47 are asked for (<c>.hi</c>).</param>
    public static uint Mul24S32(uint a, uint b, bool high)
    {
        long product = (long)((int)(a << 8) >> 8) * ((int)(b << 8) >> 8);
        return (uint)(high ? product >> 16 : product);
    }

    /// <summary><c>mad24.{lo,hi}.u32</c>: <see cref="Mul24U32"/> plus an addend (PTX ISA, "mad24").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="c">The addend.</param>
    /// <param name="high">Whether bits 16 to 47 are asked for (<c>.hi</c>).</param>
    public static uint Mad24U32(uint a, uint b, uint c, bool high) => Mul24U32(a, b, high) + c;

    /// <summary><c>mad24.{lo,hi{.sat}}.s32</c>: <see cref="Mul24S32"/> plus an addend (PTX ISA, "mad24").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="c">The addend.</param>
    /// <param name="high">Whether bits 16 to 47 are asked for (<c>.hi</c>).</param>
    /// <param name="saturate">Whether the sum is kept in the range of <c>.s32</c>.</param>
    public static uint Mad24S32(uint a, uint b, uint c, bool high, bool saturate)
    {
        uint product = Mul24S32(a, b, high);
        return saturate ? AddSaturatedS32(product, c) : product + c;
    }

    /// <summary><c>mad.hi.sat.s32</c>: <see cref="MulHiS32"/> plus an addend, within the range of <c>.s32</c> (PTX ISA, "mad").</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="c">The addend.</param>
    public static uint MadHiSaturatedS32(uint a, uint b, uint c) => AddSaturatedS32(MulHiS32(a, b), c);

    /// <summary><c>add.sat.s32</c>: the sum within the range of <c>.s32</c> (PTX ISA, "add").</summary>
    /// <param name="a">The first term.</param>
    /// <param name="b">The second term.</param>
    public static uint AddSaturatedS32(uint a, uint b) =>
        (uint)Math.Clamp((long)(int)a + (int)b, int.MinValue, int.MaxValue);

    /// <summary><c>sub.sat.s32</c>: the difference within the range of <c>.s32</c> (PTX ISA, "sub").</summary>
    /// <param name="a">The minuend.</param>
    /// <param name="b">The subtrahend.</param>
    public static uint SubSaturatedS32(uint a, uint b) =>
        (uint)Math.Clamp((long)(int)a - (int)b, int.MinValue, int.MaxValue);

    /// <summary><c>sad.u32</c>: <c>c + |a − b|</c> (PTX ISA, "sad").</summary>
    /// <param name="a">The first number.</param>
    /// <param name="b">The second number.</param>
    /// <param name="c">The addend.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SadU32(uint a, uint b, uint c) => c + (a < b ? b - a : a - b);

    /// <summary><c>sad.s32</c>: <c>c + |a − b|</c> (PTX ISA, "sad").</summary>
    /// <param name="a">The first number.</param>
    /// <param name="b">The second number.</param>
    /// <param name="c">The addend.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SadS32(uint a, uint b, uint c) => c + ((int)a < (int)b ? b - a : a - b);

    /// <summary><c>sad.u64</c>: <c>c + |a − b|</c> (PTX ISA, "sad").</summary>
    /// <param name="a">The first number.</param>
    /// <param name="b">The second number.</param>
    /// <param name="c">The addend.</param>
    public static ulong SadU64(ulong a, ulong b, ulong c) => c + (a < b ? b - a : a - b);

    /// <summary><c>sad.s64</c>: <c>c + |a − b|</c> (PTX ISA, "sad").</summary>
    /// <param name="a">The first number.</param>
    /// <param name="b">The second number.</param>
    /// <param name="c">The addend.</param>
    public static ulong SadS64(ulong a, ulong b, ulong c) => c + ((long)a < (long)b ? b - a : a - b);

    /// <summary><c>dp4a.atype.btype</c>: <c>c</c> plus the product of four bytes with four bytes (PTX ISA, "dp4a").</summary>
    /// <param name="a">Four bytes.</param>
    /// <param name="b">Four bytes.</param>
    /// <param name="c">The addend.</param>
    /// <param name="signedA">Whether the bytes of <paramref name="a"/> are signed.</param>
    /// <param name="signedB">Whether the bytes of <paramref name="b"/> are signed.</param>
    public static uint Dp4a(uint a, uint b, uint c, bool signedA, bool signedB)
    {
        for (int shift = 0; shift < 32; shift += 8)
        {
            c += (uint)(Byte(a >> shift, signedA) * Byte(b >> shift, signedB));
        }

        return c;
    }

    /// <summary>
    /// <c>dp2a.{lo,hi}.atype.btype</c>: <c>c</c> plus the product of two halves with two bytes (PTX ISA, "dp2a").
    /// </summary>
    /// <param name="a">Two halves.</param>
    /// <param name="b">Four bytes.</param>
    /// <param name="c">The addend.</param>
    /// <param name="signedA">Whether the halves are signed.</param>
    /// <param name="signedB">Whether the bytes are signed.</param>
    /// <param name="high">Whether the two upper bytes count (<c>.hi</c>) or the two lower ones (<c>.lo</c>).</param>
    public static uint Dp2a(uint a, uint b, uint c, bool signedA, bool signedB, bool high)
    {
        uint bytes = high ? b >> 16 : b;
        int first = signedA ? (short)a : (ushort)a;
        int second = signedA ? (short)(a >> 16) : (ushort)(a >> 16);
        return c + (uint)(first * Byte(bytes, signedB)) + (uint)(second * Byte(bytes >> 8, signedB));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Byte(uint value, bool signed) => signed ? (sbyte)value : (byte)value;
}
