using System.Numerics;
using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>The instructions of PTX on bits (PTX ISA, "Logic and Shift Instructions", "Integer Arithmetic Instructions").</summary>
public static partial class IntegerBits
{
    /// <summary><c>prmt.b32{.mode}</c>: picks four of the eight bytes of <c>{b, a}</c> (PTX ISA, "prmt").</summary>
    /// <param name="a">Bytes 0 to 3.</param>
    /// <param name="b">Bytes 4 to 7.</param>
    /// <param name="selector">The selectors; with a mode only the two lowest bits count.</param>
    /// <param name="mode">How they are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Prmt(uint a, uint b, uint selector, PrmtMode mode)
    {
        ulong source = ((ulong)b << 32) | a;
        uint control = mode == PrmtMode.Generic ? selector : Control(mode, (int)selector & 3);
        return PickByte(source, control)
            | (PickByte(source, control >> 4) << 8)
            | (PickByte(source, control >> 8) << 16)
            | (PickByte(source, control >> 12) << 24);
    }

    /// <summary>
    /// <c>lop3.b32</c>: each bit of the result is the bit of the table at the number that the three bits of <paramref name="a"/>,
    /// <paramref name="b"/> and <paramref name="c"/> form, the first the highest (PTX ISA, "lop3").
    /// </summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="c">The third operand.</param>
    /// <param name="lut">The table: eight bits.</param>
    public static uint Lop3(uint a, uint b, uint c, uint lut)
    {
        // For each value of a and b the table has two bits: what becomes of a c of zero and of one.
        uint none = Choose(c, lut);
        uint onlyB = Choose(c, lut >> 2);
        uint onlyA = Choose(c, lut >> 4);
        uint both = Choose(c, lut >> 6);
        return (~a & ((~b & none) | (b & onlyB))) | (a & ((~b & onlyA) | (b & both)));
    }

    /// <summary><c>bfe.u32</c>: a field of bits, zeros above (PTX ISA, "bfe").</summary>
    /// <param name="a">The number.</param>
    /// <param name="position">Where the field starts; its lowest byte counts.</param>
    /// <param name="length">How long the field is; its lowest byte counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint BfeU32(uint a, uint position, uint length) => (uint)BfeU64(a, position, length);

    /// <summary><c>bfe.s32</c>: a field of bits, its sign above (PTX ISA, "bfe"); the sign is bit 31 where the field goes beyond it.</summary>
    /// <param name="a">The number.</param>
    /// <param name="position">Where the field starts; its lowest byte counts.</param>
    /// <param name="length">How long the field is; its lowest byte counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint BfeS32(uint a, uint position, uint length) => (uint)BfeS64((ulong)(int)a, position, length);

    /// <summary><c>bfe.u64</c>: a field of bits, zeros above (PTX ISA, "bfe").</summary>
    /// <param name="a">The number.</param>
    /// <param name="position">Where the field starts; its lowest byte counts.</param>
    /// <param name="length">How long the field is; its lowest byte counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong BfeU64(ulong a, uint position, uint length)
    {
        position &= 0xFF;
        return position > 63 ? 0 : (a >> (int)position) & Ones(length);
    }

    /// <summary><c>bfe.s64</c>: a field of bits, its sign above (PTX ISA, "bfe"); the sign is bit 63 where the field goes beyond it.</summary>
    /// <param name="a">The number.</param>
    /// <param name="position">Where the field starts; its lowest byte counts.</param>
    /// <param name="length">How long the field is; its lowest byte counts.</param>
    public static ulong BfeS64(ulong a, uint position, uint length)
    {
        position &= 0xFF;
        length &= 0xFF;
        if (length == 0)
        {
            return 0;
        }

        long moved = (long)a >> (int)Math.Min(position, 63);
        int unused = 64 - (int)Math.Min(length, 64);
        return (ulong)(moved << unused >> unused);
    }

    /// <summary><c>bfi.b32</c>: the low bits of <paramref name="a"/> in place of a field of <paramref name="b"/> (PTX ISA, "bfi").</summary>
    /// <param name="a">What is inserted.</param>
    /// <param name="b">What it is inserted into.</param>
    /// <param name="position">Where the field starts; its lowest byte counts.</param>
    /// <param name="length">How long the field is; its lowest byte counts.</param>
    public static uint Bfi32(uint a, uint b, uint position, uint length)
    {
        position &= 0xFF;
        uint mask = position > 31 ? 0 : (uint)Ones(length) << (int)position;
        return (b & ~mask) | ((a << (int)position) & mask);
    }

    /// <summary><c>bfi.b64</c>: the low bits of <paramref name="a"/> in place of a field of <paramref name="b"/> (PTX ISA, "bfi").</summary>
    /// <param name="a">What is inserted.</param>
    /// <param name="b">What it is inserted into.</param>
    /// <param name="position">Where the field starts; its lowest byte counts.</param>
    /// <param name="length">How long the field is; its lowest byte counts.</param>
    public static ulong Bfi64(ulong a, ulong b, uint position, uint length)
    {
        position &= 0xFF;
        ulong mask = position > 63 ? 0 : Ones(length) << (int)position;
        return (b & ~mask) | ((a << (int)position) & mask);
    }

    /// <summary><c>bfind{.shiftamt}.u32</c>: the place of the highest one, or all ones where there is none (PTX ISA, "bfind").</summary>
    /// <param name="a">The number.</param>
    /// <param name="shiftAmount">Whether to give how far that bit is from the highest place (<c>.shiftamt</c>).</param>
    public static uint BfindU32(uint a, bool shiftAmount) =>
        a == 0 ? uint.MaxValue
        : shiftAmount ? (uint)BitOperations.LeadingZeroCount(a)
        : (uint)BitOperations.Log2(a);

