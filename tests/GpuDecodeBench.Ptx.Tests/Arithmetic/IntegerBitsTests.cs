using System.Numerics;
using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

/// <summary>Bits one by one, as the semantics of the PTX ISA go through them, and whole numbers without a width.</summary>
public sealed class IntegerBitsTests
{
    [Fact]
    public void ATableOfThreeInputsIsReadBitByBit()
    {
        const int seed = 51;
        Random random = new(seed);
        for (uint table = 0; table < 256; table++)
        {
            (uint a, uint b, uint c) = (Word(random), Word(random), Word(random));
            uint expected = 0;
            for (int place = 0; place < 32; place++)
            {
                uint index = (Bit(a, place) << 2) | (Bit(b, place) << 1) | Bit(c, place);
                expected |= Bit(table, (int)index) << place;
            }

            Assert.True(expected == IntegerBits.Lop3(a, b, c, table), $"seed {seed}: {a:X8} {b:X8} {c:X8} {table:X2}");
        }

        Assert.Equal(0x0Fu & 0x33 & 0x55, IntegerBits.Lop3(0x0F, 0x33, 0x55, 0xF0 & 0xCC & 0xAA));
    }

    [Fact]
    public void EverySelectorOfAPermutationPicksItsByteOrItsSign()
    {
        byte[] source = [0x80, 0x11, 0xA2, 0x33, 0x44, 0xD5, 0x66, 0xF7];
        uint low = BitConverter.ToUInt32(source, 0);
        uint high = BitConverter.ToUInt32(source, 4);
        for (uint selector = 0; selector < 0x10000; selector++)
        {
            uint expected = 0;
            for (int place = 0; place < 4; place++)
            {
                uint control = (selector >> (4 * place)) & 0xF;
                uint picked = source[control & 7];
                picked =
                    control < 8 ? picked
                    : picked >= 0x80 ? 0xFFu
                    : 0;
                expected |= picked << (8 * place);
            }

            Assert.Equal(expected, IntegerBits.Prmt(low, high, selector | 0xABCD_0000, PrmtMode.Generic));
        }
    }

    [Theory]
    [InlineData(PrmtMode.ForwardExtract, 0x33221100u, 0x44332211u, 0x55443322u, 0x66554433u)]
    [InlineData(PrmtMode.BackwardExtract, 0x55667700u, 0x66770011u, 0x77001122u, 0x00112233u)]
    [InlineData(PrmtMode.ReplicateByte, 0x00000000u, 0x11111111u, 0x22222222u, 0x33333333u)]
    [InlineData(PrmtMode.EdgeClampLeft, 0x33221100u, 0x33221111u, 0x33222222u, 0x33333333u)]
    [InlineData(PrmtMode.EdgeClampRight, 0x00000000u, 0x11111100u, 0x22221100u, 0x33221100u)]
    [InlineData(PrmtMode.ReplicateHalf, 0x11001100u, 0x33223322u, 0x11001100u, 0x33223322u)]
    public void AModeOfAPermutationFollowsItsTable(PrmtMode mode, uint zero, uint one, uint two, uint three)
    {
        uint[] expected = [zero, one, two, three];
        for (uint selector = 0; selector < 32; selector++)
        {
            Assert.Equal(
                expected[selector & 3],
                IntegerBits.Prmt(0x33221100, 0x77665544, selector | 0xF0F0_F0F0, mode)
            );
        }
    }

    [Fact]
    public void FieldsAreTakenOutAndPutInBitByBitForEveryPositionAndLength()
    {
        const int seed = 52;
        Random random = new(seed);
        for (uint position = 0; position < 256; position += position < 70 ? 1u : 37u)
        {
            for (uint length = 0; length < 256; length += length < 70 ? 1u : 37u)
            {
                ulong a = ((ulong)Word(random) << 32) | Word(random);
                ulong b = ((ulong)Word(random) << 32) | Word(random);
                string text = $"seed {seed}: {a:X16} {b:X16} {position} {length}";
                (uint p, uint n) = (position | 0x100, length | 0xFF00);
                Same(Extract(a, position, length, 32, false), IntegerBits.BfeU32((uint)a, p, n), text);
                Same(Extract(a, position, length, 32, true), IntegerBits.BfeS32((uint)a, p, n), text);
                Same(Extract(a, position, length, 64, false), IntegerBits.BfeU64(a, p, n), text);
                Same(Extract(a, position, length, 64, true), IntegerBits.BfeS64(a, p, n), text);
                Same(Insert(a, b, position, length, 32), IntegerBits.Bfi32((uint)a, (uint)b, p, n), text);
                Same(Insert(a, b, position, length, 64), IntegerBits.Bfi64(a, b, p, n), text);
            }
        }
    }

