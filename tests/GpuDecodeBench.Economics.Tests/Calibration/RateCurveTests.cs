using GpuDecodeBench.Economics.Calibration;

namespace GpuDecodeBench.Economics.Tests.Calibration;

public class RateCurveTests
{
    // 1 ns a byte at 1 FLOP a byte, 4 ns at 16; reading at most 2 GB/s, arithmetic at most 10 GFLOP/s.
    private static readonly RateCurve s_curve = new(
        [new RateKnot(1, 1e-9, 1, 1, 3), new RateKnot(16, 4e-9, 16, 16, 3)],
        2e9,
        10e9
    );

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(16, 4, 4)]
    [InlineData(15.8, 4, 4)] // within a twentieth of a measured intensity
    // Between: at least 1 ns and 4 ns × 6 / 16 = 1.5 ns; at most the line, 1 + 3 × 5 / 15 = 2 ns.
    [InlineData(6, 1.5, 2)]
    // Beyond: at least the line, 4 + 0.2 × 16 = 7.2 ns; at most in proportion, 4 × 2 = 8 ns.
    [InlineData(32, 7.2, 8)]
    // Below: at least the line, 1 - 0.2 × 0.5 = 0.9 ns; at most what was measured.
    [InlineData(0.5, 0.9, 1)]
    public void ATimeIsMeasuredOrBetweenItsBounds(double intensity, double lowNanoseconds, double highNanoseconds)
    {
        RateBand band = s_curve.At(intensity);
        Assert.Equal(lowNanoseconds, band.LowSecondsPerByte * 1e9, 9);
        Assert.Equal(highNanoseconds, band.HighSecondsPerByte * 1e9, 9);
        Assert.Equal(Math.Sqrt(lowNanoseconds * highNanoseconds), band.SecondsPerByte * 1e9, 9);
        Assert.True(band.SecondsPerByte + band.HalfWidthSecondsPerByte >= band.HighSecondsPerByte * (1 - 1e-12));
        Assert.True(band.SecondsPerByte - band.HalfWidthSecondsPerByte <= band.LowSecondsPerByte * (1 + 1e-12));
    }

    [Fact]
    public void ASingleIntensityLeavesBoundsOfTheCeilings()
    {
        RateCurve curve = new([new RateKnot(2, 1e-9, 2, 2, 1)], 2e9, 10e9);
        // At 20 FLOP a byte arithmetic alone takes 2 ns; in proportion to what was measured it would be 10 ns.
        Assert.Equal(new RateBand(2e-9, 10e-9), curve.At(20));
        // At 1 FLOP a byte: no more than what was measured, and no less than half of it, or arithmetic would take longer.
        Assert.Equal(new RateBand(0.5e-9, 1e-9), curve.At(1));
        Assert.True(curve.IsOutside(20));
        Assert.False(curve.IsOutside(2.05));
    }

    [Fact]
    public void ATimeThatNoiseMakesFallLeavesNoNegativeBand()
    {
        RateCurve curve = new([new RateKnot(1, 2e-9, 1, 1, 1), new RateKnot(4, 1.9e-9, 4, 4, 1)], null, null);
        Assert.True(curve.At(2).HalfWidthSecondsPerByte >= 0);
        Assert.True(curve.At(8).LowSecondsPerByte >= 1.9e-9);
    }
}
