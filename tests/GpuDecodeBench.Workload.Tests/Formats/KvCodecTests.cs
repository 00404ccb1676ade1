using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

public class KvCodecTests
{
    private const float LayerScale = 0.0123f;

    public static TheoryData<KvFormat, int> Shapes
    {
        get
        {
            TheoryData<KvFormat, int> shapes = [];
            foreach (KvFormat format in FormatNames.AllKvFormats)
            {
                foreach (int headDimension in new[] { 1, 63, 64, 80, 128, 192, 256 })
                {
                    shapes.Add(format, headDimension);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void RoundingErrorsStayWithinTheGridOfTheFormat(KvFormat format, int headDimension)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            float[] values = GaussianData.Floats(seed, headDimension, 1);
            double[] decoded = RoundTrip(format, values, out _, out ushort scaleBits);
            Assert.True(format == KvFormat.Int8 || scaleBits == 0, "only int8 has a scale of its own");
            double headMax = values.Max(value => (double)Math.Abs(value));
            for (int i = 0; i < headDimension; i++)
            {
                double magnitude = Math.Abs(values[i]);
                double bound = format switch
                {
                    // Half an ulp: 10, 7 and 3 mantissa bits; below the normals half a subnormal step.
                    KvFormat.Fp16 => Math.Max(Math.ScaleB(magnitude, -11), Math.ScaleB(1, -25)),
                    KvFormat.Bf16 => Math.ScaleB(magnitude, -8),
                    // The FP32 quotient is 2^-24 off at most.
                    KvFormat.Fp8 => Math.Max(Math.ScaleB(magnitude, -4), Math.ScaleB(LayerScale, -10)) * (1 + 1e-6),
                    // Half a scale, which is headmax / 127 rounded up to FP16: 2^-10 of it, or a step of 2^-24, more at most.
                    _ => ((headMax / 127 * (1 + Math.ScaleB(1, -10))) + Math.ScaleB(1, -24)) / 2,
                };
                double error = Math.Abs(decoded[i] - values[i]);
                Assert.True(
                    error <= bound,
                    $"{format} head {headDimension} seed {seed} element {i}: {values[i]:R} became {decoded[i]:R}, bound {bound:E3}"
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WhatWasDecodedEncodesToTheSameBytes(KvFormat format, int headDimension)
    {
        for (int seed = 100; seed < 150; seed++)
        {
            double[] decoded = RoundTrip(
                format,
                GaussianData.Floats(seed, headDimension, 1),
                out byte[] codes,
                out ushort scaleBits
            );
            float[] again = [.. decoded.Select(value => (float)value)];
            RoundTrip(format, again, out byte[] codesAgain, out ushort scaleBitsAgain);
            Assert.True(
                codes.AsSpan().SequenceEqual(codesAgain),
                $"{format} head {headDimension} seed {seed}: codes differ"
            );
            Assert.True(scaleBits == scaleBitsAgain, $"{format} head {headDimension} seed {seed}: scales differ");
        }
    }

    [Fact]
    public void ASmallHeadHasTheseBytesInEveryFormat()
    {
        float[] values = [1, -2, 127, 0.5f];
        Assert.Equal([0x00, 0x3C, 0x00, 0xC0, 0xF0, 0x57, 0x00, 0x38], Codes(KvFormat.Fp16, values, out _));
        Assert.Equal([0x80, 0x3F, 0x00, 0xC0, 0xFE, 0x42, 0x00, 0x3F], Codes(KvFormat.Bf16, values, out _));
        Assert.Equal([0x40, 0xC8, 0x78, 0x38], Codes(KvFormat.Fp8, values, out _, layerScale: 0.5f));
        Assert.Equal([1, 0xFE, 127, 0], Codes(KvFormat.Int8, values, out ushort scaleBits));
        Assert.Equal(0x3C00, scaleBits);
    }

    [Fact]
    public void Int8ScalesAreTheSmallestThatKeepEveryCodeWithin127()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            float[] values = GaussianData.Floats(seed, 16, Math.ScaleB(1, (seed % 30) - 15));
            Codes(KvFormat.Int8, values, out ushort scaleBits);
            double headMax = values.Max(value => (double)Math.Abs(value));
            Assert.True(headMax / Fp16.Decode(scaleBits) <= 127, $"seed {seed}: scale 0x{scaleBits:X4} is too small");
            Assert.True(
                headMax / Fp16.Decode((ushort)(scaleBits - 1)) > 127,
                $"seed {seed}: scale 0x{scaleBits:X4} is not the smallest"
            );
        }
    }

    [Fact]
    public void Int8CodesAreThoseOfSinglePrecisionDivision()
    {
        // A device divides in FP32. The proof that the double quotient rounds alike stands in docs/formats.md.
        for (int seed = 0; seed < 500; seed++)
        {
            float[] values = GaussianData.Floats(seed, 128, 3);
            byte[] codes = Codes(KvFormat.Int8, values, out ushort scaleBits);
            float scale = (float)Fp16.Decode(scaleBits);
            for (int i = 0; i < values.Length; i++)
            {
                sbyte code = (sbyte)MathF.Round(values[i] / scale, MidpointRounding.ToEven);
                Assert.True(code == (sbyte)codes[i], $"seed {seed} element {i}: FP32 {code}, codec {(sbyte)codes[i]}");
            }
        }
    }

    [Fact]
    public void ATieOfTheFp8QuotientGoesToTheEvenCode() =>
        Assert.Equal(
            [0x38, 0x3A, 0x7E, 0xFE],
            Codes(KvFormat.Fp8, [2.125f, 2.375f, 1e6f, -1e6f], out _, layerScale: 2)
        );

    [Fact]
    public void TheFp8QuotientIsRoundedToSinglePrecisionAsADeviceRoundsIt()
    {
        // 19.0000019 / 1.00000012 is just below 19, the midpoint of 18 (0x59) and 20 (0x5A); in FP32 it is 19, a tie that goes up.
        float[] values = [MathF.BitIncrement(19)];
        Assert.Equal([0x5A], Codes(KvFormat.Fp8, values, out _, layerScale: MathF.BitIncrement(1)));
    }

    [Theory]
    [InlineData(KvFormat.Fp16)]
    [InlineData(KvFormat.Bf16)]
    [InlineData(KvFormat.Fp8)]
    [InlineData(KvFormat.Int8)]
    public void ZerosDecodeToZeros(KvFormat format) =>
        Assert.All(RoundTrip(format, new float[128], out _, out _), value => Assert.Equal(0, value));

    [Fact]
    public void TheScaleOfAnInt8HeadOfZerosIsOne()
    {
        Codes(KvFormat.Int8, new float[8], out ushort scaleBits);
        Assert.Equal(0x3C00, scaleBits);
    }

    [Theory]
    [InlineData(float.Epsilon)]
    [InlineData(1e-6f)]
    [InlineData(1e9f)]
    [InlineData(float.MaxValue)]
    public void Int8HeadsBeyondTheRangeOfFp16ScalesStayFinite(float headMax)
    {
        double[] decoded = RoundTrip(KvFormat.Int8, [headMax, -headMax], out _, out ushort scaleBits);
        Assert.InRange(scaleBits, 0x0001, 0x7BFF);
        Assert.Equal(decoded[0], -decoded[1]);
        Assert.InRange(decoded[0], 0, headMax * 1.5);
    }

    [Fact]
    public void ArgumentsThatCannotBeAreRefused()
    {
        float[] values = [1, 2];
        Assert.Throws<ArgumentException>("codes", () => KvCodec.Encode(KvFormat.Fp16, values, 1, new byte[3], out _));
        Assert.Throws<ArgumentException>(
            "codes",
            () => KvCodec.Decode(KvFormat.Int8, new byte[3], 1, 0, new double[2])
        );
        Assert.Throws<ArgumentOutOfRangeException>(
            "format",
            () => KvCodec.Encode((KvFormat)4, values, 1, new byte[2], out _)
        );
        foreach (float bad in new[] { 0, -1, float.NaN, float.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(
                "layerScale",
                () => KvCodec.Encode(KvFormat.Fp8, values, bad, new byte[2], out _)
            );
        }

        ArgumentException error = Assert.Throws<ArgumentException>(
            "values",
            () => KvCodec.Encode(KvFormat.Int8, [1, float.NaN], 1, new byte[2], out _)
        );
        Assert.Contains("element 1 is NaN", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Codes(KvFormat format, float[] values, out ushort scaleBits, float layerScale = LayerScale)
    {
        byte[] codes = new byte[values.Length * new KvLayout(format, 1, values.Length).BytesPerElement];
        KvCodec.Encode(format, values, layerScale, codes, out scaleBits);
        return codes;
    }

    private static double[] RoundTrip(KvFormat format, float[] values, out byte[] codes, out ushort scaleBits)
    {
        codes = Codes(format, values, out scaleBits);
        double[] decoded = new double[values.Length];
        KvCodec.Decode(format, codes, LayerScale, scaleBits, decoded);
        return decoded;
    }
}