    [Fact]
    public void TheHighestBitThatIsNotTheSignIsFound()
    {
        foreach (bool amount in new[] { false, true })
        {
            Assert.Equal(uint.MaxValue, IntegerBits.BfindU32(0, amount));
            Assert.Equal(uint.MaxValue, IntegerBits.BfindS32(0, amount));
            Assert.Equal(uint.MaxValue, IntegerBits.BfindS32(uint.MaxValue, amount));
            Assert.Equal(uint.MaxValue, IntegerBits.BfindU64(0, amount));
            Assert.Equal(uint.MaxValue, IntegerBits.BfindS64(ulong.MaxValue, amount));
            for (uint place = 0; place < 64; place++)
            {
                ulong bits = (1UL << (int)place) | ((1UL << (int)place) / 3);
                Assert.Equal(amount ? 63 - place : place, IntegerBits.BfindU64(bits, amount));
                if (place < 63)
                {
                    Assert.Equal(amount ? 63 - place : place, IntegerBits.BfindS64(bits, amount));
                    Assert.Equal(amount ? 63 - place : place, IntegerBits.BfindS64(~bits, amount));
                }

                if (place < 32)
                {
                    Assert.Equal(amount ? 31 - place : place, IntegerBits.BfindU32((uint)bits, amount));
                }

                if (place < 31)
                {
                    Assert.Equal(amount ? 31 - place : place, IntegerBits.BfindS32((uint)bits, amount));
                    Assert.Equal(amount ? 31 - place : place, IntegerBits.BfindS32(~(uint)bits, amount));
                }
            }
        }
    }

    [Fact]
    public void BitsAreReversedAndCounted()
    {
        const int seed = 53;
        Random random = new(seed);
        for (int trial = 0; trial < 2000; trial++)
        {
            ulong a = (((ulong)Word(random) << 32) | Word(random)) >> random.Next(64);
            ulong reversed = 0;
            uint ones = 0;
            uint leading = 64;
            for (int place = 0; place < 64; place++)
            {
                ulong bit = (a >> place) & 1;
                reversed |= bit << (63 - place);
                ones += (uint)bit;
                leading = bit != 0 ? 63 - (uint)place : leading;
            }

            string text = $"seed {seed}, trial {trial}: {a:X16}";
            Same(reversed, IntegerBits.Brev64(a), text);
            Same(reversed >> 32, IntegerBits.Brev32((uint)a), text);
            Same(ones, IntegerBits.Popc64(a), text);
            Same(ones, IntegerBits.Popc32((uint)a) + IntegerBits.Popc32((uint)(a >> 32)), text);
            Same(leading, IntegerBits.Clz64(a), text);
            Same(a >> 32 == 0 ? 32 : leading, IntegerBits.Clz32((uint)(a >> 32)), text);
        }
    }

    [Fact]
    public void TheNthOneIsFoundInBothDirections()
    {
        Assert.Equal(3u, IntegerBits.Fns(0b1010_1000, 3, 0));
        Assert.Equal(uint.MaxValue, IntegerBits.Fns(0b1010_1000, 4, 0));
        Assert.Equal(3u, IntegerBits.Fns(0b1010_1000, 3, 1));
        Assert.Equal(7u, IntegerBits.Fns(0b1010_1000, 3, 3));
        Assert.Equal(uint.MaxValue, IntegerBits.Fns(0b1010_1000, 3, 4));
        Assert.Equal(5u, IntegerBits.Fns(0b1010_1000, 31, -2));
        Assert.Equal(uint.MaxValue, IntegerBits.Fns(0b1010_1000, 2, -1));
    }

