using System.Numerics;
using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

/// <summary>A fraction of whole numbers, the denominator above zero. Nothing is ever lost.</summary>
internal readonly record struct Fraction(BigInteger Top, BigInteger Bottom)
{
    public static Fraction Power(BigInteger top, int exponent) =>
        exponent >= 0 ? new(top << exponent, 1) : new(top, BigInteger.One << -exponent);

    public static Fraction operator +(Fraction x, Fraction y) =>
        new((x.Top * y.Bottom) + (y.Top * x.Bottom), x.Bottom * y.Bottom);

    public static Fraction operator *(Fraction x, Fraction y) => new(x.Top * y.Top, x.Bottom * y.Bottom);

    public static Fraction operator /(Fraction x, Fraction y) =>
        new(x.Top * y.Bottom * y.Top.Sign, x.Bottom * BigInteger.Abs(y.Top));

    public int Against(Fraction other) => (Top * other.Bottom).CompareTo(other.Top * Bottom);

    public Fraction Magnitude => new(BigInteger.Abs(Top), Bottom);
}

/// <summary>A binary format, and rounding into it by looking for the neighbours among all its numbers.</summary>
internal sealed record Format(string Name, int FractionBits, int Bias, int Width)
{
    public static readonly Format Half = new("f16", 10, 15, 16);
    public static readonly Format Brain = new("bf16", 7, 127, 16);
    public static readonly Format Single = new("f32", 23, 127, 32);
    public static readonly Format Double = new("f64", 52, 1023, 64);

    public static readonly FloatRounding[] Directions =
    [
        FloatRounding.NearestEven,
        FloatRounding.TowardZero,
        FloatRounding.Down,
        FloatRounding.Up,
    ];

    public ulong Infinity => (ulong)((2 * Bias) + 1) << FractionBits;

    public ulong SignBit => 1UL << (Width - 1);

    public bool IsFinite(ulong bits) => (bits & (SignBit - 1)) < Infinity;

    public bool IsNan(ulong bits) => (bits & (SignBit - 1)) > Infinity;

    /// <summary>The number; for the bits of infinity what would come next if the format went on.</summary>
    public Fraction Value(ulong bits)
    {
        int field = (int)((bits & (SignBit - 1)) >> FractionBits);
        BigInteger fraction = bits & ((1UL << FractionBits) - 1);
        BigInteger significand = field == 0 ? fraction : fraction + (BigInteger.One << FractionBits);
        Fraction magnitude = Fraction.Power(significand, Math.Max(field, 1) - Bias - FractionBits);
        return (bits & SignBit) == 0 ? magnitude : new(-magnitude.Top, magnitude.Bottom);
    }

    public ulong Round(Fraction exact, FloatRounding rounding, bool negativeZero = false) =>
        Round(
            exact.Top.IsZero ? negativeZero : exact.Top.Sign < 0,
            number => number.Against(exact.Magnitude),
            rounding
        );

    /// <summary>Rounds a magnitude known by how numbers compare with it.</summary>
    public ulong Round(bool negative, Func<Fraction, int> compare, FloatRounding rounding)
    {
        ulong low = 0;
        ulong high = Infinity;
        while (high - low > 1)
        {
            ulong middle = low + ((high - low) / 2);
            if (compare(Value(middle)) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        bool beyond = compare(Value(high)) <= 0;
        bool exact = !beyond && compare(Value(low)) == 0;
        int half = beyond ? -1 : compare((Value(low) + Value(high)) * new Fraction(1, 2));
        bool up = rounding switch
        {
            FloatRounding.NearestEven => half < 0 || (half == 0 && (low & 1) != 0),
            FloatRounding.Down => negative,
            FloatRounding.Up => !negative,
            _ => false,
        };
        return (negative ? SignBit : 0) | (!exact && up ? high : low);
    }
}

/// <summary>Numbers that meet every case of an operation: alike exponents, the ends of the range, few bits set.</summary>
internal sealed class Numbers(int seed, Format format)
{
    private readonly Random random = new(seed);
    private ulong last;

    public ulong Next()
    {
        ulong bits = (ulong)random.NextInt64(long.MinValue, long.MaxValue) & (format.SignBit | (format.SignBit - 1));
        ulong fraction = (1UL << format.FractionBits) - 1;
        switch (random.Next(8))
        {
            case 0:
                // Near the last one, the sign aside: sums cancel.
                bits = (bits & format.SignBit) | (Clamp((long)(last & (format.SignBit - 1)) + random.Next(-3, 4)));
                break;
            case 1:
                bits &= format.SignBit | fraction;
                break;
            case 2:
                bits &= ~fraction;
                break;
            case 3:
                bits |= fraction;
                break;
            case 4:
                // Close to one: products and quotients stay in the range.
                ulong exponent = (ulong)(format.Bias + random.Next(-4, 5)) << format.FractionBits;
                bits = (bits & (format.SignBit | fraction)) | exponent;
                break;
            case 5:
                ulong near = last >> format.FractionBits;
                bits = (bits & (format.SignBit | fraction)) | (near << format.FractionBits & (format.SignBit - 1));
                break;
            default:
                break;
        }

        return last = format.IsFinite(bits) ? bits : bits & format.SignBit;
    }

    private ulong Clamp(long magnitude) => (ulong)Math.Clamp(magnitude, 0, (long)format.Infinity - 1);
}
