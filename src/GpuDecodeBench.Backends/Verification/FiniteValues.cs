using System.Numerics;
using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Verification;

/// <summary>Finds what is not a number among many millions of values.</summary>
internal static class FiniteValues
{
    /// <summary>The exponent of infinities and of what is not a number.</summary>
    private const int Exponent = 0x7F800000;

    /// <summary>How many values at the beginning are finite: all of them, or those before the first that is not.</summary>
    public static int CountFirst(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(values);
        var exponent = new Vector<int>(Exponent);
        int i = 0;
        while (
            i <= bits.Length - Vector<int>.Count && !Vector.EqualsAny(new Vector<int>(bits[i..]) & exponent, exponent)
        )
        {
            i += Vector<int>.Count;
        }

        while (i < bits.Length && (bits[i] & Exponent) != Exponent)
        {
            i++;
        }

        return i;
    }
}
