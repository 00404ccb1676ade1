using System.Globalization;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Reporting.Terminal;

namespace GpuDecodeBench.Reporting.Tests;

public class DrawingTests
{
    [Theory]
    [InlineData("1 2 3 4 5 6 7 8", 20, 0, "▁▂▃▄▅▆▇█")]
    [InlineData("8 1", 20, 0, "█▁")]
    [InlineData("5 5 5", 20, 0, "▅▅▅")]
    [InlineData("1 ? 3", 20, 0, "▁·█")]
    [InlineData("? ?", 20, 0, "··")]
    [InlineData("1 1 9 9 1 1", 3, 0, "▁█▁")]
    [InlineData("1 100 1 9 9 9", 2, 0, "▁█")]
    // 100 and 101 within a range of at least 10: 95.5 to 105.5, so 4.5 / 10 · 8 = 3.6 and 5.5 / 10 · 8 = 4.4.
    [InlineData("100 101", 20, 10, "▄▅")]
    public void ASparklineShowsLowAsLowAndHighAsHigh(string values, int width, double range, string line) =>
        Assert.Equal(
            line,
            Sparkline.Of(
                [
                    .. values
                        .Split(' ')
                        .Select(text => text == "?" ? (double?)null : double.Parse(text, CultureInfo.InvariantCulture)),
                ],
                width,
                range
            )
        );

    [Fact]
    public void NoValueIsNoLineAndWhatIsNotFiniteIsAGap()
    {
        Assert.Equal("", Sparkline.Of([], 5));
        Assert.Equal("▁·█", Sparkline.Of([1, double.NaN, 2], 5));
    }

    [Theory]
    [InlineData(1, "████")]
    [InlineData(0.5, "██")]
    // An eighth of a character of 4 is 1/32.
    [InlineData(0.53125, "██▏")]
    [InlineData(0, "")]
    [InlineData(-1, "")]
    [InlineData(7, "████")]
    [InlineData(double.NaN, "")]
    public void ABarIsAsLongAsItsShare(double share, string bar) => Assert.Equal(bar, Bar.Of(share, 4));

    [Fact]
    public void BarsAreForATerminalWithRoomAloneAndInvalidPointsHaveNone()
    {
        ResultTable table = RunTable.From(TestRuns.Mixed(), TestRuns.Costs(TestRuns.Mixed()));
        string wide = Render.Table(table, 240);
        Assert.Contains("████████████", wide, StringComparison.Ordinal);
        string invalid = wide.Split('\n').Single(line => line.Contains(" NO ", StringComparison.Ordinal));
        Assert.DoesNotContain("█", invalid, StringComparison.Ordinal);
        string[] others =
        [
            Render.Table(table),
            Render.Csv(table),
            Render.Markdown(table),
            Render.Json(table),
            Render.JsonLines(table),
        ];
        Assert.All(others, text => Assert.DoesNotContain("█", text, StringComparison.Ordinal));
        Assert.All(others, text => Assert.DoesNotContain("Bar", text, StringComparison.Ordinal));
    }
}
