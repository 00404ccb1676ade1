using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

public class RowDecoderTests
{
    [Fact]
    public void Fp8IsCodeTimesRowScale() =>
        Assert.Equal([0.25 * 448, -0.25, 0.0], Decode(WeightFormat.Fp8, 3, [0x7E, 0xB8, 0x00], [0, 0, 0x80, 0x3E]));

    [Fact]
    public void Int8IsSignedCodeTimesRowScale() =>
        Assert.Equal([63.5, -63.5, -0.5], Decode(WeightFormat.Int8, 3, [127, 0x81, 0xFF], [0, 0, 0, 0x3F]));

    [Fact]
    public void Int4IsCodeLessZeroPointTimesGroupScale()
    {
        // Three groups of scales 1, 0.5 and 2; zero points 8, 0 and 15, the third alone in its byte.
        byte[] codes = new byte[129];
        codes[0] = 0xF0;
        codes[64] = 0x21;
        codes[128] = 0x0E;
        double[] values = Decode(WeightFormat.Int4, 257, codes, [0x00, 0x3C, 0x00, 0x38, 0x00, 0x40], [0x08, 0x0F]);
        Assert.Equal(-8, values[0]);
        Assert.Equal(7, values[1]);
        Assert.Equal(-8, values[127]);
        Assert.Equal(0.5, values[128]);
        Assert.Equal(1, values[129]);
        Assert.Equal(0, values[255]);
        Assert.Equal(-2, values[256]);
    }

    [Fact]
    public void MxFp4IsCodeTimesPowerOfTwo()
    {
        byte[] codes = new byte[17];
        codes[0] = 0xF7;
        codes[15] = 0x10;
        codes[16] = 0x03;
        double[] values = Decode(WeightFormat.MxFp4, 33, codes, [128, 120]);
        Assert.Equal(12, values[0]);
        Assert.Equal(-12, values[1]);
        Assert.Equal(1, values[31]);
        Assert.Equal(1.5 / 128, values[32]);
    }

    [Fact]
    public void NvFp4IsCodeTimesBlockScaleTimesTensorScale()
    {
        byte[] codes = new byte[9];
        codes[0] = 0x2F;
        codes[8] = 0x01;
        double[] values = Decode(WeightFormat.NvFp4, 17, codes, [0x7E, 0x01], tensorScale: 0.125f);
        Assert.Equal(-6 * 448 * 0.125, values[0]);
        Assert.Equal(448 * 0.125, values[1]);
        Assert.Equal(0.5 / 512 * 0.125, values[16]);
    }

    [Fact]
    public void ProductsKeepEveryBit()
    {
        // A third in FP32 has 24 significant bits: each product needs more than FP32 has.
        const float Third = 1f / 3;
        byte[] thirdBytes = BitConverter.GetBytes(Third);
        Assert.Equal([416 * (double)Third], Decode(WeightFormat.Fp8, 1, [0x7D], thirdBytes));
        Assert.Equal([-77 * (double)Third], Decode(WeightFormat.Int8, 1, [unchecked((byte)-77)], thirdBytes));
        Assert.Equal([3 * 1.375 * (double)Third], Decode(WeightFormat.NvFp4, 1, [0x05], [0x3B], tensorScale: Third));
    }

    [Fact]
    public void EachRowOfNibblesStartsOnANewByte()
    {
        EncodedMatrix matrix = new(
            new WeightLayout(WeightFormat.MxFp4, 2, 3),
            [0x21, 0x03, 0x65, 0x07],
            [127, 128],
            [],
            1
        );
        double[] values = new double[3];
        matrix.DecodeRow(0, values);
        Assert.Equal([0.5, 1, 1.5], values);
        matrix.DecodeRow(1, values);
        Assert.Equal([6.0, 8, 12], values);
    }

    [Fact]
    public void DecodingAllocatesNothing()
    {
        double[] values = new double[300];
        foreach (WeightFormat format in FormatNames.AllWeightFormats)
        {
            EncodedMatrix matrix = WeightEncoder.Encode(format, GaussianData.Floats(3, 300, 1), 1, 300);
            matrix.DecodeRow(0, values);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
            {
                matrix.DecodeRow(0, values);
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() == before, $"{format} allocates");
        }
    }

    [Fact]
    public void SpansOfTheWrongLengthAreRefused()
    {
        Assert.Throws<ArgumentException>("codes", () => Decode(WeightFormat.Fp16, 3, [0, 0, 0, 0, 0], []));
        Assert.Throws<ArgumentException>("codes", () => Decode(WeightFormat.Int4, 3, [0], [0, 0], [0]));
        Assert.Throws<ArgumentException>("scales", () => Decode(WeightFormat.MxFp4, 33, new byte[17], [127]));
        Assert.Throws<ArgumentException>("scales", () => Decode(WeightFormat.Fp16, 1, [0, 0], [0]));
        Assert.Throws<ArgumentException>("zeroPoints", () => Decode(WeightFormat.Int4, 3, [0, 0], [0, 0], [0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>("columns", () => Decode(WeightFormat.Fp16, 0, [], []));
        Assert.Throws<ArgumentOutOfRangeException>("format", () => Decode((WeightFormat)(-1), 1, [0], []));
        EncodedMatrix matrix = WeightEncoder.Encode(WeightFormat.Fp16, [1, 2], 1, 2);
        Assert.Throws<ArgumentException>("values", () => matrix.DecodeRow(0, new double[3]));
        Assert.Throws<ArgumentOutOfRangeException>("row", () => matrix.DecodeRow(1, new double[2]));
        Assert.Throws<ArgumentOutOfRangeException>("row", () => matrix.DecodeRow(-1, new double[2]));
    }

    [Fact]
    public void AMatrixWhoseArraysDoNotMatchItsLayoutIsRefused()
    {
        WeightLayout layout = new(WeightFormat.Int4, 2, 3);
        Assert.Throws<ArgumentException>(
            "codes",
            () => new EncodedMatrix(layout, new byte[3], new byte[4], new byte[2], 1)
        );
        Assert.Throws<ArgumentException>(
            "scales",
            () => new EncodedMatrix(layout, new byte[4], new byte[2], new byte[2], 1)
        );
        Assert.Throws<ArgumentException>(
            "zeroPoints",
            () => new EncodedMatrix(layout, new byte[4], new byte[4], new byte[1], 1)
        );
        Assert.Throws<ArgumentOutOfRangeException>(
            "layout",
            () => new EncodedMatrix(new WeightLayout(WeightFormat.Fp16, 0, 3), [], [], [], 1)
        );
    }

    private static double[] Decode(
        WeightFormat format,
        int columns,
        byte[] codes,
        byte[] scales,
        byte[]? zeroPoints = null,
        float tensorScale = 1
    )
    {
        double[] values = new double[Math.Max(columns, 0)];
        RowDecoder.Decode(format, columns, codes, scales, zeroPoints ?? [], tensorScale, values);
        return values;
    }
}
