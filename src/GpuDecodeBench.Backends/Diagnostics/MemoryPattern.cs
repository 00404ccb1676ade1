using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>
/// The words of a memory test: word i is Mix(seed + i × Increment), inverted in the second pass. No two are alike, so that a word
/// tells where it belongs. <c>kernels/memory_test.cu</c> makes the same.
/// </summary>
internal static class MemoryPattern
{
    /// <summary>Bytes of a word.</summary>
    public const int WordBytes = sizeof(ulong);

    /// <summary>A word.</summary>
    /// <param name="seed">The test's seed.</param>
    /// <param name="index">The word's number in the whole test.</param>
    /// <param name="invert">0, or all ones to invert it.</param>
    public static ulong Word(ulong seed, ulong index, ulong invert) =>
        SyntheticRandom.Mix(seed + (index * SyntheticRandom.Increment)) ^ invert;

    /// <summary>What inverts the words of a pass.</summary>
    public static ulong Invert(int pass) => pass % 2 == 0 ? 0 : ulong.MaxValue;

    /// <summary>Where a word belongs; null where it is none of the first so many words. Undoes what <see cref="Word"/> does.</summary>
    public static long? IndexOf(ulong seed, ulong word, ulong invert, long words)
    {
        ulong z = word ^ invert;
        z = (Unshift(z, 31) * InverseOf(0x94D049BB133111EBUL));
        z = (Unshift(z, 27) * InverseOf(0xBF58476D1CE4E5B9UL));
        z = Unshift(z, 30);
        ulong index = (z - SyntheticRandom.Increment - seed) * InverseOf(SyntheticRandom.Increment);
        return index < (ulong)words ? (long)index : null;
    }

    /// <summary>The value whose exclusive or with itself, shifted right, is given.</summary>
    private static ulong Unshift(ulong value, int bits)
    {
        ulong result = value;
        for (int known = bits; known < 64; known += bits)
        {
            result = value ^ (result >> bits);
        }

        return result;
    }

    /// <summary>The inverse of an odd number modulo 2^64: each step of Newton's doubles the bits that are right, from 3.</summary>
    private static ulong InverseOf(ulong odd)
    {
        ulong inverse = odd;
        for (int i = 0; i < 5; i++)
        {
            inverse *= 2 - (odd * inverse);
        }

        return inverse;
    }
}
