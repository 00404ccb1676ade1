using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Physics;

public class PhysicsTests
{
    /// <summary>
    /// 70 GB of weights, 64 sequences of 0.5 GB of cache, 2 × 70e9 × 64 = 8,960 GFLOP of products and 640 GFLOP of attention on a
    /// device of 5 TB/s, 1000 TFLOP/s and 150 GB of which 90 % are usable.
    /// </summary>
    private static readonly Evaluation Example = Evaluate();

    [Theory]
    [InlineData("bytes_step", 102)] // 70 + 64 × 0.5
    [InlineData("t_memory", 20.4)] // 102 GB / 5 TB/s
    [InlineData("t_compute", 9.6)] // 9600 GFLOP / 1000 TFLOP/s
    [InlineData("t_link", 0)]
    [InlineData("t_step", 20.4)]
    [InlineData("rate_bound", 3137.254902)] // 64 / 20.4 ms
    [InlineData("intensity", 94.117647)] // 9600 / 102
    [InlineData("ridge", 200)] // 1000 / 5
    [InlineData("tensor_use", 47.0588235)] // 94.117647 / 200
    [InlineData("intensity_linear", 128)] // 2 FLOP × 64 / 1 byte
    [InlineData("intensity_attention", 20)] // 640 / 32
    [InlineData("e_weights", 35)] // 70e9 × 8 × 4 pJ = 2.24 J; / 64
    [InlineData("e_kv", 16)] // 32e9 × 8 × 4 pJ = 1.024 J; / 64
    [InlineData("p_hbm", 160)] // 102e9 × 8 × 4 pJ = 3.264 J in 20.4 ms
    [InlineData("memory_for_kv", 64)] // 135 − 70 − 1
    [InlineData("gpus_min", 1)]
    [InlineData("kv_over", 0)]
    [InlineData("t_kv_transfer", 10)] // 0.5 GB / 50 GB/s
    [InlineData("t_prefill", 1120)] // 4000 tokens × 140 GFLOP / (1000 TFLOP/s × 0.5)
    [InlineData("ttft", 1140.4)] // and a step of 20.4 ms
    [InlineData("ttft_split", 1150.4)] // and 10 ms for the cache to arrive
    [InlineData("t_step_sparse", 14.64)] // 20.4 ms less nine tenths of the 6.4 ms of attention
    public void AnEquationGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(value, Example[symbol], Math.Max(1e-6 * value, 1e-9));

    [Fact]
    public void CacheBeyondMemoryIsReadFromFlashInEveryStep()
    {
        // 300 sequences: 150 GB of cache beside 71 GB; 221 − 135 = 86 GB on flash of 10 GB/s: 8.6 s a step, where memory takes 44 ms.
        Evaluation offloaded = Evaluate(("sequences", 300), ("kv_step", 150), ("kv_held", 150), ("t_roofline", 44));

        Assert.Equal(86, offloaded["kv_over"], 1e-9);
        Assert.Equal(8600, offloaded["t_step_offload"], 1e-6);
        // A tenth of the cache a step: 8.6 GB of it from flash.
        Assert.Equal(860, offloaded["t_step_sparse_offload"], 1e-6);
    }

    [Fact]
    public void NoMoreOfTheCacheIsBeyondMemoryThanThereIs()
    {
        // 140 GB of weights beside 135 usable: all 32 GB of the cache, and 6 GB that flash for the cache does not help.
        Evaluation heavy = Evaluate(("w_held", 140));

        Assert.Equal(38, heavy["memory_over"], 1e-9);
        Assert.Equal(32, heavy["kv_over"], 1e-9);
        Assert.Null(heavy.Figure("t_step_offload").Value);
    }

    [Fact]
    public void FlashHoldsNoMoreThanItsSize()
    {
        // 8 TB of flash, and 8.1 TB of cache beyond memory.
        (string, double)[] cache = [("sequences", 16400), ("kv_step", 8200), ("kv_held", 8200)];

        Assert.Null(Evaluate(cache).Figure("t_step_offload").Value);
        Assert.Null(Evaluate(cache).Figure("t_step_sparse_offload").Value);
        Assert.NotNull(Evaluate([.. cache, ("nand_offload", 9)]).Figure("t_step_offload").Value);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void ACacheOfWhichEveryDeviceHoldsACopyIsMovedOnce(int devices)
    {
        // DeepSeek-V3 keeps 576 numbers of two bytes in each of 61 layers for a token: 131072 of them are 9.21 GB, and 50 GB/s take 184 ms.
        DecodeStepPlan plan = DecodeStepPlan.Create(
            ModelCatalogue.Resolve("deepseek-v3"),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = WeightFormat.Fp8,
                    LmHead = WeightFormat.Bf16,
                    Kv = KvFormat.Bf16,
                    Activations = ActivationFormat.Bf16,
                },
                4,
                131072,
                devices
            )
        );
        Evaluation step = Of(plan);

