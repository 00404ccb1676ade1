using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>
/// Sums, products, quotients and roots of numbers of at most 24 bits, in <c>double</c> and rounded to odd: where a result is
/// inexact, of its two neighbours the one with an odd last place is taken. A second rounding to at most 50 bits then gives
/// what one rounding of the exact result gives (S. Boldo and G. Melquiond, "Emulation of FMA and correctly rounded sums:
/// proved algorithms using rounding to odd", IEEE Transactions on Computers 57, 2008).
/// </summary>
internal static class OddDouble
{
    /// <summary><c>x + y</c>; an exact zero has the sign that <paramref name="rounding"/> gives it (IEEE 754-2019, 6.3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Add(double x, double y, FloatRounding rounding)
    {
        double sum = x + y;
        if (sum == 0)
        {
            bool differ = double.IsNegative(x) != double.IsNegative(y) || x != 0;
            return rounding == FloatRounding.Down && differ ? -0.0 : sum;
        }

        // The error of a sum is a number (D. E. Knuth, The Art of Computer Programming 2, 4.2.2, theorem B).
        double shareOfY = sum - x;
        double error = (x - (sum - shareOfY)) + (y - shareOfY);
        return Nudge(sum, error);
    }

    /// <summary><c>x × y + z</c>. The product of two numbers of 24 bits has 48 and is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MultiplyAdd(double x, double y, double z, FloatRounding rounding) => Add(x * y, z, rounding);

    /// <summary><c>x ÷ y</c>.</summary>
    public static double Divide(double x, double y)
    {
        double quotient = x / y;
        double remainder = Math.FusedMultiplyAdd(-quotient, y, x);
        return Nudge(quotient, double.IsNegative(y) ? -remainder : remainder);
    }

    /// <summary>The square root.</summary>
    public static double SquareRoot(double x)
    {
        double root = Math.Sqrt(x);
        return Nudge(root, Math.FusedMultiplyAdd(-root, root, x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Nudge(double value, double error)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);

        // An error that is not a number comes from an infinity; infinities and NaN stay as they are.
        if ((bits & 1) != 0 || !(error < 0 || error > 0) || !double.IsFinite(value))
        {
            return value;
        }

        bool outward = error > 0 == value > 0;
        return BitConverter.UInt64BitsToDouble(outward ? bits + 1 : bits - 1);
    }
}
