using GpuDecodeBench.Ptx.Arithmetic;
using static GpuDecodeBench.Ptx.Tests.Arithmetic.Fragments;
using static GpuDecodeBench.Ptx.Tests.Arithmetic.TestMatrices;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

/// <summary>
/// Whole matrices of floating-point numbers, put into fragments as the formulas of the PTX ISA say, against exact sums.
/// </summary>
public sealed class MatrixMultiplyTests
{
    [Theory]
    [InlineData(ElementKind.F16, 16)]
    [InlineData(ElementKind.BF16, 16)]
    [InlineData(ElementKind.F16, 8)]
    [InlineData(ElementKind.BF16, 8)]
    [InlineData(ElementKind.TF32, 8)]
    [InlineData(ElementKind.TF32, 4)]
    [InlineData(ElementKind.E4M3, 32)]
    [InlineData(ElementKind.E5M2, 32)]
    [InlineData(ElementKind.E4M3, 16)]
    public void TheProductIsTheExactSumRoundedOnce(ElementKind kind, int shared)
    {
        const int seed = 61;
        Random random = new(seed);
        for (int trial = 0; trial < 20; trial++)
        {
            uint[,] a = Fill(random, kind, 16, shared);
            uint[,] b = Fill(random, kind, shared, 8);
            uint[,] c = Fill(random, null, 16, 8);
            uint[] d = new uint[128];
            Multiply(kind, shared, Fragments.OfA(a, kind), Fragments.OfB(b, kind), Fragments.OfC(c), d);
            for (int row = 0; row < 16; row++)
            {
                for (int column = 0; column < 8; column++)
                {
                    Fraction sum = Format.Single.Value(c[row, column]);
                    double largest = 0;
                    for (int k = 0; k < shared; k++)
                    {
                        sum += Value(kind, a[row, k]) * Value(kind, b[k, column]);
                        largest = Math.Max(largest, Math.Abs(AsDouble(kind, a[row, k]) * AsDouble(kind, b[k, column])));
                    }

                    // The sum in double may lose digits far below the largest term before the one rounding.
                    double slack = largest * Math.ScaleB(1, -45);
                    double actual = BitConverter.UInt32BitsToSingle(d[PlaceOfC(row, column)]);
                    double below = Nearest(sum + Format.Double.Value(BitConverter.DoubleToUInt64Bits(-slack)));
                    double above = Nearest(sum + Format.Double.Value(BitConverter.DoubleToUInt64Bits(slack)));
                    Assert.True(
                        below <= actual && actual <= above,
                        $"seed {seed}, trial {trial}, {kind} k{shared}, row {row}, column {column}: {below:R} to {above:R}, got {actual:R}"
                    );
                }
            }
        }
    }

    [Fact]
    public void SmallWholeNumbersAreMultipliedExactlyInEveryShape()
    {
        const int seed = 62;
        Random random = new(seed);
        foreach ((ElementKind kind, int shared) in Shapes())
        {
            double[,] a = Whole(random, 16, shared);
            double[,] b = Whole(random, shared, 8);
            double[,] c = Whole(random, 16, 8);
            uint[] d = new uint[128];
            Multiply(
                kind,
                shared,
                Fragments.OfA(Encode(kind, a), kind),
                Fragments.OfB(Encode(kind, b), kind),
                Fragments.OfC(Encode(null, c)),
                d
            );
            ForEach(
                a,
                b,
                c,
                (row, column, expected) =>
                    Assert.True(
                        expected == BitConverter.UInt32BitsToSingle(d[PlaceOfC(row, column)]),
                        $"seed {seed}: {kind} k{shared}, row {row}, column {column}"
                    )
            );
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    public void HalvesAreAccumulatedInHalves(int shared)
    {
        const int seed = 63;
        Random random = new(seed);
        double[,] a = Whole(random, 16, shared);
        double[,] b = Whole(random, shared, 8);
        double[,] c = Whole(random, 16, 8);
        uint[] packed = new uint[64];
        uint[] d = new uint[64];
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                packed[PlaceOfHalfC(row, column)] |= Encode(ElementKind.F16, c[row, column]) << (16 * (column % 2));
            }
        }

        uint[] left = Fragments.OfA(Encode(ElementKind.F16, a), ElementKind.F16);
        uint[] right = Fragments.OfB(Encode(ElementKind.F16, b), ElementKind.F16);
        if (shared == 16)
        {
            MatrixMultiply.M16N8K16Half(left, right, packed, d);
        }
        else
        {
            MatrixMultiply.M16N8K8Half(left, right, packed, d);
        }

        ForEach(
            a,
            b,
            c,
            (row, column, expected) =>
            {
                ushort bits = (ushort)(d[PlaceOfHalfC(row, column)] >> (16 * (column % 2)));
                Assert.Equal((Half)expected, BitConverter.UInt16BitsToHalf(bits));
            }
        );
    }

