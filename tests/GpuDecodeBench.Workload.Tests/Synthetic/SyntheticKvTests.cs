using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Workload.Tests.Synthetic;

public class SyntheticKvTests
{
    private const ulong Seed = SyntheticExamples.Seed;

    public static TheoryData<KvFormat> Formats => [.. FormatNames.AllKvFormats];

    [Theory]
    [InlineData(KvFormat.Fp16, "EB1A7A7C7EC572B7")]
    [InlineData(KvFormat.Bf16, "D5ABDC53D102C57D")]
    [InlineData(KvFormat.Fp8, "BE8D422640F9E0C4")]
    [InlineData(KvFormat.Int8, "6D25554661AD1BDC")]
    public void TheDataOfASeedNeverChange(KvFormat format, string fingerprint)
    {
        SyntheticKv kv = Create(format, dimension: 65);
        byte[] bytes =
        [
            .. BitConverter.GetBytes(kv.LayerScale(isValue: false)),
            .. SyntheticExamples.Head(kv, 0, 0, 0, false),
            .. SyntheticExamples.Head(kv, 3, 1000, 1, true),
        ];
        Assert.Equal(fingerprint, SyntheticExamples.Fingerprint(bytes));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void EverySeedLayerSequenceTokenHeadAndSideHasDataOfItsOwn(KvFormat format)
    {
        var seen = new HashSet<string>();
        int made = 0;
        foreach (ulong seed in (ulong[])[0, Seed])
        {
            foreach (int layer in (int[])[0, 1, 79])
            {
                SyntheticKv kv = Create(format, seed: seed, layer: layer);
                foreach (int sequence in (int[])[0, 1, 255])
                {
                    foreach (int token in (int[])[0, 1, 15, 16, 131071])
                    {
                        foreach (bool isValue in (bool[])[false, true])
                        {
                            for (int head = 0; head < 4; head++)
                            {
                                byte[] bytes = SyntheticExamples.Head(kv, sequence, token, head, isValue);
                                seen.Add(Convert.ToHexString(bytes));
                                made++;
                            }
                        }
                    }
                }
            }
        }

        Assert.Equal(made, seen.Count);
        Assert.Equal(
            SyntheticExamples.Head(Create(format), 2, 3, 1, true),
            SyntheticExamples.Head(Create(format), 2, 3, 1, true)
        );
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void DecodeHeadIsTheFilledHeadDecoded(KvFormat format)
    {
        SyntheticKv kv = Create(format, dimension: 63);
        var codes = new byte[63 * kv.Layout.BytesPerElement];
        ushort scale = kv.FillHead(1, 2, 3, isValue: true, codes);
        var expected = new double[63];
        KvCodec.Decode(format, codes, kv.LayerScale(isValue: true), scale, expected);
        var actual = new double[63];
        kv.DecodeHead(1, 2, 3, isValue: true, actual);
        Assert.Equal(expected, actual);
    }

    /// <summary>Eight-bit scales vary or round, which moves the deviation by a few percent and fattens int8's tails.</summary>
    [Theory]
    [InlineData(KvFormat.Fp16, 0.01, 3.05)]
    [InlineData(KvFormat.Bf16, 0.01, 3.05)]
    [InlineData(KvFormat.Fp8, 0.02, 3.1)]
    [InlineData(KvFormat.Int8, 0.05, 3.5)]
    public void KeysAndValuesAreNearlyGaussianAroundZeroWithADeviationOfOne(
        KvFormat format,
        double tolerance,
        double mostKurtosis
    )
    {
        SyntheticKv kv = Create(format);
        foreach (bool isValue in (bool[])[false, true])
        {
            var all = new List<double>();
            var values = new double[kv.Layout.HeadDimension];
            for (int token = 0; token < 1000; token++)
            {
                kv.DecodeHead(0, token, token % 4, isValue, values);
                all.AddRange(values);
            }

            Moments moments = Moments.Of(all);
            Assert.InRange(moments.Mean, -0.01, 0.01);
            Assert.InRange(moments.StandardDeviation, 1 - tolerance, 1 + tolerance);
            Assert.InRange(moments.Kurtosis, 2.9, mostKurtosis);
        }
    }

    [Fact]
    public void NoFp8CodeIsNaN()
    {
        for (int layer = 0; layer < 80; layer++)
        {
            SyntheticKv kv = Create(KvFormat.Fp8, layer: layer);
            for (int token = 0; token < 40; token++)
            {
                Assert.DoesNotContain(
                    SyntheticExamples.Head(kv, 0, token, 0, false)[..^2],
                    code => (code & 0x7F) == 0x7F
                );
            }
        }
    }

    [Fact]
    public void LayerScalesOfFp8LieFromATwentyFourthToATwelfthAndDiffer()
    {
        float[] scales =
        [
            .. Enumerable
                .Range(0, 80)
                .Select(layer => Create(KvFormat.Fp8, layer: layer))
                .SelectMany(kv => (float[])[kv.LayerScale(isValue: false), kv.LayerScale(isValue: true)]),
        ];
        Assert.All(scales, scale => Assert.InRange(scale, 1 / 24f, 1 / 12f));
        Assert.Equal(160, scales.Distinct().Count());
        Assert.Equal(1, Create(KvFormat.Int8).LayerScale(isValue: true));
    }

    [Fact]
    public void HeadScalesOfInt8VaryFromThreeQuartersToFiveQuarters()
    {
        SyntheticKv kv = Create(KvFormat.Int8);
        var codes = new byte[64];
        double[] ratios =
        [
            .. Enumerable
                .Range(0, 2000)
                .Select(token => Fp16.Decode(kv.FillHead(0, token, 0, false, codes)) * 32)
                .Order(),
        ];
        Assert.InRange(ratios[0], 0.749, 0.76);
        Assert.InRange(ratios[^1], 1.24, 1.251);
        Assert.InRange(ratios.Distinct().Count(), 300, 2000);
    }

    private static SyntheticKv Create(KvFormat format, int dimension = 64, ulong seed = Seed, int layer = 0) =>
        new(seed, layer, new KvLayout(format, 4, dimension));
}
