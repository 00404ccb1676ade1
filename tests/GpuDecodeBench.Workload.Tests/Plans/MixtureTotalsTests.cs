using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Tests.Models;

namespace GpuDecodeBench.Workload.Tests.Plans;

/// <summary>What mixtures of experts, sinks and windows read, worked out by hand from the models' sizes.</summary>
public class MixtureTotalsTests
{
    /// <summary>In bf16 a single sequence reads each parameter that it computes with once, and no other.</summary>
    [Theory]
    [InlineData("mixtral-8x7b")]
    [InlineData("qwen3-30b-a3b")]
    [InlineData("qwen3-235b-a22b")]
    [InlineData("gpt-oss-20b")]
    [InlineData("gpt-oss-120b")]
    [InlineData("deepseek-v3")]
    [InlineData("phi-3-mini-4k")]
    public void ASingleSequenceReadsTheActivatedParameters(string name) =>
        Assert.Equal(
            2 * ModelParameters.CountActive(ModelCatalogue.Find(name)),
            PlanExamples.Uniform(name, PlanExamples.Formats(), 1, 16).Totals.WeightReadBytes
        );

    /// <summary>A tied LM head reads the whole embedding, and the embedding itself one row more.</summary>
    [Theory]
    [InlineData("gemma-2-9b", 3584)]
    [InlineData("gemma-3-12b", 3840)]
    [InlineData("phi-4-mini", 3072)]
    public void ATiedModelReadsAllParametersAndARow(string name, int hiddenSize) =>
        Assert.Equal(
            2 * (ModelParameters.Count(ModelCatalogue.Find(name)) + hiddenSize),
            PlanExamples.Uniform(name, PlanExamples.Formats(), 1, 16).Totals.WeightReadBytes
        );

    /// <summary>E (1 − (1 − k/E)^B), computed elsewhere.</summary>
    [Theory]
    [InlineData("mixtral-8x7b", 1, 2)]
    [InlineData("mixtral-8x7b", 4, 5.46875)]
    [InlineData("qwen3-30b-a3b", 1, 8)]
    [InlineData("qwen3-30b-a3b", 32, 111.77103534374396)]
    [InlineData("deepseek-v3", 64, 222.4424876855104)]
    public void ABatchTouchesAsManyExpertsAsEvenChoiceExpects(string name, int batch, double expected)
    {
        DecodeStepPlan plan = PlanExamples.Uniform(name, PlanExamples.Formats(), batch, 16);
        PlanOperation[] experts = [.. plan.Operations.Where(o => o.Kind == OperationKind.ExpertLinear)];
        Assert.NotEmpty(experts);
        foreach (PlanOperation operation in experts)
        {
            double distinct = Assert.NotNull(operation.DistinctMatrices);
            Assert.Equal(expected, distinct, 1e-9);
            long matrix = operation.Weight!.Layout.TotalBytes;
            Assert.InRange(operation.WeightReadBytes, (distinct * matrix) - 1, (distinct * matrix) + 1);
        }
    }

    [Fact]
    public void ExpertsThatWereTouchedReplaceThoseExpected()
    {
        // Mixtral: an expert's gate and up are 28672 x 4096, its down 4096 x 14336, two bytes each.
        const long Expert = ((28_672L * 4096) + (4096L * 14_336)) * 2;
        DecodeStepPlan expected = PlanExamples.Uniform("mixtral-8x7b", PlanExamples.Formats(), 4, 16, layers: 3);
        DecodeStepPlan touched = expected.WithDistinctExperts([8, 2, 5]);
        Assert.Equal((8 + 2 + 5) * Expert, ExpertBytes(touched));
        Assert.Equal(
            expected.Totals.WeightReadBytes - ExpertBytes(expected) + (15 * Expert),
            touched.Totals.WeightReadBytes
        );
        Assert.Equal(expected.Totals.Flops, touched.Totals.Flops);
        Assert.Equal(expected.Memory, touched.Memory);
        Assert.Throws<ArgumentException>(() => expected.WithDistinctExperts([8, 2]));
    }

