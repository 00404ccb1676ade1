using System.Buffers.Binary;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Workload.Tests.Synthetic;

public class SyntheticMatrixTests
{
    private const ulong Seed = SyntheticExamples.Seed;

    public static TheoryData<WeightFormat> Formats => [.. FormatNames.AllWeightFormats];

    /// <summary>Every backend, every check and every recorded run rests on this data: a change must be meant, and be noticed.</summary>
    [Theory]
    [InlineData(WeightFormat.Fp16, "923D4CD90BC11DF5")]
    [InlineData(WeightFormat.Bf16, "1AFAAE1C020A21FE")]
    [InlineData(WeightFormat.Fp8, "F416695353935B48")]
    [InlineData(WeightFormat.Int8, "8C108410B80C0795")]
    [InlineData(WeightFormat.Int4, "E64624207E5EA347")]
    [InlineData(WeightFormat.MxFp4, "107BD1C8A55451F5")]
    [InlineData(WeightFormat.NvFp4, "2AEFAC87C6F69693")]
    public void TheDataOfASeedNeverChange(WeightFormat format, string fingerprint)
    {
        var matrix = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(format, 333));
        IEnumerable<byte> rows = new long[] { 0, 1, 63 }.SelectMany(row => SyntheticExamples.RowBytes(matrix, row));
        Assert.Equal(fingerprint, SyntheticExamples.Fingerprint(rows));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void TheSameSeedGivesTheSameRowsInAnyOrder(WeightFormat format)
    {
        WeightTensor tensor = SyntheticExamples.Tensor(format, 200);
        var forward = new SyntheticMatrix(Seed, tensor);
        var backward = new SyntheticMatrix(Seed, tensor);
        byte[][] rows = [.. Enumerable.Range(0, 20).Select(row => SyntheticExamples.RowBytes(forward, row))];
        for (int row = 19; row >= 0; row--)
        {
            Assert.Equal(rows[row], SyntheticExamples.RowBytes(backward, row));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void EverySeedTensorLayerAndRowHasDataOfItsOwn(WeightFormat format)
    {
        var seen = new HashSet<string>();
        int made = 0;
        foreach (ulong seed in (ulong[])[0, 1, Seed, ulong.MaxValue])
        {
            foreach (TensorRole role in (TensorRole[])[TensorRole.QueryKeyValue, TensorRole.Down, TensorRole.LmHead])
            {
                foreach (int? layer in (int?[])[null, 0, 1, 79])
                {
                    var matrix = new SyntheticMatrix(seed, SyntheticExamples.Tensor(format, 256, role, layer));
                    for (int row = 0; row < 64; row++)
                    {
                        seen.Add(Convert.ToHexString(SyntheticExamples.Row(matrix, row).Codes));
                        made++;
                    }
                }
            }
        }

        Assert.Equal(made, seen.Count);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void DecodeRowIsTheFilledRowDecoded(WeightFormat format)
    {
        foreach (int columns in (int[])[1, 2, 15, 17, 127, 129, 257, 1024])
        {
            var matrix = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(format, columns));
            (byte[] codes, byte[] scales, byte[] zeroPoints) = SyntheticExamples.Row(matrix, 5);
            var expected = new double[columns];
            RowDecoder.Decode(format, columns, codes, scales, zeroPoints, matrix.TensorScale, expected);
            var actual = new double[columns];
            matrix.DecodeRow(5, actual);
            Assert.Equal(expected, actual);
        }
    }

    /// <summary>
    /// Codes and scales are drawn for a standard deviation of 1 / √K. What each format allows: sixteen bits follow the Gaussian;
    /// eight bits too, but for scales from 0.75 to 1.25, which fatten the tails (a factor E[s⁴]/E[s²]² = 1.08); four-bit codes
    /// are cut at their largest value, which thins them. MXFP4's scales are powers of two and give the deviation a wide berth.
    /// </summary>
    [Theory]
    [InlineData(WeightFormat.Fp16, 0.01, 2.95, 3.05)]
    [InlineData(WeightFormat.Bf16, 0.01, 2.95, 3.05)]
    [InlineData(WeightFormat.Fp8, 0.06, 2.95, 3.5)]
    [InlineData(WeightFormat.Int8, 0.06, 2.95, 3.5)]
    [InlineData(WeightFormat.Int4, 0.15, 2.3, 3.3)]
    [InlineData(WeightFormat.MxFp4, 0.6, 2.0, 8)]
    [InlineData(WeightFormat.NvFp4, 0.1, 2.3, 3.3)]
    public void WeightsAreNearlyGaussianWithOneOverTheRootOfTheColumns(
        WeightFormat format,
        double tolerance,
        double leastKurtosis,
        double mostKurtosis
    )
    {
        const int Columns = 4096;
        var matrix = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(format, Columns));
        Moments moments = Moments.Of(Decode(matrix, 64));
        const double Expected = 1.0 / 64; // 1 / √4096
        Assert.InRange(moments.Mean, -0.02 * Expected, 0.02 * Expected);
        Assert.InRange(moments.StandardDeviation, Expected * (1 - tolerance), Expected * (1 + tolerance));
        Assert.InRange(moments.Kurtosis, leastKurtosis, mostKurtosis);
    }

    [Theory]
    [InlineData(TensorRole.AttentionNorm, 1)]
    [InlineData(TensorRole.FeedForwardNorm, 1)]
    [InlineData(TensorRole.FinalNorm, 1)]
    [InlineData(TensorRole.QueryNorm, 1)]
    [InlineData(TensorRole.KeyNorm, 1)]
    [InlineData(TensorRole.QueryKeyValueBias, 0)]
    [InlineData(TensorRole.AttentionOutputBias, 0)]
    [InlineData(TensorRole.GateUpBias, 0)]
    [InlineData(TensorRole.DownBias, 0)]
    public void NormsLieAroundOneAndBiasesAroundZero(TensorRole role, double mean)
    {
        var values = new double[65536];
        WeightTensor tensor = SyntheticExamples.Tensor(WeightFormat.Bf16, values.Length, role, rows: 1);
        Assert.True(tensor.IsVector);
        new SyntheticMatrix(Seed, tensor).DecodeRow(0, values);
        Moments moments = Moments.Of(values);
        Assert.Equal(mean, moments.Mean, 0.002);
        Assert.Equal(0.1, moments.StandardDeviation, 0.002);
    }

    /// <summary>Tables of codes are kept from one matrix to the next: each only for matrices that draw from the same distribution.</summary>
    [Theory]
    [InlineData(WeightFormat.Fp16)]
    [InlineData(WeightFormat.Bf16)]
    public void AMatrixTakesItsMeanAndDeviationFromNoMatrixMadeBefore(WeightFormat format)
    {
        (TensorRole Role, int Columns, int Rows, double Mean, double Deviation)[] matrices =
        [
            (TensorRole.Down, 4096, 16, 0, 1 / 64.0),
            (TensorRole.Down, 65536, 1, 0, 1 / 256.0),
            (TensorRole.FinalNorm, 65536, 1, 1, 0.1),
            (TensorRole.DownBias, 65536, 1, 0, 0.1),
            (TensorRole.Sinks, 65536, 1, 3, 0.5),
        ];
        foreach ((TensorRole role, int columns, int rows, double mean, double deviation) in matrices.Concat(matrices))
        {
            var matrix = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(format, columns, role, rows: rows));
            Moments moments = Moments.Of(Decode(matrix, rows));
            Assert.Equal(mean, moments.Mean, 0.02 * deviation);
            Assert.Equal(deviation, moments.StandardDeviation, 0.02 * deviation);
        }
    }