    [Fact]
    public void TheTwoKindsOfEightBitFloatsMix()
    {
        const int seed = 65;
        Random random = new(seed);
        double[,] a = Whole(random, 16, 32);
        double[,] b = Whole(random, 32, 8);
        double[,] c = Whole(random, 16, 8);
        uint[] d = new uint[128];
        uint[] left = Fragments.OfA(Encode(ElementKind.E4M3, a), ElementKind.E4M3);
        uint[] right = Fragments.OfB(Encode(ElementKind.E5M2, b), ElementKind.E5M2);
        MatrixMultiply.M16N8K32(ElementKind.E4M3, ElementKind.E5M2, left, right, Fragments.OfC(Encode(null, c)), d);
        ForEach(
            a,
            b,
            c,
            (row, column, expected) => Assert.Equal(expected, BitConverter.UInt32BitsToSingle(d[PlaceOfC(row, column)]))
        );
    }

    [Fact]
    public void SubnormalFactorsCountAndInvalidProductsGiveTheCanonicalNan()
    {
        uint[,] a = new uint[16, 16];
        uint[,] b = new uint[16, 8];
        a[3, 5] = 0x0001;
        b[5, 2] = 0x0001;
        a[4, 0] = 0x7C00;
        b[0, 1] = 0x3C00;
        uint[] c = new uint[128];
        MatrixMultiply.M16N8K16(
            ElementKind.F16,
            Fragments.OfA(a, ElementKind.F16),
            Fragments.OfB(b, ElementKind.F16),
            c,
            c
        );
        Assert.Equal(MathF.ScaleB(1, -48), BitConverter.UInt32BitsToSingle(c[PlaceOfC(3, 2)]));
        Assert.Equal(0x7F80_0000u, c[PlaceOfC(4, 1)]);
        Assert.Equal(0x7FFF_FFFFu, c[PlaceOfC(4, 0)]);
        Assert.Equal(0u, c[PlaceOfC(0, 0)]);
    }

    private static IEnumerable<(ElementKind Kind, int Shared)> Shapes() =>
        [
            (ElementKind.F16, 16),
            (ElementKind.BF16, 16),
            (ElementKind.F16, 8),
            (ElementKind.BF16, 8),
            (ElementKind.TF32, 8),
            (ElementKind.TF32, 4),
            (ElementKind.E4M3, 32),
            (ElementKind.E5M2, 32),
            (ElementKind.E5M2, 16),
        ];

    private static void Multiply(ElementKind kind, int shared, uint[] a, uint[] b, uint[] c, uint[] d)
    {
        switch (shared)
        {
            case 32:
                MatrixMultiply.M16N8K32(kind, kind, a, b, c, d);
                break;
            case 16 when kind is ElementKind.E4M3 or ElementKind.E5M2:
                MatrixMultiply.M16N8K16Bytes(kind, kind, a, b, c, d);
                break;
            case 16:
                MatrixMultiply.M16N8K16(kind, a, b, c, d);
                break;
            case 8:
                MatrixMultiply.M16N8K8(kind, a, b, c, d);
                break;
            default:
                MatrixMultiply.M16N8K4(a, b, c, d);
                break;
        }
    }

    private static double Nearest(Fraction sum) =>
        BitConverter.UInt32BitsToSingle((uint)Format.Single.Round(sum, FloatRounding.NearestEven));
}
