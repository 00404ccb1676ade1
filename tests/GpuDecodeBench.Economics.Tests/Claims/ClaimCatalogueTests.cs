using System.Text.Json;
using GpuDecodeBench.Economics.Claims;
using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Tests.Claims;

public class ClaimCatalogueTests
{
    private static readonly IReadOnlyList<ClaimResult> Results = ClaimAudit.Run(ClaimCatalogue.All);

    [Fact]
    public void AHundredClaimsAndMoreAreAuditedFromFourDocuments()
    {
        Assert.True(Results.Count >= 100, $"{Results.Count} claims");
        Assert.Equal(4, ClaimCatalogue.All.Documents.Count);
        Assert.All(
            ClaimCatalogue.All.Documents,
            document => Assert.True(Results.Count(result => result.Claim.Document == document.Key) >= 20, document.Key)
        );
    }

    [Fact]
    public void EveryVerdictOccurs() =>
        Assert.All(
            Enum.GetValues<ClaimVerdict>(),
            verdict => Assert.Contains(Results, result => result.Verdict == verdict)
        );

    [Fact]
    public void EveryVerdictFollowsFromWhatWasComputed() =>
        Assert.All(
            Results,
            result =>
            {
                bool agrees = result.OwnValue is double own && result.Claim.Agrees(own);
                bool survives = result.CorrectValue is double correct && result.Claim.Agrees(correct);
                ClaimVerdict expected =
                    result.OwnValue is null ? Without(result)
                    : !agrees && result.Factor is null ? ClaimVerdict.ArithmeticError
                    : result.WrongInputs.Count > 0 && !survives ? ClaimVerdict.WrongInput
                    : !agrees ? ClaimVerdict.UnitError
                    : result.Contradictions.Count > 0 ? ClaimVerdict.Inconsistent
                    : ClaimVerdict.Reproduced;
                Assert.True(expected == result.Verdict, $"{result.Claim.Id} is {result.Verdict}, not {expected}");
                Assert.NotEmpty(result.Reasons);
            }
        );

    [Fact]
    public void EveryFormulaIsCheckedForItsUnits() =>
        Assert.All(
            ClaimCatalogue.All.Claims.Where(claim => claim.Formula is not null),
            claim =>
            {
                // No figure is a number of GPUs: the same claim in that unit cannot be computed.
                Claim other = claim with
                {
                    Unit = "GPU",
                    ConsistentWith = [],
                };
                FormatException refusal = Assert.Throws<FormatException>(() =>
                    ClaimAudit.Run(other, ClaimCatalogue.All)
                );
                Assert.Contains("is said to be in GPU", refusal.Message, StringComparison.Ordinal);
            }
        );

    [Fact]
    public void EveryReferenceIntoACatalogueIsFound()
    {
        (Claim Claim, ClaimInput Input)[] referring =
        [
            .. from claim in ClaimCatalogue.All.Claims
            from input in claim.Inputs
            where input.Correct?.Reference is not null
            select (claim, input),
        ];
        Assert.True(referring.Length >= 50, $"{referring.Length} references");
        // Results would have thrown where one is not found; the source that was found stands in the derivation.
        Assert.All(
            referring,
            entry =>
            {
                ClaimResult result = Results.First(result => result.Claim.Id == entry.Claim.Id);
                DerivationLine line = result.CorrectDerivation.First(line => line.Symbol == entry.Input.Symbol);
                Assert.DoesNotContain(entry.Claim.Document, line.Provenance.Source, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void EverySourceIsUsedAndHasADate() =>
        Assert.All(
            ClaimCatalogue.All.Sources,
            source =>
            {
                Assert.StartsWith("20", source.Date, StringComparison.Ordinal);
                Assert.Contains(
                    ClaimCatalogue.All.Claims,
                    claim => claim.Inputs.Any(input => input.Correct?.Source == source.Key)
                );
            }
        );

    [Fact]
    public void NoVerdictIsTypedIn()
    {
        using var file = JsonDocument.Parse(ClaimCatalogue.ReadText());
        Assert.All(
            file.RootElement.GetProperty("claims").EnumerateArray(),
            claim =>
                Assert.DoesNotContain(
                    claim.EnumerateObject(),
                    field => field.Name.Contains("verdict", StringComparison.OrdinalIgnoreCase)
                )
        );
    }

    [Fact]
    public void APlanGivesWhatTheWorkingSays()
    {
        // 1 token, context 2048: weights of 68.5 billion bytes with their scales, an LM head of 128,256 × 8192 × 2 B = 2.10 GB,
        // KV of 2048 × 163,840 B = 0.336 GB: 70.9 GB.
        ClaimResult result = Results.First(result => result.Claim.Id == "cost.memory-time");
        DerivationLine bytes = result.CorrectDerivation.First(line => line.Symbol == "s");
        Assert.StartsWith("70.9", bytes.Value, StringComparison.Ordinal);
    }

    private static ClaimVerdict Without(ClaimResult result) =>
        result.Contradictions.Count > 0 ? ClaimVerdict.Inconsistent : ClaimVerdict.NotCheckable;
}
