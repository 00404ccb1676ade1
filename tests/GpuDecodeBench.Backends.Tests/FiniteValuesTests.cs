using GpuDecodeBench.Backends.Verification;

namespace GpuDecodeBench.Backends.Tests;

public sealed class FiniteValuesTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void TheFirstThatIsNotFiniteIsFoundWhereverItIs(float value)
    {
        for (int length = 1; length < 40; length++)
        {
            for (int place = 0; place < length; place++)
            {
                float[] values = [.. Enumerable.Repeat(float.MaxValue, length)];
                values[place] = value;
                values[^1] = place < length - 1 ? float.NaN : value;
                Assert.Equal(place, FiniteValues.CountFirst(values));
            }
        }
    }

    [Fact]
    public void FiniteValuesOfEverySizeAreAllCounted()
    {
        float[] values =
        [
            0,
            -0f,
            float.Epsilon,
            float.MaxValue,
            float.MinValue,
            1e-38f,
            -1,
            0.5f,
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            10,
            11,
        ];
        Assert.Equal(values.Length, FiniteValues.CountFirst(values));
        Assert.Equal(0, FiniteValues.CountFirst([]));
    }
}
