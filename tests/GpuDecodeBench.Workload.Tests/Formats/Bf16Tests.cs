using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

public class Bf16Tests
{
    /// <summary>The definition: a bfloat16 is the upper half of a binary32.</summary>
    private static double UpperHalfValue(int code) => BitConverter.UInt32BitsToSingle((uint)code << 16);

    [Fact]
    public void EveryCodeDecodesAsTheUpperHalfOfASingleAndEncodesBack()
    {
        for (int code = 0; code <= 0xFFFF; code++)
        {
            double value = Bf16.Decode((ushort)code);
            double expected = UpperHalfValue(code);
            if (double.IsNaN(expected))
            {
                Assert.True(double.IsNaN(value), $"code 0x{code:X4} must be NaN, is {value}");
                Assert.True(
                    Bf16.Encode(value) == (code | 0x0040),
                    $"NaN code 0x{code:X4} must come back quiet with sign and payload, is 0x{Bf16.Encode(value):X4}"
                );
                continue;
            }

            Assert.True(
                BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(value),
                $"code 0x{code:X4} is {expected:R}, not {value:R}"
            );
            Assert.True(Bf16.Encode(value) == code, $"{value:R} is code 0x{code:X4}, not 0x{Bf16.Encode(value):X4}");
        }
    }

    [Fact]
    public void EveryMidpointGoesToTheEvenCodeAndItsNeighboursToTheNearest()
    {
        for (int code = 0; code < 0x7F7F; code++)
        {
            double midpoint = (UpperHalfValue(code) + UpperHalfValue(code + 1)) / 2;
            int even = (code & 1) == 0 ? code : code + 1;
            Assert.True(Bf16.Encode(midpoint) == even, $"midpoint above 0x{code:X4}");
            Assert.True(Bf16.Encode(-midpoint) == (even | 0x8000), $"negative midpoint above 0x{code:X4}");
            Assert.True(Bf16.Encode(Math.BitDecrement(midpoint)) == code, $"just below the midpoint above 0x{code:X4}");
            Assert.True(
                Bf16.Encode(Math.BitIncrement(midpoint)) == code + 1,
                $"just above the midpoint above 0x{code:X4}"
            );
        }
    }

    [Fact]
    public void RoundingHappensOnceFromDouble()
    {
        double justAboveTie = 1 + Math.ScaleB(1, -8) + Math.ScaleB(1, -40);
        Assert.Equal(0x3F81, Bf16.Encode(justAboveTie));
    }

    [Fact]
    public void BeyondTheLargestValueComesInfinity()
    {
        // (2 - 2^-7) * 2^127 is the largest value; halfway to 2^128 lies (2 - 2^-8) * 2^127.
        double tie = Math.ScaleB(2 - Math.ScaleB(1, -8), 127);
        Assert.Equal(0x7F7F, Bf16.Encode(Math.BitDecrement(tie)));
        Assert.Equal(0x7F80, Bf16.Encode(tie));
        Assert.Equal(0xFF80, Bf16.Encode(-tie));
        Assert.Equal(0x7F80, Bf16.Encode(double.MaxValue));
        Assert.Equal(0x7F80, Bf16.Encode(double.PositiveInfinity));
        Assert.Equal(0xFF80, Bf16.Encode(double.NegativeInfinity));
    }

    [Fact]
    public void SubnormalsAreKept()
    {
        Assert.Equal(0x0001, Bf16.Encode(Math.ScaleB(1, -133)));
        Assert.Equal(0x0000, Bf16.Encode(Math.ScaleB(1, -134)));
        Assert.Equal(0x0002, Bf16.Encode(Math.ScaleB(3, -134)));
        Assert.Equal(0x8000, Bf16.Encode(-0.0));
    }

    [Fact]
    public void NaNStaysNaN() => Assert.True(double.IsNaN(Bf16.Decode(Bf16.Encode(double.NaN))));
}
