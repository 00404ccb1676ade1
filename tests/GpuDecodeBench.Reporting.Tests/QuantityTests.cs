namespace GpuDecodeBench.Reporting.Tests;

public class QuantityTests
{
    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(3e-8, "< 0.1")]
    [InlineData(0.0004, "< 0.1")]
    [InlineData(0.0005, "0.1")]
    [InlineData(0.65, "65.0")]
    public void AShareAboveZeroIsNotWrittenAsNone(double fraction, string text) =>
        Assert.Equal(text, Quantity.PercentAboveZero(fraction));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(1.5, "1.50 s")]
    [InlineData(0.00421, "4.21 ms")]
    [InlineData(17e-6, "17.0 µs")]
    [InlineData(2.5e-9, "2.50 ns")]
    [InlineData(-0.002, "-2.00 ms")]
    public void TimesHaveAUnitThatSuitsThem(double seconds, string text) =>
        Assert.Equal(text, Quantity.Seconds(seconds));

    [Theory]
    [InlineData(0, "0 B", "0 B")]
    [InlineData(999, "999 B", "999 B")]
    [InlineData(1000, "1.00 kB", "1,000 B")]
    [InlineData(1_073_741_824, "1.07 GB", "1.00 GiB")]
    [InlineData(999_960_000, "1.00 GB", "954 MiB")]
    [InlineData(150e9, "150 GB", "140 GiB")]
    public void BytesAreDecimalOrBinaryAndSaySo(double bytes, string si, string binary)
    {
        Assert.Equal(si, Quantity.Bytes(bytes));
        Assert.Equal(binary, Quantity.BinaryBytes(bytes));
    }

    [Fact]
    public void RatesFractionsAndMoneyHaveTheirForms()
    {
        Assert.Equal("4.37 TB/s", Quantity.Rate(4.37e12));
        Assert.Equal("87.5", Quantity.Percent(0.875));
        Assert.Equal("88 %", Quantity.RoundPercent(0.875));
        Assert.Equal("0.4 %", Quantity.RoundPercent(0.004));
        Assert.Equal("$0.00123", Quantity.Usd(0.001234));
        Assert.Equal("$1,235", Quantity.Usd(1234.6));
    }

    [Fact]
    public void WhatIsNotKnownIsADashWithItsReason()
    {
        Assert.Equal("– (no price is known)", Quantity.OrDash(null, "noPrice", Quantity.Usd));
        Assert.Equal("–", Quantity.OrDash(null, null, Quantity.Usd));
        Assert.Equal("$1.00", Quantity.OrDash(1, "noPrice", Quantity.Usd));
    }

    [Theory]
    [InlineData("noPrice", "no price is known")]
    [InlineData("verificationFailed", "the results differ from the reference")]
    [InlineData("someNewCode", "some new code")]
    [InlineData("libcuda.so.1 was not found", "libcuda.so.1 was not found")]
    public void CodesBecomeWords(string code, string words) => Assert.Equal(words, ReasonWords.Of(code));
}