    [Fact]
    public void NoFp8CodeIsNaN()
    {
        var matrix = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(WeightFormat.Fp8, 4096));
        for (int row = 0; row < 64; row++)
        {
            Assert.DoesNotContain(SyntheticExamples.Row(matrix, row).Codes, code => (code & 0x7F) == 0x7F);
        }
    }

    [Theory]
    [InlineData(WeightFormat.Fp16)]
    [InlineData(WeightFormat.Bf16)]
    public void EveryDecodedValueIsFinite(WeightFormat format)
    {
        // One column is the largest deviation that a row can have.
        var matrix = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(format, 1, rows: 4096));
        Assert.All(Decode(matrix, 4096), value => Assert.True(double.IsFinite(value)));
    }

    [Theory]
    [InlineData(WeightFormat.Int8)]
    [InlineData(WeightFormat.Fp8)]
    public void RowScalesVaryFromThreeQuartersToFiveQuarters(WeightFormat format)
    {
        double middle = 1 / 64.0 / (format == WeightFormat.Int8 ? 32 : 112);
        AssertSpread(
            Scales(format, scales => BinaryPrimitives.ReadSingleLittleEndian(scales), 4).Select(scale => scale / middle)
        );
    }

    [Fact]
    public void GroupScalesOfInt4VaryFromThreeQuartersToFiveQuarters() =>
        AssertSpread(
            Scales(WeightFormat.Int4, scales => Fp16.Decode(BinaryPrimitives.ReadUInt16LittleEndian(scales)), 2)
                .Select(scale => scale / (1 / 64.0 / 3))
        );

    [Fact]
    public void BlockScalesOfNvFp4VaryAroundTheMiddleOfTheTensorScale()
    {
        double[] scales = Scales(WeightFormat.NvFp4, scales => Fp8E4M3.Values[scales[0]], 1);
        AssertSpread(scales.Select(scale => scale / 256));
        var matrix = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(WeightFormat.NvFp4, 4096));
        Assert.Equal(1 / 64.0 / 2.2 / 256, matrix.TensorScale, 1e-10);
    }

    [Fact]
    public void BlockScalesOfMxFp4AreSeveralNeighbouringPowersOfTwo()
    {
        double[] scales = Scales(WeightFormat.MxFp4, scales => E8M0.Values[scales[0]], 1);
        double[] distinct = [.. scales.Distinct().Order()];
        Assert.InRange(distinct.Length, 3, 5);
        Assert.All(distinct.Zip(distinct.Skip(1)), pair => Assert.Equal(2 * pair.First, pair.Second));
        Assert.InRange(1 / 64.0 / 2.2, distinct[0], distinct[^1]);
    }

    [Fact]
    public void OtherFormatsHaveNoTensorScale() =>
        Assert.All(
            FormatNames.AllWeightFormats.Where(format => format != WeightFormat.NvFp4),
            format => Assert.Equal(1, new SyntheticMatrix(Seed, SyntheticExamples.Tensor(format, 64)).TensorScale)
        );

    [Theory]
    [InlineData(128, 1)]
    [InlineData(129, 2)]
    [InlineData(384, 3)]
    [InlineData(600, 5)]
    public void Int4ZeroPointsLieFromSixToNineAndAnUnpairedLastNibbleIsZero(int columns, int groups)
    {
        var matrix = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(WeightFormat.Int4, columns));
        var seen = new HashSet<int>();
        for (int row = 0; row < 64; row++)
        {
            byte[] zeroPoints = SyntheticExamples.Row(matrix, row).ZeroPoints;
            Assert.Equal((groups + 1) / 2, zeroPoints.Length);
            for (int group = 0; group < groups; group++)
            {
                int zero = (zeroPoints[group / 2] >> (4 * (group % 2))) & 15;
                Assert.InRange(zero, 6, 9);
                seen.Add(zero);
            }

            if (groups % 2 != 0)
            {
                Assert.Equal(0, zeroPoints[^1] >> 4);
            }
        }

        Assert.Equal([6, 7, 8, 9], seen.Order());
    }

    [Theory]
    [InlineData(WeightFormat.Int4)]
    [InlineData(WeightFormat.MxFp4)]
    [InlineData(WeightFormat.NvFp4)]
    public void AnOddNumberOfColumnsLeavesTheLastHighNibbleZero(WeightFormat format)
    {
        var odd = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(format, 33));
        var even = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(format, 34));
        Assert.All(Enumerable.Range(0, 64), row => Assert.Equal(0, SyntheticExamples.Row(odd, row).Codes[^1] >> 4));
        Assert.Contains(Enumerable.Range(0, 64), row => SyntheticExamples.Row(even, row).Codes[^1] >> 4 != 0);
    }

    private static List<double> Decode(SyntheticMatrix matrix, int rows)
    {
        var all = new List<double>();
        var values = new double[matrix.Tensor.Layout.Columns];
        for (int row = 0; row < rows; row++)
        {
            matrix.DecodeRow(row, values);
            all.AddRange(values);
        }

        return all;
    }

    private delegate double ReadScale(ReadOnlySpan<byte> bytes);

    private static double[] Scales(WeightFormat format, ReadScale read, int bytesPerScale)
    {
        var matrix = new SyntheticMatrix(Seed, SyntheticExamples.Tensor(format, 4096, rows: 512));
        var result = new List<double>();
        for (int row = 0; row < 512; row++)
        {
            byte[] scales = SyntheticExamples.Row(matrix, row).Scales;
            for (int i = 0; i < scales.Length; i += bytesPerScale)
            {
                result.Add(read(scales.AsSpan(i)));
            }
        }

        return [.. result];
    }

    /// <summary>From 0.75 to 1.25, both ends nearly reached; rounding to few bits moves an end by up to a sixteenth.</summary>
    private static void AssertSpread(IEnumerable<double> ratios)
    {
        double[] sorted = [.. ratios.Order()];
        Assert.InRange(sorted[0], 0.74, 0.76);
        Assert.InRange(sorted[^1], 1.24, 1.26);
        Assert.Equal(1, sorted.Average(), 0.03);
    }
}