    [Fact]
    public void TouchedExpertsOfDenseLayersArePassedOver()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("deepseek-v3", PlanExamples.Formats(), 1, 16, layers: 4);
        DecodeStepPlan touched = plan.WithDistinctExperts([0, 0, 0, 8]);
        Assert.Equal(plan.Totals, touched.Totals);
    }

    [Fact]
    public void GptOssInMxfp4QuantisesItsExpertsAlone()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("gpt-oss-20b", PlanExamples.Formats(WeightFormat.MxFp4), 1, 16);
        Assert.All(
            plan.Tensors.Where(tensor => !tensor.IsVector),
            tensor =>
                Assert.Equal(
                    tensor.Role is TensorRole.ExpertGateUp or TensorRole.ExpertDown
                        ? WeightFormat.MxFp4
                        : WeightFormat.Bf16,
                    tensor.Layout.Format
                )
        );

        // A row of 2880: 1440 bytes of codes and 90 scales; biases in bf16; h 2880, 64 + 8 + 8 heads of 64, 4 of 32 experts.
        const long Layer =
            (2880 * 2) // attn_norm
            + (5120L * 2880 * 2)
            + (5120 * 2) // qkv_proj and its biases
            + (64 * 2) // sinks
            + (2880L * 4096 * 2)
            + (2880 * 2) // o_proj and its biases
            + (2880 * 2) // ffn_norm
            + (32L * 2880 * 2)
            + (32 * 2) // router and its biases
            + (4L * ((5760 * 1530) + (5760 * 2))) // expert_gate_up
            + (4L * ((2880 * 1530) + (2880 * 2))); // expert_down
        Assert.Equal((2880 * 2) + (24 * Layer) + (2880 * 2) + (201_088L * 2880 * 2), plan.Totals.WeightReadBytes);
    }

    [Fact]
    public void OtherMixturesQuantiseEveryProjectionButTheRouter()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("qwen3-30b-a3b", PlanExamples.Formats(WeightFormat.Fp8), 1, 16);
        foreach (WeightTensor tensor in plan.Tensors.Where(tensor => !tensor.IsVector))
        {
            bool wide = tensor.Role is TensorRole.Router or TensorRole.Embedding or TensorRole.LmHead;
            Assert.Equal(wide ? WeightFormat.Bf16 : WeightFormat.Fp8, tensor.Layout.Format);
        }
    }

    [Fact]
    public void LayersWithAWindowReadNoMoreThanIt()
    {
        // A token is 2 x 8 x 64 x 2 bytes in a layer of gpt-oss-20b: 12 layers read 128 of them, 12 read all.
        DecodeStepPlan gptOss = PlanExamples.Uniform("gpt-oss-20b", PlanExamples.Formats(), 2, 4096);
        Assert.Equal(2L * ((12 * 128) + (12 * 4096)) * 2048, gptOss.Totals.KvReadBytes);

        // 2 x 8 x 256 x 2 bytes in one of gemma-3-12b: 40 layers read 1024, 8 read all.
        DecodeStepPlan gemma = PlanExamples.Uniform("gemma-3-12b", PlanExamples.Formats(), 1, 8192);
        Assert.Equal(((40L * 1024) + (8 * 8192)) * 8192, gemma.Totals.KvReadBytes);

        // A context within the window is read whole.
        DecodeStepPlan within = PlanExamples.Uniform("gemma-3-12b", PlanExamples.Formats(), 1, 1000);
        Assert.Equal(48L * 1000 * 8192, within.Totals.KvReadBytes);

        // And so the cost of a step's attention follows the window, that of storing a token does not.
        Assert.Equal(48L * 8192, gemma.Operations.Sum(operation => operation.KvWriteBytes));
    }

    [Fact]
    public void GemmaNormsBothPartsTwiceAndCapsItsLogits()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("gemma-2-9b", PlanExamples.Formats(), 3, 16);
        Assert.Equal((4 * 42) + 1, plan.Operations.Count(operation => operation.Kind == OperationKind.RmsNorm));
        PlanOperation cap = Assert.Single(plan.Operations, operation => operation.Kind == OperationKind.SoftCap);
        Assert.Equal(3 * 3L * 256_000, cap.Flops);
        Assert.Equal(3L * 3584, plan.Operations[0].Flops);
        DecodeStepPlan third = PlanExamples.Uniform("gemma-3-12b", PlanExamples.Formats(), 3, 16);
        Assert.DoesNotContain(third.Operations, operation => operation.Kind == OperationKind.SoftCap);
        Assert.Equal(48, third.Operations.Count(operation => operation.Kind == OperationKind.HeadNorm));
    }

    [Fact]
    public void PhiRotatesAPartOfAHead()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("phi-4-mini", PlanExamples.Formats(), 1, 16);
        PlanOperation rope = plan.Operations.First(operation => operation.Kind == OperationKind.Rope);
        Assert.Equal(new RotarySpan(24 + 8, 128, 0, 96), rope.Rotary);
        Assert.Equal(3L * 32 * 96, rope.Flops);
    }

    [Theory]
    [InlineData("mixtral-8x7b", 4)]
    [InlineData("qwen3-30b-a3b", 8)]
    [InlineData("gpt-oss-20b", 2)]
    public void DevicesSplitEveryExpertAndRepeatTheRouter(string name, int devices)
    {
        DecodeStepPlan one = PlanExamples.Uniform(name, PlanExamples.Formats(), 1, 16);
        DecodeStepPlan split = PlanExamples.Uniform(name, PlanExamples.Formats(), 1, 16, devices: devices);
        var mixture = (MixtureOfExperts)one.Model.Layers[0].FeedForward;
        WeightTensor Tensor(DecodeStepPlan plan, TensorRole role) =>
            plan.Tensors.First(tensor => tensor.Role == role && tensor.Layer == 0);

        Assert.Equal(2L * mixture.ExpertIntermediateSize / devices, Tensor(split, TensorRole.ExpertGateUp).Layout.Rows);
        Assert.Equal(mixture.ExpertIntermediateSize / devices, Tensor(split, TensorRole.ExpertDown).Layout.Columns);
        Assert.Equal(mixture.Experts, Tensor(split, TensorRole.ExpertDown).Count);
        Assert.Equal(Tensor(one, TensorRole.Router), Tensor(split, TensorRole.Router));
        Assert.Equal(2 * one.Layers, split.Operations.Count(operation => operation.Kind == OperationKind.AllReduce));
    }

    [Fact]
    public void DevicesThatDoNotDivideAnExpertAreRefused()
    {
        ModelShape model = TestConfigs.ReadWith(
            ("model_type", "\"mixtral\""),
            ("num_local_experts", "4"),
            ("num_experts_per_tok", "2"),
            ("intermediate_size", "702")
        );
        StepConditions four = StepConditions.Uniform(PlanExamples.Formats(), 1, 16, 4);
        InputException refusal = Assert.Throws<InputException>(() => DecodeStepPlan.Create(model, four));
        Assert.Contains("702 feed-forward rows of an expert", refusal.Message, StringComparison.Ordinal);
    }

    private static long ExpertBytes(DecodeStepPlan plan) =>
        plan
            .Operations.Where(operation => operation.Kind == OperationKind.ExpertLinear)
            .Sum(operation => operation.WeightReadBytes);
}
