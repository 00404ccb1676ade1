using System.Reflection;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests;

public class TokenCostTests
{
    [Fact]
    public void ThreeSixtyAnHourAtAThousandTokensASecondHalfUsedIsTwoDollarsAMillion()
    {
        // $3.60 / 3600 s = $0.001 a second; 1000 × 0.5 = 500 tokens a second; 0.001 / 500 × 1e6 = 2.
        TokenCost cost = TestCosts.Cost();
        Assert.Equal(2.0, cost.UsdPerMillionTokens, 12);
        Assert.Equal(500, cost.TokensPerPaidSecond);
    }

    [Fact]
    public void NoCostExistsWithoutItsConditions()
    {
        Assert.Empty(typeof(TokenCost).GetConstructors(BindingFlags.Instance | BindingFlags.Public));
        Assert.All(
            typeof(TokenCost).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic),
            constructor => Assert.True(constructor.IsPrivate)
        );
        MethodInfo[] makers =
        [
            .. typeof(TokenCost)
                .GetMethods(BindingFlags.Static | BindingFlags.Public)
                .Where(method => method.ReturnType == typeof(TokenCost)),
        ];
        Assert.Equal(nameof(TokenCost.Compute), Assert.Single(makers).Name);
        Assert.True(typeof(TokenCost).IsSealed);
        Assert.DoesNotContain(typeof(TokenCost).GetProperties(), property => property.CanWrite);
        Assert.Throws<ArgumentNullException>(() =>
            TokenCost.Compute(TestCosts.Given(1), TestCosts.Given(1), 1, ProvenanceNote.Measured(), null!)
        );
    }

    [Fact]
    public void RandomInputsGiveBackTheirPrice()
    {
        var random = new Random(20260131);
        for (int i = 0; i < 2000; i++)
        {
            double price = Math.Pow(10, (random.NextDouble() * 6) - 3);
            double utilization = 1 - random.NextDouble();
            double rate = Math.Pow(10, (random.NextDouble() * 9) - 3);
            var cost = TokenCost.Compute(
                TestCosts.Given(price),
                TestCosts.Given(utilization),
                rate,
                ProvenanceNote.Measured(),
                TestCosts.Conditions(utilization)
            );
            double millionsAPaidHour = rate * utilization * 3600 / 1e6;
            double back = cost.UsdPerMillionTokens * millionsAPaidHour;
            Assert.True(Math.Abs(back - price) <= 1e-9 * price, $"{price} {utilization} {rate}: {back}");
        }
    }

    [Fact]
    public void CostFallsWithUtilisationAndRateAndRisesWithPrice()
    {
        double At(double price, double utilization, double rate) =>
            TokenCost
                .Compute(
                    TestCosts.Given(price),
                    TestCosts.Given(utilization),
                    rate,
                    ProvenanceNote.Measured(),
                    TestCosts.Conditions(utilization)
                )
                .UsdPerMillionTokens;
        Assert.Equal(2 * At(1, 1, 100), At(1, 0.5, 100), 12);
        Assert.Equal(2 * At(1, 1, 100), At(2, 1, 100), 12);
        Assert.Equal(At(1, 1, 100) / 4, At(1, 1, 400), 12);
    }

    [Fact]
    public void InputsOfWhichNoCostFollowsAreRefused()
    {
        CostConditions conditions = TestCosts.Conditions();
        ProvenanceNote measured = ProvenanceNote.Measured();
        Figure half = TestCosts.Given(0.5);
        Figure price = TestCosts.Given(1);
        Figure none = Figure.Unavailable("noPrice");
        Assert.Throws<ArgumentException>(() => TokenCost.Compute(none, half, 1, measured, conditions));
        Assert.Throws<ArgumentException>(() => TokenCost.Compute(TestCosts.Given(0), half, 1, measured, conditions));
        Assert.Throws<ArgumentException>(() => TokenCost.Compute(price, none, 1, measured, conditions));
        Assert.Throws<ArgumentException>(() => TokenCost.Compute(price, TestCosts.Given(0.6), 1, measured, conditions));
        Assert.Throws<ArgumentException>(() => TokenCost.Compute(price, half, 1, none.Provenance, conditions));
        foreach (double rate in new[] { 0, -1, double.NaN, double.PositiveInfinity, double.Epsilon })
        {
            Assert.ThrowsAny<ArgumentException>(() => TokenCost.Compute(price, half, rate, measured, conditions));
        }
    }

    [Fact]
    public void ExplanationPutsEveryNumberIn()
    {
        string text = string.Join('\n', TestCosts.Cost(Figure.Assumed(3.6, "a price list")).Explain());
        Assert.Contains("$3.60000 ÷ 3600 s = $0.00100000", text, StringComparison.Ordinal);
        Assert.Contains("1,000.00 tokens/s × 0.500000 = 500.000 tokens/s", text, StringComparison.Ordinal);
        Assert.Contains("= $2.00000 per million decoded tokens", text, StringComparison.Ordinal);
        Assert.Contains("assumed: a price list", text, StringComparison.Ordinal);
        Assert.Contains("given by the user (--argument)", text, StringComparison.Ordinal);
        Assert.Contains(TestCosts.Conditions().Describe(), text, StringComparison.Ordinal);
    }
}