        Assert.Equal(61 * 576 * 2.0 * 131072 / 50e9 * 1e3, step["t_kv_transfer"], 0.01);
        // 671 GB of weights with scales, the embedding and a head of two bytes, and one cache: 690 GB, 136 usable on each.
        Assert.Equal(6, step["gpus_min"]);
    }

    [Theory]
    [InlineData("mi355x", 2, 1.0 / 7)]
    [InlineData("mi355x", 4, 3.0 / 7)]
    [InlineData("mi355x", 8, 1)]
    [InlineData("mi300x", 2, 1.0 / 7)]
    [InlineData("h200", 2, 1)]
    public void InAMeshAPairHasOneOfItsLinks(string device, int devices, double share) =>
        Assert.Equal(share, LinkMesh.Share(HardwareCatalogue.Find(device).Name, devices), 1e-12);

    [Fact]
    public void TheBytesOfAnExchangeTakeTheLinksThatThereAre()
    {
        // 45 MB over a seventh of 450 GB/s are 0.7 ms.
        Evaluation pair = Evaluate(("link_count", 160), ("link_bytes", 45), ("link_share", 1.0 / 7));

        Assert.Equal(1.6 + 0.7, pair["t_link"], 1e-9);
    }

    [Fact]
    public void AnExchangeGoesInOnePhaseOrInTwo()
    {
        // Of 8 devices each reads 4 times a ring's bytes at once: 1.6 + 4 × 0.1 ms, before 3.2 + 0.1 in two phases; ten times the bytes take 3.2 + 1.
        (string, double)[] eight = [("link_count", 160), ("link_devices", 8)];

        Assert.Equal(2.0, Evaluate([.. eight, ("link_bytes", 45)])["t_link"], 1e-9);
        Assert.Equal(4.2, Evaluate([.. eight, ("link_bytes", 450)])["t_link"], 1e-9);
    }

    /// <summary>All-reduces of an H200 in a CUDA graph, in µs by bf16 elements (the source of <c>link_efficiency</c>).</summary>
    [Theory]
    [InlineData(2, 131072, 5.13)]
    [InlineData(2, 1048576, 12.47)]
    [InlineData(4, 65536, 5.84)]
    [InlineData(4, 131072, 7.02)]
    [InlineData(4, 1048576, 17.69)]
    [InlineData(4, 2097152, 29.86)]
    [InlineData(8, 32768, 6.52)]
    [InlineData(8, 131072, 9.92)]
    [InlineData(8, 524288, 14.08)]
    [InlineData(8, 1048576, 18.38)]
    public void TheTimeOfAnExchangeIsThatOfAMeasuredOneToASixth(int devices, int elements, double microseconds)
    {
        double Assumed(string symbol) =>
            AssumptionCatalogue.Inputs("H200 SXM").Single(input => input.Symbol == symbol).Value!.Value;

        Evaluation exchange = Evaluate(
            ("link_count", 1),
            ("link_devices", devices),
            ("link_bytes", 2.0 * (devices - 1) / devices * 2 * elements / 1e6),
            ("link_latency", Assumed("link_latency")),
            ("link_efficiency", Assumed("link_efficiency"))
        );

        Assert.InRange(exchange["t_link"] * 1e3, microseconds / 1.17, microseconds * 1.17);
    }

    /// <summary>The same of other devices, whose links reach other shares (docs/cost.md); those of Blackwell scatter more.</summary>
    [Theory]
    [InlineData("A100 80GB SXM", 2, 1048576, 15.18, 1.3)]
    [InlineData("A100 80GB SXM", 8, 1048576, 27.93, 1.3)]
    [InlineData("H100 SXM", 2, 1048576, 12.38, 1.2)]
    [InlineData("H100 SXM", 8, 2097152, 30.81, 1.2)]
    [InlineData("B200 SXM", 2, 1048576, 25.34, 1.75)]
    [InlineData("B200 SXM", 2, 4194304, 50.55, 1.75)]
    [InlineData("B200 SXM", 4, 1048576, 23.76, 1.35)]
    [InlineData("B200 SXM", 8, 2097152, 26.31, 1.75)]
    [InlineData("B300 SXM", 2, 1048576, 19.69, 1.75)]
    [InlineData("GB200 NVL72", 2, 2097152, 24.67, 1.35)]
    [InlineData("GB200 NVL72", 4, 1048576, 17.58, 1.6)]
    [InlineData("GB300 NVL72", 4, 2097152, 29.46, 1.35)]
    public void TheTimeOfAnExchangeOnOtherDevicesIsNearAMeasuredOne(
        string device,
        int devices,
        int elements,
        double microseconds,
        double factor
    )
    {
        double Assumed(string symbol) =>
            AssumptionCatalogue.Inputs(device).Single(input => input.Symbol == symbol).Value!.Value;

        Evaluation exchange = Evaluate(
            ("link_count", 1),
            ("link_devices", devices),
            ("link_bytes", 2.0 * (devices - 1) / devices * 2 * elements / 1e6),
            (
                "link_rate",
                HardwareCatalogue.All.Single(entry => entry.Name == device).ToSpecification().LinkBytesPerSecond!.Value
                    / 1e9
            ),
            ("link_latency", Assumed("link_latency")),
            ("link_efficiency", Assumed("link_efficiency"))
        );

        Assert.InRange(exchange["t_link"] * 1e3, microseconds / factor, microseconds * factor);
    }

    [Fact]
    public void SplittingOverDevicesAddsTheExchangesToTheStep()
    {
        // 160 exchanges of 10 µs and 45 MB over 450 GB/s: 1.6 + 0.1 ms behind the 20.4.
        Evaluation split = Evaluate(("link_count", 160), ("link_bytes", 45));

        Assert.Equal(1.7, split["t_link"], 1e-9);
        Assert.Equal(22.1, split["t_step"], 1e-9);
    }

    [Fact]
    public void AModelThatNeedsTwoDevicesSaysSo() =>
        // 140 + 0.5 GB against 135 usable.
        Assert.Equal(2, Evaluate(("w_whole", 140))["gpus_min"]);

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void AttentionsIntensityDoesNotGrowWithTheBatch(int batch)
    {
        Evaluation step = OfLlama70B(batch);

        // 8 query heads share a key and a value of one byte: 4 FLOP a head over 2 bytes = 16 FLOP/B.
        Assert.Equal(16, step["intensity_attention"], 0.02);
        Assert.Equal(2.0 * batch, step["intensity_linear"], 0.06 * batch);
    }

    [Fact]
    public void TheInputsOfALlamaAreThoseOfItsPlan()
    {
        Evaluation step = OfLlama70B(64);

        // 163,840 bytes of fp8 keys and values a token (80 layers × 8 heads × 128 × 2) × 4096 tokens.
        Assert.Equal(0.671089, step["kv_sequence"], 1e-5);
        // 989 TFLOP/s over 4.8 TB/s are 206 FLOP/B; a byte of weights gives 2 FLOP for each sequence.
        Assert.Equal(103, step["batch_critical"], 1.0);
        Assert.InRange(step["batch_kv"], 100, 115);
    }

    [Fact]
    public void TheShortestStepIsThatOfThePredictionEvenWhereProductsAndAttentionHaveDifferentBounds()
    {
        // At batch 290 products of fp8 weights are bound by arithmetic and attention by memory: one bound for all would be shorter.
        Evaluation step = OfLlama70B(290, 1024);
        RooflinePrediction prediction = RooflinePrediction.Of(Plan(290, 1024), HardwareCatalogue.Find("h200"));

        Assert.Equal(prediction.StepSeconds * 1e3, step["t_step"], 1e-9);
        Assert.Equal(prediction.TokensPerSecond, step["rate_bound"], 1e-6);
        Assert.True(step["t_step"] > 1.1 * Math.Max(step["t_memory"], step["t_compute"]));
    }

    [Theory]
    [InlineData("llama-3.2-1b", 1, 1024, 1, 2.01495)] // 1.9473 for every token, 0.0672 of attention, 0.5255 of LM head over 1024
    [InlineData("llama-3.2-1b", 64, 1024, 1, 2.01495)]
    [InlineData("deepseek-v3", 8, 131_072, 8, 413.4)] // 71.4 of products, 14.4 of products repeated, 327.5 of attention
    public void AnInputTokenTakesTheWorkOfAPromptNotThatOfAStep(
        string model,
        int batch,
        int context,
        int devices,
        double billions
    )
    {
        Evaluation step = Of(Plan(batch, context, model, WeightFormat.Fp8, KvFormat.Fp8, devices));

        Assert.Equal(billions, step["flop_per_input"], 0.001 * billions);
        // At the datasheet's 989 TFLOP/s and the assumed share of them.
        Assert.Equal(
            context * billions / (989 * step.InBaseUnits("mfu_prefill") * devices),
            step["t_prefill"],
            0.002 * step["t_prefill"]
        );
    }

    [Fact]
    public void LayersWithAWindowLeaveRoomForMoreSequences()
    {
        // Gemma 3 27B in bf16: 54.0 GB of weights; a sequence of 131,072 tokens holds 11.18 GB (WindowMemoryTests), not 66.6. Of an
        // H200's 151.4 GB 90 % are usable: (136.3 − 54.0) / 11.18 = 7.4.
        DecodeStepPlan plan = Plan(2, 131_072, "gemma-3-27b", WeightFormat.Bf16, KvFormat.Bf16);
        Evaluation step = Of(plan);

        Assert.Equal(2 * 11.18, step["kv_held"], 0.01);
        Assert.Equal(7, step["batch_max"]);
        Assert.True(RooflinePrediction.Of(plan, HardwareCatalogue.Find("h200")).Fits);
    }

    internal static DecodeStepPlan Plan(
        int batch,
        int context,
        string model = "llama-3.1-70b",
        WeightFormat weights = WeightFormat.Fp8,
        KvFormat kv = KvFormat.Fp8,
        int devices = 1
    ) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Resolve(model),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = weights,
                    LmHead = weights,
                    Kv = kv,
                    Activations = ActivationFormat.Bf16,
                },
                batch,
                context,
                devices
            )
        );

    private static Evaluation OfLlama70B(int batch, int context = 4096) => Of(Plan(batch, context));

    internal static Evaluation Of(DecodeStepPlan plan)
    {
        IReadOnlyList<ModelInput> inputs = PhysicsInputs.Of(
            plan,
            HardwareCatalogue.Find("h200").ToSpecification(),
            AssumptionCatalogue.Inputs("H200 SXM", "liquid")
        );
        return EquationSystem
            .Create([.. inputs, .. CriticalBatches.Inputs(At, inputs)], PhysicsEquations.All)
            .Evaluate();

        DecodeStepPlan At(int batch)
        {
            int context = plan.Conditions.ContextTokens[0];
            StepConditions wide = plan.Conditions with { ContextTokens = [.. Enumerable.Repeat(context, batch)] };
            return DecodeStepPlan.Create(plan.Model, wide);
        }
    }

    private static Evaluation Evaluate(params (string Symbol, double Value)[] changes)
    {
        Dictionary<string, (string Unit, double Value)> inputs = new()
        {
            ["sequences"] = ("1", 64),
            ["gpus"] = ("GPU", 1),
            ["w_step"] = ("GB/GPU", 70),
            ["kv_step"] = ("GB/GPU", 32),
            ["flop_linear"] = ("GFLOP/GPU", 8960),
            ["flop_attention"] = ("GFLOP/GPU", 640),
            // 70 GB at 5 TB/s are 14 ms, their arithmetic 8.96 ms; 32 GB are 6.4 ms, their arithmetic 0.64 ms.
            ["t_roofline"] = ("ms", 20.4),
            ["w_held"] = ("GB/GPU", 70),
            ["kv_held"] = ("GB/GPU", 32),
            ["other_held"] = ("GB/GPU", 1),
            ["link_bytes"] = ("MB/GPU", 0),
            ["link_count"] = ("1", 0),
            ["w_whole"] = ("GB", 70),
            ["kv_whole"] = ("GB", 0.5),
            ["nand_offload"] = ("TB/GPU", 8),
            ["link_share"] = ("1", 1),
            ["link_efficiency"] = ("1", 1),
            ["link_devices"] = ("1", 2),
            ["hbm_rate"] = ("TB/s/GPU", 5),
            ["hbm_size"] = ("GB/GPU", 150),
            ["flops_peak"] = ("TFLOP/s/GPU", 1000),
            ["link_rate"] = ("GB/s/GPU", 450),
            ["hbm_energy"] = ("pJ/bit", 4),
            ["nvme_rate"] = ("GB/s/GPU", 10),
            ["network_rate"] = ("GB/s", 50),
            ["link_latency"] = ("µs", 10),
            ["usable"] = ("1", 0.9),
            ["input_tokens"] = ("tok", 4000),
            ["flop_per_input"] = ("GFLOP/tok", 140),
            ["mfu_prefill"] = ("1", 0.5),
            ["sparse_share"] = ("1", 0.1),
            ["batch_of_ridge"] = ("1", 100),
            ["batch_of_cache"] = ("1", 140),
            ["batch_in_memory"] = ("1", 128),
        };
        foreach ((string symbol, double value) in changes)
        {
            inputs[symbol] = (inputs[symbol].Unit, value);
        }

        return EquationSystem
            .Create(
                inputs.Select(input => new ModelInput(
                    input.Key,
                    input.Key,
                    input.Value.Unit,
                    input.Value.Value,
                    ProvenanceNote.Assumed("an example")
                )),
                PhysicsEquations.All
            )
            .Evaluate();
    }
}
