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

    /// <summary>
    /// Computed outside this program, in Python, from arXiv 2309.00071, section 3.2: with <c>f = θ^(−2i/d)</c> and
    /// <c>end(r) = d ln(original / 2πr) / (2 ln θ)</c>, element i is <c>f/s · ramp + f (1 − ramp)</c>, where <c>ramp</c> rises from 0 at
    /// <c>end(beta_fast)</c> to 1 at <c>end(beta_slow)</c>: 10 and 23 for DeepSeek-V3, rounded outwards; 8.0928 and 17.3980 for gpt-oss,
    /// which does not round.
    /// </summary>
    [Theory]
    [InlineData("deepseek-v3", 0, 1.0)]
    [InlineData("deepseek-v3", 1, 0.7498942093324559)]
    [InlineData("deepseek-v3", 10, 0.05623413251903491)]
    [InlineData("deepseek-v3", 11, 0.03900692656714386)]
    [InlineData("deepseek-v3", 16, 0.0055)]
    [InlineData("deepseek-v3", 22, 0.0001778279410038922)]
    [InlineData("deepseek-v3", 23, 3.33380358040831e-05)]
    [InlineData("deepseek-v3", 31, 3.3338035804083097e-06)]
    [InlineData("gpt-oss-20b", 1, 0.6890443058881632)]
    [InlineData("gpt-oss-20b", 8, 0.050813274815461475)]
    [InlineData("gpt-oss-20b", 9, 0.03170569618466377)]
    [InlineData("gpt-oss-20b", 12, 0.006794959489732219)]
    [InlineData("gpt-oss-20b", 17, 0.0001293187012450632)]
    [InlineData("gpt-oss-20b", 18, 3.8308812373753384e-05)]
    [InlineData("gpt-oss-120b", 31, 3.0235114281192144e-07)]
    public void YarnFrequenciesMatchValuesComputedElsewhere(string name, int element, double frequency)
    {
        AttentionShape attention = ModelCatalogue.Find(name).Layers[0].Attention;
        double[] frequencies = attention.Rope.InverseFrequencies(64);
        Assert.Equal(32, frequencies.Length);
        Assert.InRange(frequencies[element] / frequency, 1 - 1e-12, 1 + 1e-12);
    }

    [Fact]
    public void YarnScalesCosinesAndSinesOfGptOssButNotOfDeepSeek()
    {
        Assert.Equal(1.3465735902799727, Rope("gpt-oss-20b").Magnitude, 1e-15);
        Assert.Equal(1, Rope("deepseek-v3").Magnitude);
    }

    /// <summary>
    /// arXiv 2402.13753: element i is <c>θ^(−2i/d)</c> over its own divisor, here with d = 96 rotated elements of 128 and θ = 10,000;
    /// computed outside this program, in Python.
    /// </summary>
    [Theory]
    [InlineData(1, 0.8254041852680184, 0.7380746917535459)]
    [InlineData(2, 0.6812920690579612, 0.5447542503555581)]
    [InlineData(31, 0.0026101572156825357, 8.149101516336359e-05)]
    [InlineData(47, 0.00012115276586285888, 2.5361684291994742e-06)]
    public void LongRopeChangesItsDivisorsBeyondTheOriginalContext(int element, double upTo4096, double beyond)
    {
        RopeShape rope = Rope("phi-4-mini");
        Assert.Equal(96, rope.RotatedOf(128));
        Assert.Equal(48, rope.InverseFrequencies(128).Length);
        Assert.InRange(rope.InverseFrequencies(128, 4096)[element] / upTo4096, 1 - 1e-12, 1 + 1e-12);
        Assert.InRange(rope.InverseFrequencies(128, 4097)[element] / beyond, 1 - 1e-12, 1 + 1e-12);
        Assert.Equal(1.1902380714238083, rope.Magnitude, 1e-15);
    }

    [Fact]
    public void EmbeddingsWithTheSameDivisorsAreEqual()
    {
        static RopeShape Shape() =>
            new()
            {
                Theta = 10_000,
                Scaling = RopeScalingKind.LongRope,
                ShortFactors = [1, 1.5],
                LongFactors = [2, 3],
            };
        Assert.Equal(Shape(), Shape());
        Assert.Equal(Shape().GetHashCode(), Shape().GetHashCode());
        RopeShape[] others =
        [
            Shape() with
            {
                Theta = 10_001,
            },
            Shape() with
            {
                RotatedDimensions = 2,
            },
            Shape() with
            {
                Scaling = RopeScalingKind.Yarn,
            },
            Shape() with
            {
                Factor = 2,
            },
            Shape() with
            {
                Magnitude = 2,
            },
            Shape() with
            {
                LowFrequencyFactor = 2,
            },
            Shape() with
            {
                HighFrequencyFactor = 2,
            },
            Shape() with
            {
                OriginalMaxContextTokens = 2,
            },
            Shape() with
            {
                FastRotations = 2,
            },
            Shape() with
            {
                SlowRotations = 2,
            },
            Shape() with
            {
                WholeRampEnds = false,
            },
            Shape() with
            {
                ShortFactors = [1, 2],
            },
            Shape() with
            {
                LongFactors = [2],
            },
        ];
        Assert.All(others, other => Assert.NotEqual(Shape(), other));
        // Whoever adds a property compares it too.
        Assert.Equal(others.Length, typeof(RopeShape).GetProperties().Length);
    }

    [Fact]
    public void Gemma3ScalesTheLayersWithoutAWindowAlone()
    {
        ModelShape model = ModelCatalogue.Find("gemma-3-12b");
        double[] local = model.Layers[0].Attention.Rope.InverseFrequencies(256);
        double[] full = model.Layers[5].Attention.Rope.InverseFrequencies(256);
        Assert.Equal(1.0, local[0]);
        Assert.Equal(1.0 / 8, full[0]);
        Assert.Equal(Math.Pow(10_000, -0.5), local[64], 1e-15);
        Assert.Equal(Math.Pow(1_000_000, -0.5) / 8, full[64], 1e-15);
    }

    private static RopeShape Rope(string name) => ModelCatalogue.Find(name).Layers[0].Attention.Rope;

    private static double[] Frequencies(ModelShape model) =>
        model
            .Layers[0]
            .Attention.Rope.InverseFrequencies(((GroupedQueryAttention)model.Layers[0].Attention).HeadDimension);
}
