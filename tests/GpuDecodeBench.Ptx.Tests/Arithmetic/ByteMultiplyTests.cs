using System.Numerics;
using GpuDecodeBench.Ptx.Arithmetic;
using static GpuDecodeBench.Ptx.Tests.Arithmetic.Fragments;
using static GpuDecodeBench.Ptx.Tests.Arithmetic.TestMatrices;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

/// <summary>Whole matrices of bytes, signed or not, multiplied into integers.</summary>
public sealed class ByteMultiplyTests
{
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
            (uint[] x, uint[] y, uint[] z) = (Fragments.OfA(a, first), Fragments.OfB(b, second), Fragments.OfC(c));
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
}
