using GpuDecodeBench.Economics.Claims;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Reporting.Tests;

public class ClaimTableTests
{
    [Theory]
    [InlineData(80, "Left out to fit 80 columns: Correct, Unit.")]
    [InlineData(100, null)]
    public void AllClaimsFitATerminalWithTheirVerdicts(int width, string? leftOut)
    {
        ClaimSet all = ClaimCatalogue.All;
        string text = Render.Table(ClaimTable.From(ClaimAudit.Run(all), all), width);

        string[] lines = text.Split('\n');
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, width));
        Assert.Contains("Verdict", lines[2], StringComparison.Ordinal);
        Assert.Equal(
            leftOut is null ? 0 : 1,
            lines.Count(line => line.StartsWith("Left out", StringComparison.Ordinal))
        );
        Assert.Contains(leftOut ?? "Correct", text, StringComparison.Ordinal);
    }

    [Fact]
    public void NoClaimOfAKindIsSaid() =>
        Assert.Contains(
            "No claim is of this kind.",
            Render.Table(ClaimTable.From([], ClaimCatalogue.All)),
            StringComparison.Ordinal
        );
}
