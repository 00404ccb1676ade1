using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

/// <summary>The worked examples of docs/formats.md.</summary>
public class DocumentedExamplesTests
{
    [Theory]
    [InlineData(WeightFormat.Fp16, 1, 0, "5535", "", "", 1f, 0.333251953125)]
    [InlineData(WeightFormat.Bf16, 1, 0, "AB3E", "", "", 1f, 0.333984375)]
    [InlineData(WeightFormat.Fp8, 1, 0, "C5", "0000803C", "", 1f, -0.05078125)]
    [InlineData(WeightFormat.Int8, 1, 0, "B3", "0000003B", "", 1f, -0.150390625)]
    [InlineData(WeightFormat.Int4, 6, 5, "0000B4", "001C", "08", 1f, 0.01171875)]
    [InlineData(WeightFormat.MxFp4, 3, 2, "000D", "79", "", 1f, -0.046875)]
    [InlineData(WeightFormat.NvFp4, 2, 1, "60", "6A", "", 1f / 8192, 0.0390625)]
    public void OfTheWeightFormats(
        WeightFormat format,
        int columns,
        int column,
        string codes,
        string scales,
        string zeroPoints,
        float tensorScale,
        double expected
    )
    {
        double[] values = new double[columns];
        RowDecoder.Decode(
            format,
            columns,
            Convert.FromHexString(codes),
            Convert.FromHexString(scales),
            Convert.FromHexString(zeroPoints),
            tensorScale,
            values
        );
        Assert.Equal(expected, values[column]);
    }

    [Theory]
    [InlineData(KvFormat.Fp16, "4842", 1f, 0, 3.140625)]
    [InlineData(KvFormat.Bf16, "4940", 1f, 0, 3.140625)]
    [InlineData(KvFormat.Fp8, "5A", 0.0625f, 0, 1.25)]
    [InlineData(KvFormat.Int8, "9C", 1f, 0x2000, -0.78125)]
    public void OfTheKvFormats(KvFormat format, string codes, float layerScale, int scaleBits, double expected)
    {
        double[] values = new double[1];
        KvCodec.Decode(format, Convert.FromHexString(codes), layerScale, (ushort)scaleBits, values);
        Assert.Equal(expected, values[0]);
    }
}
