using GpuDecodeBench.Measurement.Sampling;
using Xunit.Abstractions;

namespace GpuDecodeBench.Measurement.Tests.Sampling;

public class SampleChecksTests(ITestOutputHelper output)
{
    [Fact]
    public void AStepThatSlowsByFivePercentIsDrifting()
    {
        double[] noise = new Random(21).Steady(300, 1, 0.01);
        SampleWarning? warning = DriftCheck.Check([.. noise.Select((x, i) => 0.01 * x * (1 + (0.05 * i / 300)))]);
        Assert.Equal("drifting", warning?.Code);
        Assert.Contains("(+3.", warning!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStepThatGetsFasterIsDriftingToo()
    {
        double[] samples = [.. new Random(22).Steady(30, 2, 0.005), .. new Random(23).Steady(30, 1.9, 0.005)];
        Assert.Equal("drifting", DriftCheck.Check(samples)?.Code);
    }

    [Fact]
    public void AChangeTooSmallToMatterIsNoDriftHoweverCertain()
    {
        double[] samples = [.. Enumerable.Repeat(1.0, 1000), .. Enumerable.Repeat(1.004, 1000)];
        Assert.Null(DriftCheck.Check(samples));
    }

    [Fact]
    public void AStepInTheLastThirdIsDriftEvenFromZero()
    {
        double[] samples = [.. Enumerable.Repeat(0.0, 20), .. Enumerable.Repeat(1.0, 20)];
        Assert.Contains("from zero", DriftCheck.Check(samples)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public void TooFewSamplesAreNotJudgedForDrift(int count) =>
        Assert.Null(DriftCheck.Check([.. Enumerable.Range(0, count).Select(i => 1.0 + i)]));

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(200)]
    [InlineData(2000)]
    public void TwoEqualGroupsAreBimodal(int count)
    {
        var random = new Random(24);
        double[] samples = [.. random.Steady(count / 2, 0.010, 0.01), .. random.Steady(count / 2, 0.012, 0.01)];
        SampleWarning? warning = BimodalCheck.Check(samples);
        Assert.Equal("bimodal", warning?.Code);
    }

    [Fact]
    public void AnUnequalSplitIsBimodal()
    {
        var random = new Random(25);
        Assert.Equal(
            "bimodal",
            BimodalCheck.Check([.. random.Steady(120, 1, 0.01), .. random.Steady(80, 1.3, 0.01)])?.Code
        );
    }

    [Fact]
    public void MValueOfTwoSpikesIsFourAndOfOneIsTwo()
    {
        Assert.Equal(4, BimodalCheck.MValue([.. Enumerable.Repeat(1.0, 10), .. Enumerable.Repeat(2.0, 10)]));
        Assert.Equal(2, BimodalCheck.MValue([.. Enumerable.Repeat(1.0, 20)]));
        Assert.Equal(2, BimodalCheck.MValue([1.0]));
        Assert.Equal(2, BimodalCheck.MValue([0.0, 0.0]));
    }

    [Fact]
    public void ATimersResolutionMakesNoModes()
    {
        // 100 µs steps read from a clock with a resolution of 0.5 µs.
        double[] samples =
        [
            .. new Random(26).Steady(5000, 1e-4, 0.01).Select(seconds => Math.Round(seconds / 5e-7) * 5e-7),
        ];
        Assert.Null(BimodalCheck.Check(samples));
    }

    [Fact]
    public void AFewSlowStepsMakeNoModes()
    {
        var random = new Random(27);
        Assert.Null(BimodalCheck.Check([.. random.Steady(95, 1, 0.01), .. random.Steady(5, 3, 0.01)]));
    }

    [Theory]
    [InlineData(20, 0.01)]
    [InlineData(50, 0.02)]
    [InlineData(200, 0.05)]
    [InlineData(200, 0.2)]
    [InlineData(2000, 0.05)]
    public void SteadyNoiseRarelyWarns(int count, double relativeDeviation)
    {
        const int Seed = 28;
        const int Trials = 500;
        var random = new Random(Seed);
        int drifting = 0;
        int bimodal = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            IReadOnlyList<SampleWarning> warnings = SampleChecks.Run(random.LogNormal(count, 1, relativeDeviation));
            drifting += warnings.Count(warning => warning.Code == "drifting");
            bimodal += warnings.Count(warning => warning.Code == "bimodal");
        }

        output.WriteLine($"seed {Seed}: drifting {drifting}, bimodal {bimodal} of {Trials}");
        Assert.InRange(drifting / (double)Trials, 0, 0.02);
        Assert.InRange(bimodal / (double)Trials, 0, 0.02);
    }

    [Fact]
    public void ADriftInTwoStepsGivesBothWarningsInOrder()
    {
        double[] samples = [.. Enumerable.Repeat(1.0, 50), .. Enumerable.Repeat(1.5, 50)];
        Assert.Equal(["drifting", "bimodal"], SampleChecks.Run(samples).Select(warning => warning.Code));
    }
}
