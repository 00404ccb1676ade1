namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>
/// Arithmetic on finite <c>.f64</c> numbers in whole numbers of 128 bits, for the rounding directions that the processor's own
/// instructions do not offer (IEEE 754-2019, 4.3.2 and 5.4.1).
/// </summary>
internal static class DirectedDouble
{
    private const ulong FractionMask = 0x000F_FFFF_FFFF_FFFF;
    private const int Spare = 20;

    /// <summary><c>a × b + c</c>, rounded once.</summary>
    public static ulong MultiplyAdd(ulong a, ulong b, ulong c, FloatRounding rounding)
    {
        bool negative = (long)(a ^ b) < 0;
        bool addendNegative = (long)c < 0;
        (ulong x, int p) = Split(a);
        (ulong y, int q) = Split(b);
        (ulong z, int r) = Split(c);

        // The product fills 106 bits at most. Twenty more below it leave room for a sticky bit that no cancellation reaches:
        // digits are lost only where the two magnitudes are so far apart that at most one leading digit cancels.
        UInt128 product = (UInt128)x * y << Spare;
        int place = p + q - Spare;
        UInt128 addend = (UInt128)z << 53 + Spare;
        int addendPlace = r - 53 - Spare;
        if (product == UInt128.Zero || addend == UInt128.Zero)
        {
            return OfOne(negative, product, place, addendNegative, addend, addendPlace, rounding);
        }

        int common = Math.Max(place, addendPlace);
        product = ShiftSticky(product, common - place);
        addend = ShiftSticky(addend, common - addendPlace);
        if (negative == addendNegative)
        {
            return ExactRounding.Round(negative, product + addend, common, FloatFormat.Double, rounding);
        }

        if (product == addend)
        {
            return rounding == FloatRounding.Down ? 1UL << 63 : 0;
        }

        return product > addend
            ? ExactRounding.Round(negative, product - addend, common, FloatFormat.Double, rounding)
            : ExactRounding.Round(addendNegative, addend - product, common, FloatFormat.Double, rounding);
    }

    /// <summary><c>a ÷ b</c>, both not zero.</summary>
    public static ulong Divide(ulong a, ulong b, FloatRounding rounding)
    {
        (ulong x, int p) = Split(a);
        (ulong y, int q) = Split(b);
        int widen = (int)ulong.LeadingZeroCount(x);
        int narrow = (int)ulong.TrailingZeroCount(y);
        UInt128 dividend = (UInt128)(x << widen) << 64;
        (UInt128 quotient, UInt128 remainder) = UInt128.DivRem(dividend, y >> narrow);
        int place = p - widen - 64 - q - narrow;
        quotient = Join(quotient, remainder != UInt128.Zero);
        return ExactRounding.Round((long)(a ^ b) < 0, quotient, place, FloatFormat.Double, rounding);
    }

    /// <summary>The square root of a positive number.</summary>
    public static ulong SquareRoot(ulong a, FloatRounding rounding)
    {
        (ulong x, int p) = Split(a);
        int widen = (int)ulong.LeadingZeroCount(x) + 62;
        widen += (p - widen) & 1;
        UInt128 radicand = (UInt128)x << widen;

        // The estimate is right to 53 bits and the radicand has at most 127: two steps of Newton's method settle the root.
        ulong root = (ulong)Math.Min(Math.Sqrt((double)radicand), 1.8446744073709550e19);
        for (int step = 0; step < 3; step++)
        {
            root = (ulong)((root + (radicand / root)) >> 1);
        }

        while ((UInt128)root * root > radicand)
        {
            root--;
        }

        while ((UInt128)(root + 1) * (root + 1) <= radicand)
        {
            root++;
        }

        UInt128 result = Join((UInt128)root, (UInt128)root * root != radicand);
        return ExactRounding.Round(false, result, (p - widen) / 2, FloatFormat.Double, rounding);
    }

    private static ulong OfOne(
        bool negative,
        UInt128 product,
        int place,
        bool addendNegative,
        UInt128 addend,
        int addendPlace,
        FloatRounding rounding
    )
    {
        if (product != UInt128.Zero)
        {
            return ExactRounding.Round(negative, product, place, FloatFormat.Double, rounding);
        }

        if (addend != UInt128.Zero)
        {
            return ExactRounding.Round(addendNegative, addend, addendPlace, FloatFormat.Double, rounding);
        }

        bool minus = negative == addendNegative ? negative : rounding == FloatRounding.Down;
        return minus ? 1UL << 63 : 0;
    }

    private static (ulong Significand, int Exponent) Split(ulong bits)
    {
        int field = (int)(bits >> 52) & 0x7FF;
        ulong fraction = bits & FractionMask;
        return field == 0 ? (fraction, -1074) : (fraction | (FractionMask + 1), field - 1075);
    }

    private static UInt128 ShiftSticky(UInt128 value, int count)
    {
        if (count >= 128)
        {
            return UInt128.One;
        }

        UInt128 kept = value >> count;
        return Join(kept, kept << count != value);
    }

    private static UInt128 Join(UInt128 value, bool sticky) => sticky ? value | UInt128.One : value;
}