    [Fact]
    public void ShiftsBeyondTheWidthEmptyTheNumberOrLeaveItsSign()
    {
        const int seed = 54;
        Random random = new(seed);
        foreach (
            uint count in Enumerable.Range(0, 70).Select(count => (uint)count).Append(0x8000_0001).Append(uint.MaxValue)
        )
        {
            ulong a = ((ulong)Word(random) << 32) | Word(random);
            int places = (int)Math.Min(count, 1000);
            string text = $"seed {seed}: {a:X16} by {count}";
            Same(Low((BigInteger)(uint)a << places, 32), IntegerBits.Shl32((uint)a, count), text);
            Same(Low((BigInteger)a << places, 64), IntegerBits.Shl64(a, count), text);
            Same(Low((BigInteger)(ushort)a << places, 16), IntegerBits.Shl16((ushort)a, count), text);
            Same(Low((BigInteger)(uint)a >> places, 32), IntegerBits.ShrU32((uint)a, count), text);
            Same(Low((BigInteger)(int)a >> places, 32), IntegerBits.ShrS32((uint)a, count), text);
            Same(Low((BigInteger)a >> places, 64), IntegerBits.ShrU64(a, count), text);
            Same(Low((BigInteger)(long)a >> places, 64), IntegerBits.ShrS64(a, count), text);
            Same(Low((BigInteger)(ushort)a >> places, 16), IntegerBits.ShrU16((ushort)a, count), text);
            Same(Low((BigInteger)(short)a >> places, 16), IntegerBits.ShrS16((ushort)a, count), text);
        }
    }

    [Fact]
    public void FunnelShiftsClampOrWrapTheirCount()
    {
        const int seed = 55;
        Random random = new(seed);
        foreach (uint count in Enumerable.Range(0, 70).Select(count => (uint)count).Append(uint.MaxValue))
        {
            (uint low, uint high) = (Word(random), Word(random));
            BigInteger both = ((BigInteger)high << 32) | low;
            string text = $"seed {seed}: {high:X8} {low:X8} by {count}";
            int wrapped = (int)(count % 32);
            int clamped = (int)Math.Min(count, 32);
            Same(Low((both << wrapped) >> 32, 32), IntegerBits.ShfL(low, high, count, wrap: true), text);
            Same(Low((both << clamped) >> 32, 32), IntegerBits.ShfL(low, high, count, wrap: false), text);
            Same(Low(both >> wrapped, 32), IntegerBits.ShfR(low, high, count, wrap: true), text);
            Same(Low(both >> clamped, 32), IntegerBits.ShfR(low, high, count, wrap: false), text);
        }
    }

