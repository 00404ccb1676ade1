using System.Buffers.Binary;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

public class WeightEncoderTests
{
    public static TheoryData<WeightFormat> AllFormats => [.. FormatNames.AllWeightFormats];

    public static TheoryData<WeightFormat> ScaledFormats =>
        [.. FormatNames.AllWeightFormats.Where(format => format is not (WeightFormat.Fp16 or WeightFormat.Bf16))];

    [Fact]
    public void Fp16AndBf16AreLittleEndian()
    {
        float[] values = [1, -2, 65504, 0.5f];
        Assert.Equal(
            [0x00, 0x3C, 0x00, 0xC0, 0xFF, 0x7B, 0x00, 0x38],
            WeightEncoder.Encode(WeightFormat.Fp16, values, 2, 2).Codes
        );
        Assert.Equal(
            [0x80, 0x3F, 0x00, 0xC0, 0x80, 0x47, 0x00, 0x3F],
            WeightEncoder.Encode(WeightFormat.Bf16, values, 2, 2).Codes
        );
    }

    [Fact]
    public void Fp8MapsTheLargestMagnitudeOfARowTo448()
    {
        EncodedMatrix matrix = WeightEncoder.Encode(WeightFormat.Fp8, [448, 1, -2, -896, 4, 0.03125f], 2, 3);
        Assert.Equal([0x7E, 0x38, 0xC0, 0xFE, 0x40, 0x08], matrix.Codes);
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40], matrix.Scales);
    }

    [Fact]
    public void Int8MapsTheLargestMagnitudeOfARowTo127AndRoundsTiesToEven()
    {
        EncodedMatrix matrix = WeightEncoder.Encode(WeightFormat.Int8, [127, 0.5f, 1.5f, -127, -254, 5, 3, 0], 2, 4);
        Assert.Equal([127, 0, 2, 0x81, 0x81, 2, 2, 0], matrix.Codes);
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40], matrix.Scales);
    }

    [Fact]
    public void Int4PutsTheZeroPointWhereZeroLies()
    {
        // Group 0 spans -5 ... 10: scale 1, zero point 5. Group 1 has columns 128 and 129 and spans 0 ... 15: zero point 0.
        float[] values = new float[130];
        values[0] = -5;
        values[1] = 10;
        values[2] = 1.5f;
        values[128] = 3;
        values[129] = 15;
        EncodedMatrix matrix = WeightEncoder.Encode(WeightFormat.Int4, values, 1, 130);
        Assert.Equal([0x00, 0x3C, 0x00, 0x3C], matrix.Scales);
        Assert.Equal([0x05], matrix.ZeroPoints);
        Assert.Equal(0xF0, matrix.Codes[0]);
        Assert.Equal(0x57, matrix.Codes[1]);
        Assert.All(matrix.Codes[2..64], packed => Assert.Equal(0x55, packed));
        Assert.Equal(0xF3, matrix.Codes[64]);
    }

    [Theory]
    [InlineData(-7.5f, 7.5f, 8)]
    [InlineData(1f, 4f, 0)]
    [InlineData(-4f, -1f, 15)]
    [InlineData(-1f, 14f, 1)]
    [InlineData(-14f, 1f, 14)]
    public void Int4ZeroPointsFollowTheRange(float first, float second, int zeroPoint) =>
        Assert.Equal(zeroPoint, WeightEncoder.Encode(WeightFormat.Int4, [first, second], 1, 2).ZeroPoints[0]);

    [Fact]
    public void Int4ScalesRoundUpToFp16BeforeCodesAreComputed()
    {
        // 1/15 lies between the FP16 values 0x2C44 and 0x2C45; 0x2C44 is nearer, and would leave 1 at code 15.007.
        EncodedMatrix matrix = WeightEncoder.Encode(WeightFormat.Int4, [1, 0], 1, 2);
        ushort scale = BinaryPrimitives.ReadUInt16LittleEndian(matrix.Scales);
        Assert.True(Fp16.Decode(scale) * 15 >= 1, $"scale 0x{scale:X4} is below 1/15");
        Assert.True(
            Fp16.Decode((ushort)(scale - 1)) * 15 < 1,
            $"scale 0x{scale:X4} is not the smallest that reaches 1"
        );
        Assert.Equal(0x0F, matrix.Codes[0]);
    }

    [Fact]
    public void MxFp4TakesTheFloorOfTheLogarithmLessTwo()
    {
        // Block 0: max 7 has floor(log2) 2, scale 2^0, and 7 saturates at 6. Block 1 is one column: 3 gives 2^-1 and code 6 = 7.
        float[] values = new float[33];
        values[0] = 7;
        values[1] = -0.5f;
        values[2] = 5;
        values[32] = 3;
        EncodedMatrix matrix = WeightEncoder.Encode(WeightFormat.MxFp4, values, 1, 33);
        Assert.Equal([127, 126], matrix.Scales);
        Assert.Equal(0x97, matrix.Codes[0]);
        Assert.Equal(0x06, matrix.Codes[1]);
        Assert.Equal(0x07, matrix.Codes[16]);
    }

    [Fact]
    public void NvFp4ScalesTheTensorAndThenItsBlocks()
    {
        // 2688 = 6 x 448 makes the tensor scale 1, so block scales are block maximum / 6 in E4M3: 448, 1 and 1.75 (code 0x3E).
        float[] values = new float[2 * 17];
        values[3] = -2688;
        values[16] = 6;
        values[17] = 10.5f;
        values[18] = 1.75f;
        EncodedMatrix matrix = WeightEncoder.Encode(WeightFormat.NvFp4, values, 2, 17);
        Assert.Equal(1f, matrix.TensorScale);
        Assert.Equal([0x7E, 0x38, 0x3E, 0x38], matrix.Scales);
        Assert.Equal(0xF0, matrix.Codes[1]);
        Assert.Equal(0x07, matrix.Codes[8]);
        Assert.Equal(0x27, matrix.Codes[9]);
    }

    [Theory]
    [InlineData(float.MaxValue, 1f)]
    [InlineData(1e30f, 1e-30f)]
    [InlineData(1e-30f, 1e-38f)]
    [InlineData(1e-37f, 1e-40f)]
    [InlineData(float.Epsilon, float.Epsilon)]
    public void NvFp4StaysFiniteAtExtremeMagnitudes(float large, float small)
    {
        float[] values = new float[32];
        values[0] = large;
        values[16] = small;
        EncodedMatrix matrix = WeightEncoder.Encode(WeightFormat.NvFp4, values, 1, 32);
        double[] decoded = new double[32];
        matrix.DecodeRow(0, decoded);

        // Normal numbers only: a kernel that flushes subnormals must read the same scale.
        Assert.True(float.IsNormal(matrix.TensorScale), $"tensor scale {matrix.TensorScale:R}");
        Assert.All(decoded, value => Assert.True(double.IsFinite(value)));
        Assert.All(matrix.Scales, scale => Assert.InRange(scale, 0x01, 0x7E));

        // The smallest step above zero is half the smallest E4M3 scale, 2^-10 of the tensor scale: half of that is lost at most,
        // or where the block scale is normal, a quarter of the value.
        double smallestError = Math.ScaleB(matrix.TensorScale, -11);
        Assert.InRange(
            decoded[0],
            large - Math.Max(0.25 * large, smallestError),
            large + Math.Max(0.25 * large, smallestError)
        );
        Assert.InRange(
            decoded[16],
            small - Math.Max(0.25 * small, smallestError),
            small + Math.Max(0.25 * small, smallestError)
        );
    }

    [Theory]
    [MemberData(nameof(ScaledFormats))]
    public void ZerosDecodeToZerosAndTheirScaleIsOne(WeightFormat format)
    {
        float[] values = new float[2 * 130];
        values[130] = -0.0f;
        EncodedMatrix matrix = WeightEncoder.Encode(format, values, 2, 130);
        double[] decoded = new double[130];
        for (int row = 0; row < 2; row++)
        {
            matrix.DecodeRow(row, decoded);
            Assert.All(decoded, value => Assert.Equal(0, Math.Abs(value)));
        }

        byte[] one = format switch
        {
            WeightFormat.Fp8 or WeightFormat.Int8 => [0x00, 0x00, 0x80, 0x3F],
            WeightFormat.Int4 => [0x00, 0x3C],
            WeightFormat.MxFp4 => [127],
            _ => [0x38],
        };
        Assert.Equal(one, matrix.Scales[..one.Length]);
        Assert.Equal(1f, matrix.TensorScale);
    }

    [Theory]
    [MemberData(nameof(ScaledFormats))]
    public void AZeroUnitBesideOthersDecodesToZeros(WeightFormat format)
    {
        // 256 columns: group 1, blocks 4 ... 7 and blocks 8 ... 15 of row 0 are zeros; all of row 1 is.
        float[] values = new float[2 * 256];
        GaussianData.Floats(11, 128, 0.02).CopyTo(values, 0);
        EncodedMatrix matrix = WeightEncoder.Encode(format, values, 2, 256);
        double[] decoded = new double[256];
        matrix.DecodeRow(0, decoded);
        Assert.All(decoded[128..], value => Assert.Equal(0, value));
        Assert.Contains(decoded[..128], value => value != 0);
        matrix.DecodeRow(1, decoded);
        Assert.All(decoded, value => Assert.Equal(0, value));
    }

    [Theory]
    [MemberData(nameof(ScaledFormats))]
    public void TheSmallestAndTheLargestFloatsEncodeToFiniteValues(WeightFormat format)
    {
        float largest = format == WeightFormat.Int4 ? 491280 : float.MaxValue;
        float[] values = [float.Epsilon, -float.Epsilon, largest, -largest];
        EncodedMatrix matrix = WeightEncoder.Encode(format, values, 2, 2);
        double[] decoded = new double[2];
        for (int row = 0; row < 2; row++)
        {
            matrix.DecodeRow(row, decoded);
            Assert.All(decoded, value => Assert.True(double.IsFinite(value), $"row {row}: {value}"));
        }

        Assert.InRange(decoded[0], largest * 0.74, largest * 1.07);
        Assert.InRange(decoded[1], -largest * 1.07, -largest * 0.74);
    }

    [Theory]
    [MemberData(nameof(ScaledFormats))]
    public void ANonFiniteValueIsRefusedWithItsPlace(WeightFormat format)
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            float[] values = new float[3 * 7];
            values[(2 * 7) + 5] = bad;
            ArgumentException error = Assert.Throws<ArgumentException>(
                "values",
                () => WeightEncoder.Encode(format, values, 3, 7)
            );
            Assert.Contains($"row 2, column 5 is {bad}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Int4RefusesWhatItsFp16ScaleCannotReach()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            "values",
            () => WeightEncoder.Encode(WeightFormat.Int4, [0, 1, 2, 491281], 2, 2)
        );
        Assert.Contains("row 1, column 1 is 491281", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fp16AndBf16KeepInfinitiesAndNaN()
    {
        float[] values = [float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        double[] decoded = new double[3];
        foreach (WeightFormat format in new[] { WeightFormat.Fp16, WeightFormat.Bf16 })
        {
            WeightEncoder.Encode(format, values, 1, 3).DecodeRow(0, decoded);
            Assert.Equal([double.PositiveInfinity, double.NegativeInfinity, double.NaN], decoded);
        }
    }

    [Theory]
    [MemberData(nameof(AllFormats))]
    public void WrongShapesAreRefused(WeightFormat format)
    {
        Assert.Throws<ArgumentException>("values", () => WeightEncoder.Encode(format, new float[11], 3, 4));
        Assert.Throws<ArgumentException>("values", () => WeightEncoder.Encode(format, new float[13], 3, 4));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => WeightEncoder.Encode(format, [], 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>("columns", () => WeightEncoder.Encode(format, [], 3, 0));
    }

    [Fact]
    public void AnUnknownFormatIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>("format", () => WeightEncoder.Encode((WeightFormat)99, [1], 1, 1));
}
