using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

public sealed class ApproximationsTests
{
    private const uint Infinity = 0x7F80_0000;
    private const uint MinusInfinity = 0xFF80_0000;
    private const uint Nan = 0x7FFF_FFFF;
    private const uint MinusZero = 0x8000_0000;
    private const uint One = 0x3F80_0000;
    private const uint MinusOne = 0xBF80_0000;
    private const uint Subnormal = 0x0000_0001;
    private const uint MinusSubnormal = 0x8000_0001;

    [Fact]
    public void SpecialInputsOfPowersAndLogarithmsGiveWhatTheIsaTabulates()
    {
        foreach (bool flush in new[] { false, true })
        {
            Assert.Equal(0u, Approximations.Ex2F32(MinusInfinity, flush));
            Assert.Equal(One, Approximations.Ex2F32(MinusZero, flush));
            Assert.Equal(One, Approximations.Ex2F32(0, flush));
            Assert.Equal(One, Approximations.Ex2F32(Subnormal, flush));
            Assert.Equal(One, Approximations.Ex2F32(MinusSubnormal, flush));
            Assert.Equal(Infinity, Approximations.Ex2F32(Infinity, flush));
            Assert.Equal(Nan, Approximations.Ex2F32(0xFFC0_0000, flush));
            Assert.Equal(Infinity, Approximations.Ex2F32(Bits(128), flush));
            Assert.Equal(flush ? 0u : 0x0040_0000, Approximations.Ex2F32(Bits(-127), flush));
            Assert.Equal(Nan, Approximations.Lg2F32(MinusInfinity, flush));
            Assert.Equal(MinusInfinity, Approximations.Lg2F32(MinusZero, flush));
            Assert.Equal(MinusInfinity, Approximations.Lg2F32(0, flush));
            Assert.Equal(flush ? MinusInfinity : Bits(-149), Approximations.Lg2F32(Subnormal, flush));
            Assert.Equal(flush ? MinusInfinity : Nan, Approximations.Lg2F32(MinusSubnormal, flush));
            Assert.Equal(Infinity, Approximations.Lg2F32(Infinity, flush));
            Assert.Equal(0u, Approximations.Lg2F32(One, flush));
        }
    }

    [Fact]
    public void SpecialInputsOfReciprocalsAndRootsGiveWhatTheIsaTabulates()
    {
        foreach (bool flush in new[] { false, true })
        {
            Assert.Equal(MinusZero, Approximations.RcpF32(MinusInfinity, flush));
            Assert.Equal(MinusInfinity, Approximations.RcpF32(MinusZero, flush));
            Assert.Equal(Infinity, Approximations.RcpF32(0, flush));
            Assert.Equal(Infinity, Approximations.RcpF32(Subnormal, flush));
            Assert.Equal(0u, Approximations.RcpF32(Infinity, flush));
            Assert.Equal(flush ? 0u : 0x0040_0000, Approximations.RcpF32(Bits(MathF.ScaleB(1, 127)), flush));
            Assert.Equal(Nan, Approximations.SqrtF32(MinusOne, flush));
            Assert.Equal(MinusZero, Approximations.SqrtF32(MinusZero, flush));
            Assert.Equal(flush ? MinusZero : Nan, Approximations.SqrtF32(MinusSubnormal, flush));
            Assert.Equal(Infinity, Approximations.SqrtF32(Infinity, flush));
            Assert.Equal(Nan, Approximations.RsqrtF32(MinusInfinity, flush));
            Assert.Equal(MinusInfinity, Approximations.RsqrtF32(MinusZero, flush));
            Assert.Equal(Infinity, Approximations.RsqrtF32(0, flush));
            Assert.Equal(0u, Approximations.RsqrtF32(Infinity, flush));
            Assert.Equal(flush ? MinusInfinity : Nan, Approximations.RsqrtF32(MinusSubnormal, flush));
        }
    }

    [Fact]
    public void SpecialInputsOfAnglesGiveWhatTheIsaTabulates()
    {
        foreach (bool flush in new[] { false, true })
        {
            Assert.Equal(Nan, Approximations.SinF32(Infinity, flush));
            Assert.Equal(Nan, Approximations.CosF32(MinusInfinity, flush));
            Assert.Equal(MinusZero, Approximations.SinF32(MinusZero, flush));
            Assert.Equal(flush ? MinusZero : MinusSubnormal, Approximations.SinF32(MinusSubnormal, flush));
            Assert.Equal(One, Approximations.CosF32(MinusSubnormal, flush));
        }

        Assert.Equal(MinusOne, Approximations.TanhF32(MinusInfinity));
        Assert.Equal(MinusZero, Approximations.TanhF32(MinusZero));
        Assert.Equal(Subnormal, Approximations.TanhF32(Subnormal));
        Assert.Equal(One, Approximations.TanhF32(Infinity));
        Assert.Equal(Nan, Approximations.TanhF32(0x7F80_0001));
    }

    [Fact]
    public void ADivisorBeyondTheRangeOfApproximateDivisionGivesZero()
    {
        uint huge = Bits(MathF.ScaleB(1.5f, 126));
        Assert.Equal(0u, Approximations.DivF32(huge, huge, false));
        Assert.Equal(MinusZero, Approximations.DivF32(MinusOne, huge, false));
        Assert.Equal(Nan, Approximations.DivF32(Infinity, huge, false));
        Assert.Equal(One, Approximations.DivF32(Bits(MathF.ScaleB(1, 126)), Bits(MathF.ScaleB(1, 126)), false));
        Assert.Equal(One, Approximations.DivFullF32(huge, huge, false));
        Assert.Equal(0u, Approximations.DivF32(One, Infinity, false));
        Assert.Equal(Infinity, Approximations.DivF32(One, 0, true));
        Assert.Equal(Nan, Approximations.DivF32(Subnormal, Subnormal, true));
        Assert.Equal(Bits(2.5f), Approximations.DivF32(Bits(5), Bits(2), true));
    }