    [Fact]
    public void ProductsAndSumsAreThoseOfWholeNumbers()
    {
        const int seed = 56;
        Random random = new(seed);
        for (int trial = 0; trial < 5000; trial++)
        {
            ulong a = ((ulong)Edge(random) << 32) | Edge(random);
            ulong b = ((ulong)Edge(random) << 32) | Edge(random);
            uint c = Edge(random);
            (uint x, uint y) = ((uint)a, (uint)b);
            string text = $"seed {seed}, trial {trial}: {a:X16} {b:X16} {c:X8}";
            BigInteger signed = (BigInteger)(int)x * (int)y;
            Same(Low((BigInteger)x * y >> 32, 32), IntegerBits.MulHiU32(x, y), text);
            Same(Low(signed >> 32, 32), IntegerBits.MulHiS32(x, y), text);
            Same(Low((BigInteger)a * b >> 64, 64), IntegerBits.MulHiU64(a, b), text);
            Same(Low((BigInteger)(long)a * (long)b >> 64, 64), IntegerBits.MulHiS64(a, b), text);
            Same(Low((BigInteger)x * y, 64), IntegerBits.MulWideU32(x, y), text);
            Same(Low(signed, 64), IntegerBits.MulWideS32(x, y), text);
            BigInteger product24 = (BigInteger)(x % (1 << 24)) * (y % (1 << 24));
            BigInteger signed24 = Signed24(x) * Signed24(y);
            Same(Low(product24, 32), IntegerBits.Mul24U32(x, y, high: false), text);
            Same(Low(product24 >> 16, 32), IntegerBits.Mul24U32(x, y, high: true), text);
            Same(Low(signed24, 32), IntegerBits.Mul24S32(x, y, high: false), text);
            Same(Low(signed24 >> 16, 32), IntegerBits.Mul24S32(x, y, high: true), text);
            Same(Low((product24 >> 16) + c, 32), IntegerBits.Mad24U32(x, y, c, high: true), text);
            Same(Low(signed24 + (int)c, 32), IntegerBits.Mad24S32(x, y, c, false, false), text);
            Same(Limited((signed24 >> 16) + (int)c), IntegerBits.Mad24S32(x, y, c, true, true), text);
            Same(Limited((signed >> 32) + (int)c), IntegerBits.MadHiSaturatedS32(x, y, c), text);
            Same(Limited((BigInteger)(int)x + (int)y), IntegerBits.AddSaturatedS32(x, y), text);
            Same(Limited((BigInteger)(int)x - (int)y), IntegerBits.SubSaturatedS32(x, y), text);
            Same(Low(BigInteger.Abs((BigInteger)x - y) + c, 32), IntegerBits.SadU32(x, y, c), text);
            Same(Low(BigInteger.Abs((BigInteger)(int)x - (int)y) + c, 32), IntegerBits.SadS32(x, y, c), text);
            Same(Low(BigInteger.Abs((BigInteger)a - b) + c, 64), IntegerBits.SadU64(a, b, c), text);
            Same(Low(BigInteger.Abs((BigInteger)(long)a - (long)b) + c, 64), IntegerBits.SadS64(a, b, c), text);
        }
    }

    [Fact]
    public void DotProductsTakeBytesAndHalvesWithTheirSigns()
    {
        const int seed = 57;
        Random random = new(seed);
        for (int trial = 0; trial < 2000; trial++)
        {
            (uint a, uint b, uint c) = (Edge(random), Edge(random), Edge(random));
            foreach (
                (bool signedA, bool signedB) in new[] { (false, false), (true, false), (false, true), (true, true) }
            )
            {
                string text = $"seed {seed}, trial {trial}: {a:X8} {b:X8} {c:X8} {signedA} {signedB}";
                BigInteger four = c;
                BigInteger low = c;
                BigInteger high = c;
                for (int i = 0; i < 4; i++)
                {
                    four += Field(a, i, 8, signedA) * Field(b, i, 8, signedB);
                }

                for (int i = 0; i < 2; i++)
                {
                    low += Field(a, i, 16, signedA) * Field(b, i, 8, signedB);
                    high += Field(a, i, 16, signedA) * Field(b, i + 2, 8, signedB);
                }

                Same(Low(four, 32), IntegerBits.Dp4a(a, b, c, signedA, signedB), text);
                Same(Low(low, 32), IntegerBits.Dp2a(a, b, c, signedA, signedB, high: false), text);
                Same(Low(high, 32), IntegerBits.Dp2a(a, b, c, signedA, signedB, high: true), text);
            }
        }
    }

