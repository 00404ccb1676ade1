using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Synthetic;

/// <summary>
/// Tables from which random bits become codes whose decoded values are Gaussian: entry i is the code nearest to the normal
/// distribution's i-th quantile. A table makes data directly in its format, at a nanosecond a value.
/// </summary>
internal static class SyntheticCodes
{
    /// <summary>Bits of randomness that choose an 8- or 16-bit code.</summary>
    public const int IndexBits = 12;

    private const int TableLength = 1 << IndexBits;
    private const ulong IndexMask = TableLength - 1;

    /// <summary>The standard deviation of synthetic FP8 codes' values: four of them reach the largest code, 448.</summary>
    public const double Fp8StandardDeviation = 112;

    /// <summary>The standard deviation of synthetic INT8 codes.</summary>
    public const double Int8StandardDeviation = 32;

    /// <summary>The standard deviation of synthetic INT4 codes around 7.5.</summary>
    public const double Int4StandardDeviation = 3;

    /// <summary>The standard deviation of synthetic E2M1 codes' values, whose largest is 6.</summary>
    public const double Fp4StandardDeviation = 2.2;

    private static readonly double[] s_quantiles = NormalDistribution.Quantiles(TableLength);

    /// <summary>4096 sixteen-bit codes of values with a given standard deviation.</summary>
    public static ushort[] Table16(Func<double, ushort> encode, double standardDeviation) =>
        [.. s_quantiles.Select(quantile => encode(quantile * standardDeviation))];

    /// <summary>4096 eight-bit codes.</summary>
    public static byte[] Table8(Func<double, byte> encode, double standardDeviation) =>
        [.. s_quantiles.Select(quantile => encode(quantile * standardDeviation))];

    /// <summary>256 four-bit codes, each in the low half of a byte.</summary>
    public static byte[] Table4(Func<double, byte> encode) => [.. NormalDistribution.Quantiles(256).Select(encode)];

    /// <summary>INT8: the nearest code from −127 to 127.</summary>
    public static byte EncodeInt8(double value) =>
        unchecked((byte)(sbyte)Math.Clamp(Math.Round(value, MidpointRounding.ToEven), -127, 127));

    /// <summary>INT4: the nearest code from 0 to 15 around the middle, 7.5.</summary>
    public static byte EncodeInt4(double quantile) =>
        (byte)Math.Clamp(Math.Round(7.5 + (quantile * Int4StandardDeviation), MidpointRounding.ToEven), 0, 15);

    /// <summary>E2M1: the nearest code.</summary>
    public static byte EncodeFp4(double quantile) => Fp4E2M1.Encode(quantile * Fp4StandardDeviation);

    /// <summary>Fills with 16-bit codes, four from each 64 random bits.</summary>
    public static void Fill16(ulong seed, ReadOnlySpan<ushort> table, Span<byte> codes)
    {
        table = table[..TableLength];
        int whole = codes.Length & ~7;
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(codes[..whole]);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = Codes16(seed, i, table);
        }

        if (whole < codes.Length)
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(last, Codes16(seed, words.Length, table));
            last[..(codes.Length - whole)].CopyTo(codes[whole..]);
        }
    }

    /// <summary>Fills with 8-bit codes, four from each 64 random bits.</summary>
    public static void Fill8(ulong seed, ReadOnlySpan<byte> table, Span<byte> codes)
    {
        table = table[..TableLength];
        int whole = codes.Length & ~3;
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(codes[..whole]);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = Codes8(seed, i, table);
        }

        if (whole < codes.Length)
        {
            Span<byte> last = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(last, Codes8(seed, words.Length, table));
            last[..(codes.Length - whole)].CopyTo(codes[whole..]);
        }
    }

    /// <summary>Fills with pairs of 4-bit codes, eight codes from each 64 random bits; an odd last code has no partner.</summary>
    public static void Fill4(ulong seed, ReadOnlySpan<byte> table, int columns, Span<byte> codes)
    {
        table = table[..256];
        int whole = codes.Length & ~3;
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(codes[..whole]);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = Codes4(seed, i, table);
        }

        if (whole < codes.Length)
        {
            Span<byte> last = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(last, Codes4(seed, words.Length, table));
            last[..(codes.Length - whole)].CopyTo(codes[whole..]);
        }

        if (columns % 2 != 0)
        {
            codes[^1] &= 0x0F;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(ulong seed, int group) =>
        SyntheticRandom.Mix(seed + (4 * (ulong)group * SyntheticRandom.Increment));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Codes16(ulong seed, int group, ReadOnlySpan<ushort> table)
    {
        ulong bits = Bits(seed, group);
        return table[(int)(bits & IndexMask)]
            | ((ulong)table[(int)((bits >> 16) & IndexMask)] << 16)
            | ((ulong)table[(int)((bits >> 32) & IndexMask)] << 32)
            | ((ulong)table[(int)((bits >> 48) & IndexMask)] << 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Codes8(ulong seed, int group, ReadOnlySpan<byte> table)
    {
        ulong bits = Bits(seed, group);
        return table[(int)(bits & IndexMask)]
            | ((uint)table[(int)((bits >> 16) & IndexMask)] << 8)
            | ((uint)table[(int)((bits >> 32) & IndexMask)] << 16)
            | ((uint)table[(int)((bits >> 48) & IndexMask)] << 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Codes4(ulong seed, int group, ReadOnlySpan<byte> table)
    {
        ulong bits = Bits(seed, group);
        uint codes = 0;
        for (int i = 0; i < 8; i++)
        {
            codes |= (uint)table[(int)(bits & 0xFF)] << (4 * i);
            bits >>= 8;
        }

        return codes;
    }
}
