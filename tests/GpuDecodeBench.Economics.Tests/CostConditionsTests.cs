namespace GpuDecodeBench.Economics.Tests;

public class CostConditionsTests
{
    [Fact]
    public void OneLineNamesAllFiveConditions() =>
        Assert.Equal(
            "llama-3.1-8b · fp8 weights, bf16 LM head, fp16 KV · context 8192 · batch 8 at 50 % utilisation · 1 × NVIDIA H200",
            TestCosts.Conditions().ToString()
        );

    [Fact]
    public void AnLmHeadInTheWeightsFormatIsNotNamedTwice() =>
        Assert.Contains(
            "· bf16 weights, fp16 KV ·",
            (TestCosts.Conditions() with { Weights = "bf16" }).Describe(),
            StringComparison.Ordinal
        );

    [Fact]
    public void HardwareOfACpuNamesItsThreads()
    {
        Assert.Equal("1 × Some CPU (8 threads)", new HardwareUnits("Some CPU", 1, 8).ToString());
        Assert.Equal("2 × Some CPU (1 thread)", new HardwareUnits("Some CPU", 2, 1).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void BlankTextIsRefusedEverywhere(string? text)
    {
        CostConditions good = TestCosts.Conditions();
        Assert.ThrowsAny<ArgumentException>(() => good with { Model = text! });
        Assert.ThrowsAny<ArgumentException>(() => good with { Weights = text! });
        Assert.ThrowsAny<ArgumentException>(() => good with { LmHead = text! });
        Assert.ThrowsAny<ArgumentException>(() => good with { Kv = text! });
        Assert.ThrowsAny<ArgumentException>(() => new HardwareUnits(text!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void CountsThatAreNotPositiveAreRefused(int count)
    {
        CostConditions good = TestCosts.Conditions();
        Assert.ThrowsAny<ArgumentException>(() => good with { ContextTokens = count });
        Assert.ThrowsAny<ArgumentException>(() => good with { Batch = count });
        Assert.ThrowsAny<ArgumentException>(() => new HardwareUnits("x", count));
        Assert.ThrowsAny<ArgumentException>(() => new HardwareUnits("x", 1, count));
        Assert.ThrowsAny<ArgumentException>(() => good with { Hardware = null! });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1.0000001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void UtilisationOutsideItsRangeIsRefused(double utilization) =>
        Assert.ThrowsAny<ArgumentException>(() => TestCosts.Conditions(utilization));

    [Fact]
    public void EveryConditionIsRequired() =>
        Assert.All(
            typeof(CostConditions).GetProperties(),
            property =>
                Assert.True(
                    property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), false),
                    property.Name
                )
        );
}
