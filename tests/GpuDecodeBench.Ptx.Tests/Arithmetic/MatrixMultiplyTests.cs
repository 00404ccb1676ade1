using System.Numerics;
using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

/// <summary>
/// Whole matrices, put into fragments as the formulas of the PTX ISA say (written out here for each shape), against exact sums.
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
            Multiply(kind, shared, FragmentsOfA(a, kind), FragmentsOfB(b, kind), FragmentsOfC(c), d);
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
                FragmentsOfA(Encode(kind, a), kind),
                FragmentsOfB(Encode(kind, b), kind),
                FragmentsOfC(Encode(null, c)),
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

        uint[] left = FragmentsOfA(Encode(ElementKind.F16, a), ElementKind.F16);
        uint[] right = FragmentsOfB(Encode(ElementKind.F16, b), ElementKind.F16);
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

    [Theory]
    [InlineData(ElementKind.S8, ElementKind.S8, 32)]
    [InlineData(ElementKind.U8, ElementKind.S8, 32)]
    [InlineData(ElementKind.S8, ElementKind.U8, 16)]
    [InlineData(ElementKind.U8, ElementKind.U8, 16)]
    public void BytesAreMultipliedIntoIntegersThatWrapOrSaturate(ElementKind first, ElementKind second, int shared)
    {
        const int seed = 64;
        Random random = new(seed);
        for (int trial = 0; trial < 10; trial++)
        {
            uint[,] a = Fill(random, first, 16, shared);
            uint[,] b = Fill(random, second, shared, 8);
            uint[,] c = new uint[16, 8];
            for (int index = 0; index < 128; index++)
            {
                c[index / 8, index % 8] = (uint)(
                    trial % 2 == 0 ? random.NextInt64(1L << 32) : int.MaxValue - random.Next(9)
                );
            }

            uint[] wrapped = new uint[128];
            uint[] limited = new uint[128];
            (uint[] x, uint[] y, uint[] z) = (FragmentsOfA(a, first), FragmentsOfB(b, second), FragmentsOfC(c));
            if (shared == 32)
            {
                MatrixMultiply.M16N8K32(first, second, x, y, z, wrapped);
                MatrixMultiply.M16N8K32(first, second, x, y, z, limited, satfinite: true);
            }
            else
            {
                MatrixMultiply.M16N8K16Bytes(first, second, x, y, z, wrapped);
                MatrixMultiply.M16N8K16Bytes(first, second, x, y, z, limited, satfinite: true);
            }

            for (int row = 0; row < 16; row++)
            {
                for (int column = 0; column < 8; column++)
                {
                    BigInteger sum = (int)c[row, column];
                    for (int k = 0; k < shared; k++)
                    {
                        sum += (BigInteger)AsDouble(first, a[row, k]) * (BigInteger)AsDouble(second, b[k, column]);
                    }

                    string text = $"seed {seed}, trial {trial}, row {row}, column {column}";
                    int place = PlaceOfC(row, column);
                    Assert.True((uint)(sum & uint.MaxValue) == wrapped[place], text);
                    BigInteger within = BigInteger.Min(BigInteger.Max(sum, int.MinValue), int.MaxValue);
                    Assert.True((uint)(within & uint.MaxValue) == limited[place], text);
                }
            }
        }
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
        uint[] left = FragmentsOfA(Encode(ElementKind.E4M3, a), ElementKind.E4M3);
        uint[] right = FragmentsOfB(Encode(ElementKind.E5M2, b), ElementKind.E5M2);
        MatrixMultiply.M16N8K32(ElementKind.E4M3, ElementKind.E5M2, left, right, FragmentsOfC(Encode(null, c)), d);
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
            FragmentsOfA(a, ElementKind.F16),
            FragmentsOfB(b, ElementKind.F16),
            c,
            c
        );
        Assert.Equal(MathF.ScaleB(1, -48), BitConverter.UInt32BitsToSingle(c[PlaceOfC(3, 2)]));
        Assert.Equal(0x7F80_0000u, c[PlaceOfC(4, 1)]);
        Assert.Equal(0x7FFF_FFFFu, c[PlaceOfC(4, 0)]);
        Assert.Equal(0u, c[PlaceOfC(0, 0)]);
    }

    [Fact]
    public void AMatrixIsTransposedAndItsLayoutIsThatOfLdmatrix()
    {
        uint[] source = new uint[32];
        for (int lane = 0; lane < 32; lane++)
        {
            for (int half = 0; half < 2; half++)
            {
                int row = MatrixFragments.LoadRow(lane, half, transposed: false);
                int column = MatrixFragments.LoadColumn(lane, half, transposed: false);
                Assert.Equal((lane / 4, (lane % 4 * 2) + half), (row, column));
                Assert.Equal(column, MatrixFragments.LoadRow(lane, half, transposed: true));
                Assert.Equal(row, MatrixFragments.LoadColumn(lane, half, transposed: true));
                source[lane] |= (uint)((row * 8) + column + 0x4100) << (16 * half);
            }
        }

        uint[] transposed = new uint[32];
        Movmatrix.Transpose(source, transposed);
        for (int row = 0; row < 8; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                uint register = transposed[(row * 4) + (column / 2)];
                Assert.Equal((uint)((column * 8) + row + 0x4100), (register >> (16 * (column % 2))) & 0xFFFF);
            }
        }

        uint[] again = new uint[32];
        Movmatrix.Transpose(transposed, again);
        Assert.Equal(source, again);
        Assert.Equal(29, MatrixFragments.AddressLane(3, 5));
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

    private static int Bits(ElementKind kind) =>
        kind switch
        {
            ElementKind.TF32 => 32,
            ElementKind.F16 or ElementKind.BF16 => 16,
            _ => 8,
        };

    /// <summary>For each row and column the register and the place in it, as the ISA's formulas for i = 0 … n−1 say.</summary>
    private static uint[] FragmentsOfA(uint[,] a, ElementKind kind)
    {
        int each = 32 / Bits(kind);
        int count = a.Length / 32;
        uint[] fragments = new uint[32 * count / each];
        for (int lane = 0; lane < 32; lane++)
        {
            (int group, int thread) = (lane >> 2, lane % 4);
            for (int i = 0; i < count; i++)
            {
                // a0..a(e-1) in the upper block of rows, the next e in the lower one; then the right half of the columns.
                int row = i / each % 2 == 0 ? group : group + 8;
                int column = (thread * each) + (i % each) + (i >= 2 * each ? 4 * each : 0);
                fragments[(lane * count / each) + (i / each)] |= a[row, column] << (i % each * Bits(kind));
            }
        }

        return fragments;
    }

    private static uint[] FragmentsOfB(uint[,] b, ElementKind kind)
    {
        int each = 32 / Bits(kind);
        int count = b.Length / 32;
        uint[] fragments = new uint[32 * count / each];
        for (int lane = 0; lane < 32; lane++)
        {
            (int group, int thread) = (lane >> 2, lane % 4);
            for (int i = 0; i < count; i++)
            {
                int row = (thread * each) + (i % each) + (i >= each ? 4 * each : 0);
                fragments[(lane * count / each) + (i / each)] |= b[row, group] << (i % each * Bits(kind));
            }
        }

        return fragments;
    }

    private static uint[] FragmentsOfC(uint[,] c)
    {
        uint[] fragments = new uint[128];
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                fragments[PlaceOfC(row, column)] = c[row, column];
            }
        }

        return fragments;
    }

    private static int PlaceOfC(int row, int column)
    {
        int lane = (row % 8 * 4) + (column / 2);
        return (lane * 4) + (row / 8 * 2) + (column % 2);
    }

    private static int PlaceOfHalfC(int row, int column) => (((row % 8 * 4) + (column / 2)) * 2) + (row / 8);

    private static uint[,] Fill(Random random, ElementKind? kind, int rows, int columns)
    {
        uint[,] matrix = new uint[rows, columns];
        for (int index = 0; index < matrix.Length; index++)
        {
            double value = (random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-6, 7));
            matrix[index / columns, index % columns] = kind is ElementKind.S8 or ElementKind.U8
                ? (uint)random.Next(256)
                : Encode(kind, value);
        }

        return matrix;
    }

    private static double[,] Whole(Random random, int rows, int columns)
    {
        double[,] matrix = new double[rows, columns];
        for (int index = 0; index < matrix.Length; index++)
        {
            matrix[index / columns, index % columns] = random.Next(-4, 5);
        }

        return matrix;
    }

    private static uint[,] Encode(ElementKind? kind, double[,] values)
    {
        uint[,] matrix = new uint[values.GetLength(0), values.GetLength(1)];
        for (int index = 0; index < matrix.Length; index++)
        {
            int columns = matrix.GetLength(1);
            matrix[index / columns, index % columns] = Encode(kind, values[index / columns, index % columns]);
        }

        return matrix;
    }

    private static uint Encode(ElementKind? kind, double value)
    {
        uint single = BitConverter.SingleToUInt32Bits((float)value);
        uint half = BitConverter.HalfToUInt16Bits((Half)value);
        return kind switch
        {
            ElementKind.F16 => half,
            ElementKind.BF16 => single >> 16,
            ElementKind.TF32 => single & ~0x1FFFu,
            ElementKind.E4M3 => TruncatedE4M3(value),
            ElementKind.E5M2 => half >> 8,
            _ => single,
        };
    }

    /// <summary>The largest E4M3 number not above in magnitude, found by going through them.</summary>
    private static uint TruncatedE4M3(double value)
    {
        uint code = 0;
        while (code < 0x7E && AsDouble(ElementKind.E4M3, code + 1) <= Math.Abs(value))
        {
            code++;
        }

        return code | (value < 0 ? 0x80u : 0);
    }

    private static double AsDouble(ElementKind kind, uint bits) =>
        kind switch
        {
            ElementKind.F16 => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            ElementKind.BF16 => BitConverter.UInt32BitsToSingle(bits << 16),
            ElementKind.TF32 => BitConverter.UInt32BitsToSingle(bits),
            ElementKind.E5M2 => (double)BitConverter.UInt16BitsToHalf((ushort)(bits << 8)),
            ElementKind.S8 => (sbyte)bits,
            ElementKind.U8 => (byte)bits,
            _ => ((bits & 0x80) != 0 ? -1 : 1)
                * (
                    (bits & 0x78) == 0
                        ? (bits & 7) / 512.0
                        : Math.ScaleB(8 + (bits & 7), (int)((bits & 0x7F) >> 3) - 10)
                ),
        };

    private static Fraction Value(ElementKind kind, uint bits) =>
        Format.Double.Value(BitConverter.DoubleToUInt64Bits(AsDouble(kind, bits)));

    private static double Nearest(Fraction sum) =>
        BitConverter.UInt32BitsToSingle((uint)Format.Single.Round(sum, FloatRounding.NearestEven));

    private static void ForEach(double[,] a, double[,] b, double[,] c, Action<int, int, float> check)
    {
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                double sum = c[row, column];
                for (int k = 0; k < a.GetLength(1); k++)
                {
                    sum += a[row, k] * b[k, column];
                }

                check(row, column, (float)sum);
            }
        }
    }
}
