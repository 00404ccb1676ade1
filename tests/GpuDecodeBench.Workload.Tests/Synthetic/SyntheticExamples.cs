using System.Security.Cryptography;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Workload.Tests.Synthetic;

/// <summary>Synthetic rows and heads by the shortest way.</summary>
internal static class SyntheticExamples
{
    public const ulong Seed = 20_261_120;

    public static WeightTensor Tensor(
        WeightFormat format,
        long columns,
        TensorRole role = TensorRole.Down,
        int? layer = 0,
        long rows = 64
    ) => new(role, layer, new WeightLayout(format, rows, columns));

    public static (byte[] Codes, byte[] Scales, byte[] ZeroPoints) Row(SyntheticMatrix matrix, long row)
    {
        WeightLayout layout = matrix.Tensor.Layout;
        var codes = new byte[layout.CodeBytesPerRow];
        var scales = new byte[layout.ScaleBytesPerRow];
        var zeroPoints = new byte[layout.ZeroPointBytesPerRow];
        matrix.FillRow(row, codes, scales, zeroPoints);
        return (codes, scales, zeroPoints);
    }

    public static byte[] RowBytes(SyntheticMatrix matrix, long row)
    {
        (byte[] codes, byte[] scales, byte[] zeroPoints) = Row(matrix, row);
        return [.. codes, .. scales, .. zeroPoints];
    }

    public static byte[] Head(SyntheticKv kv, int sequence, int token, int head, bool isValue)
    {
        var codes = new byte[kv.Layout.HeadDimension * kv.Layout.BytesPerElement];
        ushort scale = kv.FillHead(sequence, token, head, isValue, codes);
        return [.. codes, (byte)scale, (byte)(scale >> 8)];
    }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of some bytes.</summary>
    public static string Fingerprint(IEnumerable<byte> bytes) => Convert.ToHexString(SHA256.HashData([.. bytes]))[..16];
}

/// <summary>Mean, standard deviation and kurtosis (3 for a Gaussian) of a sample.</summary>
internal readonly record struct Moments(double Mean, double StandardDeviation, double Kurtosis)
{
    public static Moments Of(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        double variance = values.Average(value => Math.Pow(value - mean, 2));
        return new Moments(
            mean,
            Math.Sqrt(variance),
            values.Average(value => Math.Pow(value - mean, 4)) / (variance * variance)
        );
    }
}
