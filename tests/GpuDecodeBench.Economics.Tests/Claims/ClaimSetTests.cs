using GpuDecodeBench.Economics.Claims;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Tests.Claims;

public class ClaimSetTests
{
    private const string Valid = """
        "id": "d.one", "document": "d", "place": "p", "statement": "s", "given": "6", "unit": "W",
        "formula": "a × b", "inputs": [
          { "symbol": "a", "name": "a", "value": 2, "unit": "W" },
          { "symbol": "b", "name": "b", "value": 3, "unit": "1", "correct": { "value": 4, "source": "k" } }
        ]
        """;

    [Fact]
    public void AClaimIsReadAndAudited()
    {
        ClaimSet set = Parse(Valid);
        ClaimResult result = ClaimAudit.Run(set.Claims[0], set);

        Assert.Equal(ClaimVerdict.WrongInput, result.Verdict);
        Assert.Equal(6, result.OwnValue);
        Assert.Equal(8, result.CorrectValue);
        Assert.Equal(8.0 / 6, result.CorrectRatio!.Value, 1e-12);
        Assert.Equal("b", Assert.Single(result.WrongInputs).Symbol);
        Assert.Contains("The b: 3 here, but 4 by t (u, 2025).", result.Reasons);
    }

    [Theory]
    // Half of the last printed digit, at least half a percent.
    [InlineData("0.12", false, null, 0.115, 0.125)]
    [InlineData("87000", false, null, 86565, 87435)]
    [InlineData("87000", false, 1000.0, 86500, 87500)]
    [InlineData("8.9e-9", false, null, 8.85e-9, 8.95e-9)]
    // What is called approximate may be off by a twentieth.
    [InlineData("35", true, null, 33.25, 36.75)]
    [InlineData("5", true, null, 4.5, 5.5)]
    public void AFigureIsTakenWithinItsRounding(
        string given,
        bool approximate,
        double? roundedTo,
        double low,
        double high
    )
    {
        Claim claim = Parse(Valid).Claims[0] with { Given = given, Approximate = approximate, RoundedTo = roundedTo };
        Assert.Equal(low, claim.AcceptedLow, low * 1e-9);
        Assert.Equal(high, claim.AcceptedHigh, high * 1e-9);
    }

    [Theory]
    [InlineData("\"verdict\": \"reproduced\"", "d.one", "unknown key \"verdict\"")]
    [InlineData("\"id\": \"d.one\"", "\"id\" twice")]
    [InlineData("\"remark\": \" \"", "d.one", "\"remark\" that is no text")]
    [InlineData("\"computed\": \"more\"", "d.one", "accepted are equal, atLeast, atMost")]
    [InlineData("\"roundedTo\": 0", "d.one", "not above zero")]
    [InlineData("\"to\": \"5\"", "d.one", "runs backwards")]
    [InlineData("\"notCheckable\": \"why\"", "d.one", "either a formula")]
    [InlineData("\"consistentWith\": [{ \"claim\": \"d.two\" }]", "d.one", "\"d.two\", which is no other claim")]
    public void WhatIsAddedAndWrongIsRefusedWithTheClaimsId(string addition, params string[] facts) =>
        AssertRefused($"{Valid}, {addition}", facts);

    [Theory]
    [InlineData("\"given\": \"6\"", "\"given\": \"six\"", "\"six\", which is no number")]
    [InlineData("\"given\": \"6\", ", "", "lacks \"given\"")]
    [InlineData("\"document\": \"d\"", "\"document\": \"e\"", "\"e\", which is not listed")]
    [InlineData("\"unit\": \"W\",", "\"unit\": \"J\",", "is said to be in J")]
    [InlineData("a × b", "a + b", "cannot be added")]
    [InlineData("a × b", "a × 3", "does not use the input 'b'")]
    [InlineData("a × b", "a × c", "'c' is not known")]
    [InlineData("\"source\": \"k\"", "\"source\": \"l\"", "\"l\", which is not listed")]
    [InlineData("\"value\": 4, \"source\": \"k\"", "\"value\": 4", "its \"source\"")]
    [InlineData("\"value\": 4, \"source\": \"k\"", "\"reference\": \"cloud:h100.price\"", "no reference")]
    public void WhatIsChangedAndWrongIsRefusedWithTheClaimsId(string old, string changed, string fact)
    {
        int at = Valid.IndexOf(old, StringComparison.Ordinal);
        AssertRefused(string.Concat(Valid.AsSpan(0, at), changed, Valid.AsSpan(at + old.Length)), "d.one", fact);
    }

    [Theory]
    [InlineData("hardware:h999.tdpWatts", "h999")]
    [InlineData("hardware:h200.weight", "'weight'")]
    [InlineData("hardware:h100.fp4FlopsPerSecond", "no value")]
    [InlineData("model:llama-3.1-70b.kvBytesPerToken(fp2)", "formats")]
    [InlineData("model:llama-3.1-70b.kvBytesPerToken(fp8)", "is in B/tok")]
    [InlineData("plan:llama-3.1-70b(fp8,fp8,1).flops", "no reference")]
    public void AReferenceThatNamesNothingOfTheKindIsRefused(string reference, string fact)
    {
        ClaimSet set = Parse(
            Valid.Replace(
                "\"value\": 4, \"source\": \"k\"",
                $"\"reference\": \"{reference}\"",
                StringComparison.Ordinal
            )
        );
        InputException refusal = Assert.Throws<InputException>(() => ClaimAudit.Run(set.Claims[0], set));
        Assert.Contains("d.one", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(fact, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GB", 5.36870912, "5.0", ClaimVerdict.UnitError)]
    [InlineData("GB", 40, "5.0", ClaimVerdict.UnitError)]
    [InlineData("W", 40, "5.0", ClaimVerdict.ArithmeticError)]
    [InlineData("s", 1, "3600", ClaimVerdict.UnitError)]
    [InlineData("GB", 1, "3600", ClaimVerdict.ArithmeticError)]
    public void AFactorCountsOnlyForUnitsOfItsKind(string unit, double value, string given, ClaimVerdict verdict)
    {
        ClaimSet set = Parse(Valid);
        Claim claim = set.Claims[0] with
        {
            Given = given,
            Unit = unit,
            Formula = "a",
            Inputs =
            [
                new ClaimInput
                {
                    Symbol = "a",
                    Name = "a",
                    Value = value,
                    Unit = unit,
                },
            ],
        };
        Assert.Equal(verdict, ClaimAudit.Run(claim, set.With(claim)).Verdict);
    }

    [Fact]
    public void NoJsonIsRefused() =>
        Assert.Contains(
            "no JSON",
            Assert.Throws<InputException>(() => ClaimSet.Parse("{")).Message,
            StringComparison.Ordinal
        );

    private static void AssertRefused(string claim, params string[] facts)
    {
        InputException refusal = Assert.Throws<InputException>(() => Parse(claim));
        Assert.All(facts, fact => Assert.Contains(fact, refusal.Message, StringComparison.Ordinal));
    }

    private static ClaimSet Parse(string claim) =>
        ClaimSet.Parse(
            $$"""
            {
              "documents": [{ "key": "d", "title": "t" }],
              "sources": [{ "key": "k", "title": "t", "url": "u", "date": "2025" }],
              "claims": [{ {{claim}} }]
            }
            """
        );
}