    [Fact]
    public void PowersOfTwoAreWithinAUnitInTheLastPlaceAndExactForWholeNumbers()
    {
        const int seed = 71;
        Random random = new(seed);
        for (int trial = 0; trial < 20000; trial++)
        {
            float x = (float)((random.NextDouble() * 290) - 155);
            float expected = (float)Math.Pow(2, x);
            Near(expected, Approximations.Ex2F32(Bits(x), false), $"seed {seed}, trial {trial}: 2^{x:R}");
        }

        for (int power = -149; power < 128; power++)
        {
            Assert.Equal(Bits(MathF.ScaleB(1, power)), Approximations.Ex2F32(Bits(power), false));
        }
    }

    [Fact]
    public void OtherFunctionsAreTheRoundedOnes()
    {
        const int seed = 72;
        Numbers numbers = new(seed, Format.Single);
        for (int trial = 0; trial < 20000; trial++)
        {
            uint a = (uint)numbers.Next();
            uint positive = a & 0x7FFF_FFFF;
            double x = BitConverter.UInt32BitsToSingle(positive);
            string text = $"seed {seed}, trial {trial}: {a:X8}";
            Near(MathF.Log2((float)x), Approximations.Lg2F32(positive, false), text);
            Near((float)(1 / x), Approximations.RcpF32(positive, false), text);
            Near(MathF.Sqrt((float)x), Approximations.SqrtF32(positive, false), text);
            Near((float)Math.Pow(x, -0.5), Approximations.RsqrtF32(positive, false), text);
            Near((float)Math.Cos(x), Approximations.CosF32(a, false), text);
            Near((float)Math.Sin(x), Approximations.SinF32(positive, false), text);
            Near((float)Math.Tanh(x), Approximations.TanhF32(positive), text);
        }
    }

    [Fact]
    public void NarrowPowersAndTangentsOfEveryNumberAreTheRoundedOnes()
    {
        for (int code = 0; code <= 0xFFFF; code++)
        {
            ushort bits = (ushort)code;
            double half = (double)BitConverter.UInt16BitsToHalf(bits);
            float brain = BitConverter.UInt32BitsToSingle((uint)code << 16);
            brain = float.IsSubnormal(brain) ? 0 : brain;
            if (double.IsNaN(half))
            {
                Assert.Equal(0x7FFF, Approximations.Ex2F16(bits));
                Assert.Equal(0x7FFF, Approximations.TanhF16(bits));
            }
            else
            {
                NearHalf((Half)Math.Pow(2, half), Approximations.Ex2F16(bits), code);
                NearHalf((Half)Math.Tanh(half), Approximations.TanhF16(bits), code);
            }

            if (float.IsNaN(brain))
            {
                Assert.Equal(0x7FFF, Approximations.Ex2Bf16(bits));
                Assert.Equal(0x7FFF, Approximations.TanhBf16(bits));
            }
            else
            {
                ulong power = BitConverter.DoubleToUInt64Bits(Math.Min(Math.Pow(2, brain), 1e300));
                ulong rounded = Format.Brain.Round(Format.Double.Value(power), FloatRounding.NearestEven);
                Assert.Equal(rounded < 0x80 ? 0 : (ushort)rounded, Approximations.Ex2Bf16(bits));
            }
        }
    }

    [Fact]
    public void PairsAreTwoSeparateOperations()
    {
        Assert.Equal(0x4000_3800u, Approximations.Ex2F16x2(0x3C00_BC00));
        Assert.Equal(0x4000_3F00u, Approximations.Ex2Bf16x2(0x3F80_BF80));
        Assert.Equal(0x3C00_8000u, Approximations.TanhF16x2(0x7C00_8000));
        Assert.Equal(0x3F80_8001u, Approximations.TanhBf16x2(0x7F80_8001));
    }

    [Fact]
    public void TheUpperHalfOfADoubleIsEnoughForItsReciprocal()
    {
        Assert.Equal(0x3FE0_0000_0000_0000UL, Approximations.RcpF64(0x4000_0000_FFFF_FFFF));
        Assert.Equal(0xFFF0UL << 48, Approximations.RcpF64(0x8000_0000_0000_0001));
        Assert.Equal(0UL, Approximations.RcpF64(0x7FF0UL << 48));
        Assert.Equal(0UL, Approximations.RcpF64(0x7FEF_FFFF_0000_0000));
        Assert.Equal(0x3FE0_0000_0000_0000UL, Approximations.RsqrtFlushF64(0x4010_0000_0000_0000));
        Assert.Equal(0x3FE0_0000_0000_0000UL, Approximations.RsqrtF64(0x4010_0000_0000_0000));
        Assert.True(double.IsNaN(BitConverter.UInt64BitsToDouble(Approximations.RsqrtF64(0xBFF0UL << 48))));
        Assert.True(double.IsNaN(BitConverter.UInt64BitsToDouble(Approximations.RcpF64(0x7FF8UL << 48))));
    }

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static void Near(float expected, uint actual, string text)
    {
        // The reference is rounded too: a unit in the last place between them says that both are near.
        long distance = Math.Abs((long)(int)Bits(expected) - (int)actual);
        Assert.True(distance <= 1, $"{text}: expected {Bits(expected):X8}, got {actual:X8}");
    }

    private static void NearHalf(Half expected, ushort actual, int code)
    {
        int distance = Math.Abs(BitConverter.HalfToUInt16Bits(expected) - actual);
        Assert.True(distance <= 1, $"{code:X4}: expected {expected}, got {actual:X4}");
    }
}
