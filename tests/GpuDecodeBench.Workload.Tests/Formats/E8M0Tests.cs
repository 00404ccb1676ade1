using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

public class E8M0Tests
{
    [Fact]
    public void EveryCodeIsAPowerOfTwoAndEncodesBack()
    {
        for (int code = 0; code < 255; code++)
        {
            double value = E8M0.Decode((byte)code);
            Assert.True(value == Math.Pow(2, code - 127), $"code {code} is 2^{code - 127}, not {value:R}");
            Assert.Equal(code, E8M0.Encode(value));
        }

        Assert.True(double.IsNaN(E8M0.Decode(255)));
    }

    [Theory]
    [InlineData(1.0, 127)]
    [InlineData(1.9999999999999998, 127)]
    [InlineData(2.0, 128)]
    [InlineData(0.9999999999999999, 126)]
    [InlineData(3.9, 128)]
    public void AValueTakesThePowerOfTwoThatIsNotAboveIt(double value, int code) =>
        Assert.Equal(code, E8M0.Encode(value));

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1e-300, 0)]
    [InlineData(double.Epsilon, 0)]
    [InlineData(1e300, 254)]
    [InlineData(double.PositiveInfinity, 254)]
    [InlineData(double.NaN, 255)]
    [InlineData(-1.0, 255)]
    [InlineData(double.NegativeInfinity, 255)]
    public void WhatIsOutOfRangeSaturatesAndWhatHasNoCodeIsNaN(double value, int code) =>
        Assert.Equal(code, E8M0.Encode(value));
}
