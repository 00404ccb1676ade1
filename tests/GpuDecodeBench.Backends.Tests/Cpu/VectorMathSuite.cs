using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Backends.Tests.Simd;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Tests.Cpu;

/// <summary>The vector operations against the reference, on lengths with every kind of rest, and nothing written beyond.</summary>
public abstract unsafe class VectorMathSuite(SimdPath path)
{
    private const int Guard = 16;
    private const float Untouched = -12345.5f;
    private const int Seed = 99;
    private readonly CpuKernels _kernels = CpuKernels.For(path);

    public static TheoryData<int> Lengths => [1, 2, 7, 15, 16, 17, 31, 32, 33, 47, 64, 150, 203, 1000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void RmsNormMatches(int length)
    {
        float[] x = Gaussian(length, 1);
        float[] weight = Gaussian(length, 2);
        float[] result = Guarded(length);
        fixed (float* px = x)
        fixed (float* pw = weight)
        fixed (float* pr = result)
        {
            _kernels.RmsNorm(px, pw, length, 1e-5f, pr);
        }

        var expected = new double[length];
        ReferenceMath.RmsNorm(Widen(x), Widen(weight), 1e-5f, expected);
        AssertClose(expected, result, 2e-6);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AddMatchesToTheBit(int length)
    {
        float[] x = [.. Gaussian(length, 3), .. Guarded(0)];
        float[] delta = Gaussian(length, 4);
        float[] expected = [.. x.Take(length).Zip(delta, (a, b) => a + b)];
        fixed (float* px = x)
        fixed (float* pd = delta)
        {
            _kernels.Add(px, pd, length);
        }

        Assert.Equal([.. expected, .. Guarded(0)], x);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void GatedActivationsMatch(int length)
    {
        foreach (GatedActivationKind kind in Enum.GetValues<GatedActivationKind>())
        {
            float[] gate = [.. Gaussian(length, 5).Select(value => 4 * value)];
            float[] up = [.. Gaussian(length, 6).Select(value => 4 * value)];
            float[] result = Guarded(length);
            fixed (float* pg = gate)
            fixed (float* pu = up)
            fixed (float* pr = result)
            {
                _kernels.JoinGates(kind, pg, pu, length, pr);
            }

            AssertClose([.. gate.Zip(up, (g, u) => ReferenceMath.Gate(kind, g, u))], result, 2e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void SoftCapMatches(int length)
    {
        float[] x = [.. Gaussian(length, 11).Select(value => 40 * value), .. Guarded(0)];
        double[] expected = [.. x[..length].Select(value => ReferenceMath.SoftCap(value, 30))];
        fixed (float* px = x)
        {
            _kernels.SoftCap(px, length, 30);
        }

        AssertClose(expected, x, 2e-6);
    }

    [Theory]
    [InlineData(1)] // the scalar path
    [InlineData(16)] // the vector path
    public void SoftCapOfAnythingLargeIsTheCap(int length)
    {
        foreach (float value in (float[])[-1e30f, -1000, 1000, 1e30f])
        {
            float[] x = [.. Enumerable.Repeat(value, length)];
            fixed (float* px = x)
            {
                _kernels.SoftCap(px, length, 30);
            }

            Assert.All(x, result => Assert.Equal(value > 0 ? 30 : -30, result));
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AddScaledMatches(int length)
    {
        float[] x = [.. Gaussian(length, 12), .. Guarded(0)];
        float[] delta = Gaussian(length, 13);
        double[] expected = [.. x[..length].Zip(delta, (a, b) => a + (0.37 * b))];
        fixed (float* px = x)
        fixed (float* pd = delta)
        {
            _kernels.AddScaled(px, pd, 0.37f, length);
        }

        AssertClose(expected, x, 2e-6);
    }

    [Theory]
    [InlineData(1)] // the scalar path
    [InlineData(16)] // the vector path
    public void SiluIsFiniteForGatesWhoseExponentialOverflows(int length)
    {
        foreach (float gate in (float[])[-1e30f, -1000, -100, -88.8f, -87, 87, 88.8f, 100, 1000, 1e30f])
        {
            float[] gates = [.. Enumerable.Repeat(gate, length)];
            float[] ups = [.. Enumerable.Repeat(2f, length)];
            float[] result = Guarded(length);
            fixed (float* pg = gates)
            fixed (float* pu = ups)
            fixed (float* pr = result)
            {
                _kernels.JoinGates(GatedActivationKind.Silu, pg, pu, length, pr);
            }

            double expected = ReferenceMath.Gate(GatedActivationKind.Silu, gate, 2);
            Assert.All(
                result.Take(length),
                value => Assert.Equal(expected, value, Math.Max(1e-30, Math.Abs(expected) * 1e-6))
            );
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void RotateMatches(int half)
    {
        float[] head = [.. Gaussian(2 * half, 7), .. Guarded(0)];
        var cosines = new float[half];
        var sines = new float[half];
        double[] frequencies = [.. Enumerable.Range(0, half).Select(i => Math.Pow(10_000, -(double)i / half))];
        for (int i = 0; i < half; i++)
        {
            cosines[i] = (float)Math.Cos(37 * frequencies[i]);
            sines[i] = (float)Math.Sin(37 * frequencies[i]);
        }

        double[] expected = Widen(head[..(2 * half)]);
        ReferenceMath.Rope(expected, 37, frequencies);
        fixed (float* ph = head)
        fixed (float* pc = cosines)
        fixed (float* ps = sines)
        {
            _kernels.Rotate(ph, pc, ps, half);
        }

        AssertClose(expected, head, 5e-7);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void ArgmaxFindsALonePeakWhereverItLies(int length)
    {
        for (int peak = 0; peak < length; peak++)
        {
            float[] values = [.. Enumerable.Repeat(-5f, length)];
            values[peak] = -4.9999995f; // the next float above -5
            Assert.Equal(peak, Argmax(values));
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void ArgmaxTakesTheFirstOfSeveralEqualOnes(int length)
    {
        var random = new Random(Seed);
        for (int round = 0; round < 300; round++)
        {
            // Few distinct values, so that ties fall within lanes, across lanes and into the rest.
            float[] values = [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(-3, 1))];
            Assert.Equal(ReferenceMath.Argmax(Widen(values)), Argmax(values));
        }

        Assert.Equal(0, Argmax([.. Enumerable.Repeat(-1f, length)]));
        Assert.Equal(0, Argmax([.. Enumerable.Repeat(float.NegativeInfinity, length)]));
    }

    [Fact]
    public void ArgmaxDoesNotLookBeyondTheEnd()
    {
        float[] values = [.. Enumerable.Repeat(1f, 20), .. Enumerable.Repeat(9f, 20)];
        fixed (float* p = values)
        {
            Assert.Equal(0, _kernels.Argmax(p, 20));
        }
    }

    private int Argmax(float[] values)
    {
        fixed (float* p = values)
        {
            return _kernels.Argmax(p, values.Length);
        }
    }

    private static float[] Gaussian(int length, int stream)
    {
        var random = new Random(Seed + stream);
        return
        [
            .. Enumerable
                .Range(0, length)
                .Select(_ =>
                    (float)(
                        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())
                    )
                ),
        ];
    }

    private static float[] Guarded(int length) => [.. Enumerable.Repeat(Untouched, length + Guard)];

    private static double[] Widen(float[] values) => [.. values.Select(value => (double)value)];

    private static void AssertClose(double[] expected, float[] actual, double tolerance)
    {
        double rms = Math.Sqrt(ReferenceMath.Dot(expected, expected) / expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance * (rms + Math.Abs(expected[i])));
        }

        Assert.All(actual[expected.Length..], value => Assert.Equal(Untouched, value));
    }
}

[NeedsSimd(SimdPath.Avx512)]
public sealed class Avx512VectorMathTests() : VectorMathSuite(SimdPath.Avx512);

[NeedsSimd(SimdPath.Avx2)]
public sealed class Avx2VectorMathTests() : VectorMathSuite(SimdPath.Avx2);

public sealed class PortableVectorMathTests() : VectorMathSuite(SimdPath.Portable);
