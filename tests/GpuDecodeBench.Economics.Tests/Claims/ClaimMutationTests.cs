using GpuDecodeBench.Economics.Claims;

namespace GpuDecodeBench.Economics.Tests.Claims;

/// <summary>Claims with one thing changed: the verdict must follow.</summary>
public class ClaimMutationTests
{
    [Theory]
    // With the H100's FP8 rate the ridge of 295 is no longer what its inputs give.
    [InlineData("time-bomb.h100-ridge", "r", 1979, ClaimVerdict.WrongInput, ClaimVerdict.ArithmeticError)]
    // The H200's own bandwidth does not give 21.6 ms.
    [InlineData("cost.memory-time", "w", 4.8, ClaimVerdict.WrongInput, ClaimVerdict.ArithmeticError)]
    // The average of nodes gives the published cost.
    [InlineData("bill.deepseek-cost", "n", 226.75, ClaimVerdict.ArithmeticError, ClaimVerdict.Reproduced)]
    // 7.5 W for each of eight drives are 60 W.
    [InlineData("cost.ssd-power-low", "p", 7.5, ClaimVerdict.ArithmeticError, ClaimVerdict.Reproduced)]
    // A cost of $0.174 is a seventeenth of $3.
    [InlineData("cost.margin", "c", 0.1741, ClaimVerdict.UnitError, ClaimVerdict.Reproduced)]
    // 3900 pJ for a bit would be 31.2 nJ for a byte.
    [InlineData("cost.hbm-energy-nj", "e", 3900, ClaimVerdict.UnitError, ClaimVerdict.Reproduced)]
    // Another TDP takes the ground from under a reproduced figure.
    [InlineData("cost.power-sm-watts", "p", 1000, ClaimVerdict.Reproduced, ClaimVerdict.ArithmeticError)]
    public void AnotherInputGivesAnotherVerdict(
        string id,
        string symbol,
        double value,
        ClaimVerdict before,
        ClaimVerdict after
    )
    {
        Claim claim = Find(id);
        Claim changed = claim with
        {
            Inputs = [.. claim.Inputs.Select(input => input.Symbol == symbol ? input with { Value = value } : input)],
        };

        Assert.Equal(before, Verdict(claim));
        Assert.Equal(after, Verdict(changed));
    }

    [Fact]
    public void AnotherFigureGivesAnotherVerdict()
    {
        Claim claim = Find("cost.germany-total");
        Assert.Equal(ClaimVerdict.ArithmeticError, Verdict(claim));
        Assert.Equal(ClaimVerdict.Reproduced, Verdict(claim with { Given = "239.6" }));
        Assert.Equal(ClaimVerdict.UnitError, Verdict(claim with { Given = "0.2396" }));
    }

    [Fact]
    public void ACorrectionTurnsAReproducedClaimIntoAWrongInput()
    {
        Claim claim = Find("cost.capital-hour");
        Claim changed = claim with
        {
            Inputs =
            [
                .. claim.Inputs.Select(input =>
                    input.Symbol == "u" ? input with { Correct = new ClaimCorrection(null, 40, "deepseek") } : input
                ),
            ],
        };

        Assert.Equal(ClaimVerdict.Reproduced, Verdict(claim));
        Assert.Equal(ClaimVerdict.WrongInput, Verdict(changed));
    }

    [Fact]
    public void AContradictionEndsWhereTheOtherClaimChanges()
    {
        ClaimSet all = ClaimCatalogue.All;
        Claim text = all.Find("ainews.amd-2026-text")!;
        Claim table = all.Find("ainews.amd-2026-table")!;
        ClaimSet changed = all.With(table with { Given = "12" });

        ClaimResult before = ClaimAudit.Run(text, all);
        Assert.Equal(ClaimVerdict.Inconsistent, before.Verdict);
        Assert.Equal("ainews.amd-2026-table", Assert.Single(before.Contradictions).Claim);
        Assert.Equal(ClaimVerdict.NotCheckable, ClaimAudit.Run(text, changed).Verdict);
    }

    [Fact]
    public void ARemarkHasNoPartInTheVerdict()
    {
        foreach (Claim claim in ClaimCatalogue.All.Claims)
        {
            Assert.Equal(Verdict(claim), Verdict(claim with { Remark = "This figure is entirely wrong." }));
        }
    }

    private static Claim Find(string id) => ClaimCatalogue.All.Find(id)!;

    private static ClaimVerdict Verdict(Claim claim) => ClaimAudit.Run(claim, ClaimCatalogue.All).Verdict;
}
