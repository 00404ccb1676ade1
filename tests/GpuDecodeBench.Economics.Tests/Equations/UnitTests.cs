using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Tests.Equations;

public class UnitTests
{
    [Theory]
    [InlineData("kWh", 3.6e6)]
    [InlineData("pJ/bit", 8e-12)]
    [InlineData("$/Mtok", 1e-6)]
    [InlineData("$/kWh", 1 / 3.6e6)]
    [InlineData("TB/s", 1e12)]
    [InlineData("GiB", 1073741824)]
    [InlineData("GB", 1e9)]
    [InlineData("ms", 1e-3)]
    [InlineData("µs", 1e-6)]
    [InlineData("min", 60)]
    [InlineData("yr", 31536000)]
    [InlineData("%", 0.01)]
    [InlineData("TFLOP/s", 1e12)]
    [InlineData("$/GPU/h", 1 / 3600.0)]
    [InlineData("MW", 1e6)]
    [InlineData("Gbit/s", 1.25e8)]
    public void AUnitIsWorthItsBaseUnits(string text, double scale) =>
        Assert.Equal(scale, Unit.Parse(text).Scale, scale * 1e-12);

    [Fact]
    public void WattsAreJoulesInASecond() => Assert.Equal(Unit.Parse("J/s").Dimension, Unit.Parse("W").Dimension);

    [Theory]
    [InlineData("$/Mtok", "$/tok")]
    [InlineData("W/GPU", "J/s/GPU")]
    [InlineData("1", "1")]
    [InlineData("%", "1")]
    public void ADimensionIsWrittenInBaseUnits(string text, string dimension) =>
        Assert.Equal(dimension, Unit.Parse(text).Dimension.ToString());

    [Theory]
    [InlineData("nJ/bot", "bot")]
    [InlineData("EB", "EB")]
    [InlineData("kh", "kh")]
    [InlineData("KiJ", "KiJ")]
    public void AnUnknownUnitIsNamed(string text, string part) =>
        Assert.Contains(
            $"'{part}'",
            Assert.Throws<FormatException>(() => Unit.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("$/h", 2.3443 / 3600, "$2.344/h")]
    [InlineData("%", 0.65, "65 %")]
    [InlineData("pJ/bit", 3.9e-12 * 8, "3.9 pJ/bit")]
    [InlineData("$", -12, "−$12")]
    [InlineData("W", 100, "100 W")]
    [InlineData("1", 2.0 / 3, "0.6667")]
    [InlineData("1", 1234.5, "1,235")]
    public void AValueIsWrittenInItsUnit(string text, double value, string written) =>
        Assert.Equal(written, Unit.Parse(text).Format(value));

    /// <summary>226.8 nodes of eight GPUs at $2 for a day are $87,091, 226.75 are the $87,072 that the derivation ends with.</summary>
    [Theory]
    [InlineData("1", 226.75, "226.75")]
    [InlineData("$", 0.115, "$0.115")]
    [InlineData("W", 700, "700 W")]
    [InlineData("1", 2.0 / 3, "0.6667")]
    [InlineData("1", 1234.5678901, "1,235")]
    [InlineData("1", -226.75, "−226.75")]
    [InlineData("$/h", double.NaN, "unknown")]
    public void AGivenValueIsWrittenAsItWasGiven(string text, double value, string written) =>
        Assert.Equal(written, Unit.Parse(text).FormatGiven(value));
}
