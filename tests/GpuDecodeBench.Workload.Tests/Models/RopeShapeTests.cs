using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

public class RopeShapeTests
{
    /// <summary>
    /// Computed outside this program from the definition in transformers' <c>_compute_llama3_parameters</c>: elements 0 to 28
    /// keep their frequency, 29 to 34 are blended, 35 and above are divided by the factor.
    /// </summary>
    [Theory]
    [InlineData("llama-3.1-8b", 0, 1.0)]
    [InlineData("llama-3.1-8b", 1, 0.8146172338565447)]
    [InlineData("llama-3.1-8b", 28, 0.0032114459947525913)]
    [InlineData("llama-3.1-8b", 29, 0.002166570763503359)]
    [InlineData("llama-3.1-8b", 31, 0.000856751412919632)]
    [InlineData("llama-3.1-8b", 32, 0.0005248461609929546)]
    [InlineData("llama-3.1-8b", 35, 9.556212353964683e-05)]
    [InlineData("llama-3.1-8b", 63, 3.068925988914511e-07)]
    [InlineData("llama-3.2-1b", 13, 0.004839421345719893)]
    [InlineData("llama-3.2-1b", 16, 0.0004295567965593682)]
    [InlineData("llama-3.2-1b", 31, 9.418306725434909e-08)]
    public void Llama3FrequenciesMatchValuesComputedElsewhere(string name, int element, double frequency)
    {
        double actual = Frequencies(ModelCatalogue.Find(name))[element];
        Assert.InRange(actual / frequency, 1 - 1e-12, 1 + 1e-12);
    }

    [Fact]
    public void Llama3FrequenciesFollowTheirDefinition()
    {
        // Stated in rotations over the original context instead of in wavelengths.
        double[] actual = Frequencies(ModelCatalogue.Find("llama-3.1-8b"));
        for (int i = 0; i < 64; i++)
        {
            double unscaled = Math.Exp(-Math.Log(500_000) * i / 64);
            double rotations = 8192 * unscaled / Math.Tau;
            double kept = Math.Clamp((rotations - 1) / (4 - 1), 0, 1);
            double expected = (kept * unscaled) + ((1 - kept) * unscaled / 8);
            Assert.InRange(actual[i] / expected, 1 - 1e-12, 1 + 1e-12);
        }
    }

    [Fact]
    public void LinearScalingDividesEveryFrequency()
    {
        double[] plain = Frequencies(TestConfigs.ReadWith());
        double[] scaled = Frequencies(TestConfigs.ReadWith(("rope_scaling", """{"type": "linear", "factor": 4.0}""")));
        Assert.Equal(16, plain.Length);
        Assert.Equal(plain.Select(frequency => frequency / 4), scaled);
    }

    private static double[] Frequencies(ModelShape model) =>
        model
            .Layers[0]
            .Attention.Rope.InverseFrequencies(((GroupedQueryAttention)model.Layers[0].Attention).HeadDimension);
}
