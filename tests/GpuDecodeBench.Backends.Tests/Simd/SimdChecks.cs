using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Tests.Simd;

/// <summary>The checks of one SIMD path.</summary>
internal sealed unsafe class SimdChecks<TSimd, TVector, TTable> : ISimdChecks
    where TSimd : struct, ISimdTables<TVector, TTable>
    where TVector : struct
    where TTable : struct
{
    private const int Seed = 4711;
    private static readonly float[] s_a = Gaussian(1);
    private static readonly float[] s_b = Gaussian(2);
    private static readonly float[] s_c = Gaussian(3);

    public void ALineIsAWholeNumberOfRegisters() => Assert.Equal(0, PanelMatrix.Lanes % TSimd.Lanes);

    public void LoadsAndStoresKeepEveryLaneInItsPlaceAndTouchNothingBeyond()
    {
        float[] stored = [.. Enumerable.Repeat(7f, TSimd.Lanes + 4)];
        fixed (float* source = s_a)
        fixed (float* target = stored)
        {
            TSimd.Store(TSimd.Load(source), target);
            Assert.Equal([.. s_a.Take(TSimd.Lanes), 7, 7, 7, 7], stored);
            Assert.Equal(s_a.Take(TSimd.Lanes), Lanes(TSimd.LoadLine((byte*)source)));
        }

        ushort[] words = [.. Enumerable.Range(0, TSimd.Lanes).Select(i => (ushort)(65535 - (i * 4097)))];
        fixed (ushort* source = words)
        {
            Assert.Equal(words.Select(word => (int)word), Integers(TSimd.LoadWords(source)));
        }

        Assert.Equal(Enumerable.Range(0, TSimd.Lanes), Integers(TSimd.Indices));
        Assert.All(Integers(TSimd.Zero), value => Assert.Equal(0, value));
        Assert.All(Integers(TSimd.Integers(-5)), value => Assert.Equal(-5, value));
        Assert.All(Lanes(TSimd.Floats(0.3f)), value => Assert.Equal(0.3f, value));
    }

    public void ArithmeticIsThatOfEachLane()
    {
        TVector a = Vector(s_a);
        TVector b = Vector(s_b);
        TVector c = Vector(s_c);
        AssertLanes(TSimd.Add(a, b), i => s_a[i] + s_b[i]);
        AssertLanes(TSimd.Subtract(a, b), i => s_a[i] - s_b[i]);
        AssertLanes(TSimd.Multiply(a, b), i => s_a[i] * s_b[i]);
        AssertLanes(TSimd.Divide(a, b), i => s_a[i] / s_b[i]);
        AssertLanes(TSimd.Max(a, b), i => MathF.Max(s_a[i], s_b[i]));
        AssertLanes(TSimd.SelectGreater(a, b, c, a), i => s_a[i] > s_b[i] ? s_c[i] : s_a[i]);
        AssertLanes(TSimd.SelectGreater(a, a, c, b), i => s_b[i]);
        AssertNear(TSimd.MultiplyAdd(a, b, c), i => ((double)s_a[i] * s_b[i]) + s_c[i]);
        AssertNear(TSimd.Exp(a), i => Math.Exp(s_a[i]));
        Assert.Equal(s_a.Take(TSimd.Lanes).Sum(value => (double)value), TSimd.Sum(a), 1e-5);
    }

    public void BitsAndIntegersAreThoseOfEachLane()
    {
        int[] x = [.. s_a.Select(BitConverter.SingleToInt32Bits)];
        int[] y = [.. s_b.Select(BitConverter.SingleToInt32Bits)];
        TVector a = Vector(s_a);
        TVector b = Vector(s_b);
        AssertIntegers(TSimd.And(a, b), i => x[i] & y[i]);
        AssertIntegers(TSimd.AddIntegers(a, b), i => unchecked(x[i] + y[i]));
        Assert.Equal(x.Take(TSimd.Lanes).Aggregate(0, (sum, value) => unchecked(sum + value)), TSimd.SumOfIntegers(a));
        foreach (int bits in (int[])[0, 1, 3, 4, 8, 16, 24, 28, 31])
        {
            AssertIntegers(TSimd.ShiftLeft(a, bits), i => x[i] << bits);
            AssertIntegers(TSimd.ShiftRight(a, bits), i => (int)((uint)x[i] >> bits));
            AssertIntegers(TSimd.ShiftRightSigned(a, bits), i => x[i] >> bits);
        }

        AssertLanes(TSimd.ConvertToSingle(TSimd.ShiftRightSigned(a, 12)), i => x[i] >> 12);
    }

    public void TablesGiveEveryEntryWhateverTheOtherBitsOfAnIndexAre()
    {
        var random = new Random(Seed);
        TTable numbers = TSimd.Table(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -112);
        float[] expected = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -112];
        for (int round = 0; round < 64; round++)
        {
            int[] indices = [.. Enumerable.Range(0, 16).Select(i => (random.Next() << 4) | ((i + round) & 15))];
            int less = round % 16;
            float scale = round % 2 == 0 ? 0.375f : 1.5e-38f;
            TTable table = TSimd.TableTimes(TSimd.TableLess(numbers, less), TSimd.Floats(scale));
            TVector found = TSimd.LookUp(table, Vector([.. indices.Select(BitConverter.Int32BitsToSingle)]));
            AssertLanes(found, i => (expected[indices[i] & 15] - less) * scale);
        }
    }

    public void EveryReadKernelReadsEveryByteOnce()
    {
        const int Bytes = 4096;
        var memory = new byte[Bytes];
        new Random(Seed).NextBytes(memory);
        int sum = 0;
        for (int i = 0; i < Bytes; i += sizeof(int))
        {
            sum = unchecked(sum + BitConverter.ToInt32(memory, i));
        }

        fixed (byte* start = memory)
        {
            foreach (ReadKernel kernel in ReadKernel.All)
            {
                Assert.Equal(sum, (int)kernel.Read<TSimd, TVector>(start, Bytes));
            }
        }
    }

    public void ThePeakKernelDoesEveryMultiplyAddThatItCounts()
    {
        double one = 0.999;
        for (int round = 0; round < 50; round++)
        {
            one = (one * 0.999) + 0.001;
        }

        double all = one * PeakKernel<TSimd, TVector>.Sums * TSimd.Lanes;
        Assert.Equal(all, PeakKernel<TSimd, TVector>.MultiplyAddLoop(50), all * 1e-5);
    }

    private static TVector Vector(float[] values)
    {
        fixed (float* p = values)
        {
            return TSimd.Load(p);
        }
    }

    private static float[] Lanes(TVector vector)
    {
        var lanes = new float[TSimd.Lanes];
        fixed (float* p = lanes)
        {
            TSimd.Store(vector, p);
        }

        return lanes;
    }

    private static int[] Integers(TVector vector) => [.. Lanes(vector).Select(BitConverter.SingleToInt32Bits)];

    private static void AssertLanes(TVector actual, Func<int, float> expected) =>
        Assert.Equal(Enumerable.Range(0, TSimd.Lanes).Select(expected), Lanes(actual));

    private static void AssertIntegers(TVector actual, Func<int, int> expected) =>
        Assert.Equal(Enumerable.Range(0, TSimd.Lanes).Select(expected), Integers(actual));

    private static void AssertNear(TVector actual, Func<int, double> expected)
    {
        float[] lanes = Lanes(actual);
        for (int i = 0; i < lanes.Length; i++)
        {
            Assert.Equal(expected(i), lanes[i], 1e-6 * (1 + Math.Abs(expected(i))));
        }
    }

    private static float[] Gaussian(int stream)
    {
        var random = new Random(Seed + stream);
        return
        [
            .. Enumerable
                .Range(0, PanelMatrix.Lanes)
                .Select(_ =>
                    (float)(
                        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())
                    )
                ),
        ];
    }
}