    [Fact]
    public void QuotientsAreTruncatedAndNeverFail()
    {
        const int seed = 58;
        Random random = new(seed);
        for (int trial = 0; trial < 5000; trial++)
        {
            ulong a = ((ulong)Edge(random) << 32) | Edge(random);
            ulong b = (((ulong)Edge(random) << 32) | Edge(random)) >> random.Next(64);
            b = b == 0 ? 1 : b;
            uint y = (uint)b == 0 ? 1 : (uint)b;
            ushort z = (ushort)b == 0 ? (ushort)1 : (ushort)b;
            (uint x, ushort w) = ((uint)a, (ushort)a);
            string text = $"seed {seed}, trial {trial}: {a:X16} {b:X16}";
            Same(Low((BigInteger)x / y, 32), IntegerBits.DivU32(x, y), text);
            Same(Low((BigInteger)x % y, 32), IntegerBits.RemU32(x, y), text);
            Same(Low((BigInteger)(int)x / (int)y, 32), IntegerBits.DivS32(x, y), text);
            Same(Low((BigInteger)(int)x % (int)y, 32), IntegerBits.RemS32(x, y), text);
            Same(Low((BigInteger)a / b, 64), IntegerBits.DivU64(a, b), text);
            Same(Low((BigInteger)a % b, 64), IntegerBits.RemU64(a, b), text);
            Same(Low((BigInteger)(long)a / (long)b, 64), IntegerBits.DivS64(a, b), text);
            Same(Low((BigInteger)(long)a % (long)b, 64), IntegerBits.RemS64(a, b), text);
            Same(Low((BigInteger)w / z, 16), IntegerBits.Div16(w, z, signed: false), text);
            Same(Low((BigInteger)(short)w % (short)z, 16), IntegerBits.Rem16(w, z, signed: true), text);
        }

        Assert.Equal(0x8000_0000, IntegerBits.DivS32(0x8000_0000, uint.MaxValue));
        Assert.Equal(0u, IntegerBits.RemS32(0x8000_0000, uint.MaxValue));
        Assert.Equal(1UL << 63, IntegerBits.DivS64(1UL << 63, ulong.MaxValue));
        Assert.Equal(0UL, IntegerBits.RemS64(1UL << 63, ulong.MaxValue));
        Assert.Equal(0x8000, IntegerBits.Div16(0x8000, 0xFFFF, signed: true));
        Assert.Equal(uint.MaxValue, IntegerBits.DivU32(7, 0));
        Assert.Equal(uint.MaxValue, IntegerBits.RemS32(7, 0));
        Assert.Equal(ulong.MaxValue, IntegerBits.DivS64(7, 0));
        Assert.Equal(0xFFFF, IntegerBits.Rem16(7, 0, signed: false));
    }

    private static uint Word(Random random) => (uint)random.NextInt64(1L << 32);

    private static uint Edge(Random random) =>
        random.Next(4) switch
        {
            0 => (uint)random.Next(-2, 3),
            1 => 0x8000_0000 + (uint)random.Next(-2, 3),
            2 => Word(random) >> random.Next(32),
            _ => Word(random),
        };

    private static uint Bit(uint value, int place) => (value >> place) & 1;

    private static ulong Low(BigInteger value, int width) => (ulong)(value & ((BigInteger.One << width) - 1));

    private static ulong Limited(BigInteger value) =>
        Low(BigInteger.Min(BigInteger.Max(value, int.MinValue), int.MaxValue), 32);

    private static BigInteger Signed24(uint value)
    {
        BigInteger low = value % (1 << 24);
        return low >= 1 << 23 ? low - (1 << 24) : low;
    }

    private static BigInteger Field(uint value, int index, int width, bool signed)
    {
        BigInteger field = (value >> (index * width)) % (1u << width);
        return signed && field >= 1 << (width - 1) ? field - (1 << width) : field;
    }

    private static ulong Extract(ulong a, uint position, uint length, int width, bool signed)
    {
        int last = width - 1;
        bool sign = signed && length != 0 && ((a >> (int)Math.Min(position + length - 1, last)) & 1) != 0;
        ulong result = 0;
        for (int place = 0; place < width; place++)
        {
            bool inside = place < length && position + place <= last;
            bool bit = inside ? ((a >> (int)(position + place)) & 1) != 0 : sign;
            result |= (bit ? 1UL : 0) << place;
        }

        return result;
    }

    private static ulong Insert(ulong a, ulong b, uint position, uint length, int width)
    {
        ulong result = width == 32 ? (uint)b : b;
        for (int place = 0; place < length && position + place < width; place++)
        {
            int target = (int)position + place;
            result = (result & ~(1UL << target)) | (((a >> place) & 1) << target);
        }

        return result;
    }

    private static void Same(ulong expected, ulong actual, string text)
    {
        if (expected != actual)
        {
            Assert.Fail($"{text}: expected {expected:X}, got {actual:X}");
        }
    }
}
