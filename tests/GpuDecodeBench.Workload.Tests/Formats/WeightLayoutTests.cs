using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

public class WeightLayoutTests
{
    // Worked by hand for one row of K = 4096 (the last column of docs/formats.md): codes, scales, zero points.
    [Theory]
    [InlineData(WeightFormat.Fp16, 8192, 0, 0)]
    [InlineData(WeightFormat.Bf16, 8192, 0, 0)]
    [InlineData(WeightFormat.Fp8, 4096, 4, 0)]
    [InlineData(WeightFormat.Int8, 4096, 4, 0)]
    [InlineData(WeightFormat.Int4, 2048, 64, 16)]
    [InlineData(WeightFormat.MxFp4, 2048, 128, 0)]
    [InlineData(WeightFormat.NvFp4, 2048, 256, 0)]
    public void ARowOf4096HasTheseBytes(WeightFormat format, long codes, long scales, long zeroPoints)
    {
        WeightLayout layout = new(format, 1, 4096);
        Assert.Equal(
            (codes, scales, zeroPoints),
            (layout.CodeBytesPerRow, layout.ScaleBytesPerRow, layout.ZeroPointBytesPerRow)
        );
        Assert.Equal(codes + scales + zeroPoints, layout.BytesPerRow);
    }

    // Llama 3.1 8B's down projection, 4096 x 14336: 58,720,256 weights.
    [Theory]
    [InlineData(WeightFormat.Fp16, 117_440_512)]
    [InlineData(WeightFormat.Bf16, 117_440_512)]
    [InlineData(WeightFormat.Fp8, 58_736_640)]
    [InlineData(WeightFormat.Int8, 58_736_640)]
    [InlineData(WeightFormat.Int4, 30_507_008)]
    [InlineData(WeightFormat.MxFp4, 31_195_136)]
    [InlineData(WeightFormat.NvFp4, 33_030_148)]
    public void TheDownProjectionOfLlama8bHasTheseBytes(WeightFormat format, long bytes) =>
        Assert.Equal(bytes, new WeightLayout(format, 4096, 14336).TotalBytes);

    // 200 columns: two int4 groups, seven blocks of 32, thirteen blocks of 16; 129: two groups, five blocks, nine blocks.
    [Theory]
    [InlineData(WeightFormat.Int4, 200, 100 + 4 + 1)]
    [InlineData(WeightFormat.Int4, 129, 65 + 4 + 1)]
    [InlineData(WeightFormat.Int4, 257, 129 + 6 + 2)]
    [InlineData(WeightFormat.MxFp4, 200, 100 + 7)]
    [InlineData(WeightFormat.MxFp4, 129, 65 + 5)]
    [InlineData(WeightFormat.NvFp4, 200, 100 + 13)]
    [InlineData(WeightFormat.NvFp4, 129, 65 + 9)]
    [InlineData(WeightFormat.Int8, 129, 129 + 4)]
    [InlineData(WeightFormat.Fp16, 129, 258)]
    public void OddTailsTakeWholeBytesAndWholeScales(WeightFormat format, long columns, long bytesPerRow) =>
        Assert.Equal(bytesPerRow, new WeightLayout(format, 3, columns).BytesPerRow);

    // Llama 3.1 8B: 8 KV heads of 128, keys and values.
    [Theory]
    [InlineData(KvFormat.Fp16, 4096, 0)]
    [InlineData(KvFormat.Bf16, 4096, 0)]
    [InlineData(KvFormat.Fp8, 2048, 8)]
    [InlineData(KvFormat.Int8, 2080, 0)]
    public void AKvTokenOfLlama8bHasTheseBytesInALayer(KvFormat format, long bytesPerToken, int layerScaleBytes)
    {
        KvLayout layout = new(format, 8, 128);
        Assert.Equal((bytesPerToken, layerScaleBytes), (layout.BytesPerToken, layout.LayerScaleBytes));
    }
}
