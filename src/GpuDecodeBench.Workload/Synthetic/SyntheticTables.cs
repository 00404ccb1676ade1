using System.Collections.Concurrent;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Synthetic;

/// <summary>
/// The tables of <see cref="SyntheticCodes"/> that were made before. One of 4096 codes takes as long to make as several rows of a matrix,
/// and a check asks for single rows of many matrices. A table takes at most 8 KiB, and a model has a few.
/// </summary>
internal static class SyntheticTables
{
    private static readonly ConcurrentDictionary<(WeightFormat, double, double), ushort[]> s_tables16 = new();
    private static readonly ConcurrentDictionary<WeightFormat, byte[]> s_tables8 = new();

    /// <summary>4096 codes of FP16 or BF16 of values with a given standard deviation around a mean.</summary>
    public static ushort[] Of16(WeightFormat format, double standardDeviation, double mean) =>
        s_tables16.GetOrAdd((format, standardDeviation, mean), static key => Make16(key.Item1, key.Item2, key.Item3));

    /// <summary>The codes of a format of one byte or half a byte, which are the same for every matrix.</summary>
    public static byte[] Of8(WeightFormat format) => s_tables8.GetOrAdd(format, Make8);

    private static ushort[] Make16(WeightFormat format, double standardDeviation, double mean)
    {
        Func<double, ushort> encode = format == WeightFormat.Fp16 ? Fp16.Encode : Bf16.Encode;
        return SyntheticCodes.Table16(value => encode(value + mean), standardDeviation);
    }

    private static byte[] Make8(WeightFormat format) =>
        format switch
        {
            WeightFormat.Fp8 => SyntheticCodes.Table8(Fp8E4M3.Encode, SyntheticCodes.Fp8StandardDeviation),
            WeightFormat.Int8 => SyntheticCodes.Table8(SyntheticCodes.EncodeInt8, SyntheticCodes.Int8StandardDeviation),
            WeightFormat.Int4 => SyntheticCodes.Table4(SyntheticCodes.EncodeInt4),
            _ => SyntheticCodes.Table4(SyntheticCodes.EncodeFp4),
        };
}
