using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <content>
/// Quotients and remainders (PTX ISA, "div" and "rem"). For a divisor of zero the ISA leaves both to the machine; here both have
/// all bits set. The quotient of the least number and −1 does not fit and stays the least number, with a remainder of zero.
/// </content>
public static partial class IntegerBits
{
    /// <summary><c>div.u32</c> (PTX ISA, "div").</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint DivU32(uint a, uint b) => b == 0 ? uint.MaxValue : a / b;

    /// <summary><c>rem.u32</c> (PTX ISA, "rem").</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RemU32(uint a, uint b) => b == 0 ? uint.MaxValue : a % b;

    /// <summary><c>div.s32</c>: rounded towards zero (PTX ISA, "div").</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint DivS32(uint a, uint b) =>
        b == 0 ? uint.MaxValue
        : b == uint.MaxValue ? 0 - a
        : (uint)((int)a / (int)b);

    /// <summary><c>rem.s32</c>: with the sign of the dividend (PTX ISA, "rem").</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RemS32(uint a, uint b) =>
        b == 0 ? uint.MaxValue
        : b == uint.MaxValue ? 0
        : (uint)((int)a % (int)b);

    /// <summary><c>div.u64</c> (PTX ISA, "div").</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong DivU64(ulong a, ulong b) => b == 0 ? ulong.MaxValue : a / b;

    /// <summary><c>rem.u64</c> (PTX ISA, "rem").</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RemU64(ulong a, ulong b) => b == 0 ? ulong.MaxValue : a % b;

    /// <summary><c>div.s64</c>: rounded towards zero (PTX ISA, "div").</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong DivS64(ulong a, ulong b) =>
        b == 0 ? ulong.MaxValue
        : b == ulong.MaxValue ? 0 - a
        : (ulong)((long)a / (long)b);

    /// <summary><c>rem.s64</c>: with the sign of the dividend (PTX ISA, "rem").</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RemS64(ulong a, ulong b) =>
        b == 0 ? ulong.MaxValue
        : b == ulong.MaxValue ? 0
        : (ulong)((long)a % (long)b);

    /// <summary><c>div.u16</c> and <c>div.s16</c> (PTX ISA, "div").</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    /// <param name="signed">Whether the numbers are signed.</param>
    public static ushort Div16(ushort a, ushort b, bool signed) =>
        b == 0 ? ushort.MaxValue
        : signed ? (ushort)((short)a / (short)b)
        : (ushort)(a / b);

    /// <summary><c>rem.u16</c> and <c>rem.s16</c> (PTX ISA, "rem").</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    /// <param name="signed">Whether the numbers are signed.</param>
    public static ushort Rem16(ushort a, ushort b, bool signed) =>
        b == 0 ? ushort.MaxValue
        : signed ? (ushort)((short)a % (short)b)
        : (ushort)(a % b);
}
