using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

/// <summary>Matrices in the bits of an element kind, and what those bits are worth.</summary>
internal static class TestMatrices
{
    public static uint[,] Fill(Random random, ElementKind? kind, int rows, int columns)
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

    public static double[,] Whole(Random random, int rows, int columns)
    {
        double[,] matrix = new double[rows, columns];
        for (int index = 0; index < matrix.Length; index++)
        {
            matrix[index / columns, index % columns] = random.Next(-4, 5);
        }

        return matrix;
    }

    public static uint[,] Encode(ElementKind? kind, double[,] values)
    {
        uint[,] matrix = new uint[values.GetLength(0), values.GetLength(1)];
        for (int index = 0; index < matrix.Length; index++)
        {
            int columns = matrix.GetLength(1);
            matrix[index / columns, index % columns] = Encode(kind, values[index / columns, index % columns]);
        }

        return matrix;
    }

    public static uint Encode(ElementKind? kind, double value)
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

    public static double AsDouble(ElementKind kind, uint bits) =>
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

    public static Fraction Value(ElementKind kind, uint bits) =>
        Format.Double.Value(BitConverter.DoubleToUInt64Bits(AsDouble(kind, bits)));

    /// <summary>Calls a check with each place of a 16 × 8 result and the plain sum that belongs there.</summary>
    public static void ForEach(double[,] a, double[,] b, double[,] c, Action<int, int, float> check)
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