    /// <summary><c>bfind{.shiftamt}.s32</c>: the place of the highest bit that is not the sign's, or all ones (PTX ISA, "bfind").</summary>
    /// <param name="a">The number.</param>
    /// <param name="shiftAmount">Whether to give how far that bit is from the highest place (<c>.shiftamt</c>).</param>
    public static uint BfindS32(uint a, bool shiftAmount) => BfindU32((int)a < 0 ? ~a : a, shiftAmount);

    /// <summary><c>bfind{.shiftamt}.u64</c>: the place of the highest one, or all ones where there is none (PTX ISA, "bfind").</summary>
    /// <param name="a">The number.</param>
    /// <param name="shiftAmount">Whether to give how far that bit is from the highest place (<c>.shiftamt</c>).</param>
    public static uint BfindU64(ulong a, bool shiftAmount) =>
        a == 0 ? uint.MaxValue
        : shiftAmount ? (uint)BitOperations.LeadingZeroCount(a)
        : (uint)BitOperations.Log2(a);

    /// <summary><c>bfind{.shiftamt}.s64</c>: the place of the highest bit that is not the sign's, or all ones (PTX ISA, "bfind").</summary>
    /// <param name="a">The number.</param>
    /// <param name="shiftAmount">Whether to give how far that bit is from the highest place (<c>.shiftamt</c>).</param>
    public static uint BfindS64(ulong a, bool shiftAmount) => BfindU64((long)a < 0 ? ~a : a, shiftAmount);

    /// <summary><c>brev.b32</c>: the bits in reverse (PTX ISA, "brev").</summary>
    /// <param name="a">The number.</param>
    public static uint Brev32(uint a)
    {
        a = ((a >> 1) & 0x5555_5555) | ((a & 0x5555_5555) << 1);
        a = ((a >> 2) & 0x3333_3333) | ((a & 0x3333_3333) << 2);
        a = ((a >> 4) & 0x0F0F_0F0F) | ((a & 0x0F0F_0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(a);
    }

    /// <summary><c>brev.b64</c>: the bits in reverse (PTX ISA, "brev").</summary>
    /// <param name="a">The number.</param>
    public static ulong Brev64(ulong a) => ((ulong)Brev32((uint)a) << 32) | Brev32((uint)(a >> 32));

    /// <summary><c>popc.b32</c>: how many bits are one (PTX ISA, "popc").</summary>
    /// <param name="a">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Popc32(uint a) => (uint)BitOperations.PopCount(a);

    /// <summary><c>popc.b64</c>: how many bits are one (PTX ISA, "popc").</summary>
    /// <param name="a">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Popc64(ulong a) => (uint)BitOperations.PopCount(a);

    /// <summary><c>clz.b32</c>: how many zeros lead; 32 for zero (PTX ISA, "clz").</summary>
    /// <param name="a">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Clz32(uint a) => (uint)BitOperations.LeadingZeroCount(a);

    /// <summary><c>clz.b64</c>: how many zeros lead; 64 for zero (PTX ISA, "clz").</summary>
    /// <param name="a">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Clz64(ulong a) => (uint)BitOperations.LeadingZeroCount(a);

    /// <summary>
    /// <c>fns.b32</c>: the place of the n-th one, counted from a place upwards for positive and downwards for negative offsets; all
    /// ones where there is none (PTX ISA, "fns").
    /// </summary>
    /// <param name="mask">The bits.</param>
    /// <param name="start">The place to start from, at most 31.</param>
    /// <param name="offset">Which one; 0 asks whether the bit at the start is one.</param>
    public static uint Fns(uint mask, uint start, int offset)
    {
        if (offset == 0)
        {
            return ((mask >> (int)(start & 31)) & 1) != 0 ? start : uint.MaxValue;
        }

        int step = offset > 0 ? 1 : -1;
        int wanted = Math.Abs(offset);
        for (int place = (int)start; place is >= 0 and < 32; place += step)
        {
            wanted -= (int)((mask >> place) & 1);
            if (wanted == 0)
            {
                return (uint)place;
            }
        }

        return uint.MaxValue;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint PickByte(ulong source, uint control)
    {
        uint value = (uint)(source >> (int)((control & 7) * 8)) & 0xFF;
        return (control & 8) == 0 ? value
            : (value & 0x80) != 0 ? 0xFFu
            : 0;
    }

    /// <summary>The four selectors that a mode and its two bits stand for (PTX ISA, "prmt", table of the modes).</summary>
    private static uint Control(PrmtMode mode, int selected) =>
        mode switch
        {
            PrmtMode.ForwardExtract => 0x3210u + ((uint)selected * 0x1111),
            PrmtMode.BackwardExtract => (uint)(0x5670_6701_7012_0123UL >> (48 - (16 * selected))) & 0xFFFF,
            PrmtMode.ReplicateByte => (uint)selected * 0x1111,
            PrmtMode.EdgeClampLeft => (uint)(0x3210_3211_3222_3333UL >> (48 - (16 * selected))) & 0xFFFF,
            PrmtMode.EdgeClampRight => (uint)(0x0000_1110_2210_3210UL >> (48 - (16 * selected))) & 0xFFFF,
            _ => (selected & 1) == 0 ? 0x1010u : 0x3232u,
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Choose(uint c, uint pair) => (c & (0 - ((pair >> 1) & 1))) | (~c & (0 - (pair & 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Ones(uint length)
    {
        length &= 0xFF;
        return length > 63 ? ulong.MaxValue : (1UL << (int)length) - 1;
    }
}
