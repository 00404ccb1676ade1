using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests;

/// <summary>What every backend must do. A new device proves itself by a class that derives from this and passes.</summary>
public abstract class DecodeBackendSuite : IDisposable
{
    private const ulong Seed = 20_261_120;
    private readonly IDecodeDevice _device;

    protected DecodeBackendSuite(IDecodeBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        Backend = backend;
        _device = backend.Open(backend.FindDevices()[0].Id);
    }

    protected IDecodeBackend Backend { get; }

    public static TheoryData<WeightFormat> WeightFormats => [.. FormatNames.AllWeightFormats];

    public static TheoryData<KvFormat> KvFormats => [.. FormatNames.AllKvFormats];

    public static TheoryData<string> Models => [.. TestModels.All.Select(model => model.Name)];

    public void Dispose()
    {
        _device.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(WeightFormats))]
    public void EveryWeightFormatMatchesTheReferenceOnAwkwardSizes(WeightFormat format) =>
        AssertMatches(TestModels.Plan(TestModels.Awkward, weights: format, lmHead: format, contexts: [33]));

    [Theory]
    [MemberData(nameof(WeightFormats))]
    public void EveryWeightFormatMatchesTheReferenceOnRegularSizes(WeightFormat format) =>
        AssertMatches(TestModels.Plan(TestModels.Regular, weights: format, lmHead: format, contexts: [64, 64]));

    [Theory]
    [MemberData(nameof(WeightFormats))]
    public void EveryWeightFormatMatchesTheReferenceOnLongInputs(WeightFormat format)
    {
        AssertMatches(TestModels.Plan(TestModels.LongInput, weights: format, contexts: [9]));
        AssertMatches(TestModels.Plan(TestModels.LongInput, weights: format, contexts: [9, 9, 9]));
    }

    [Theory]
    [MemberData(nameof(KvFormats))]
    public void EveryKvFormatMatchesTheReferenceWithMixedContexts(KvFormat format) =>
        AssertMatches(TestModels.Plan(TestModels.Regular, kv: format, contexts: [1, 15, 16, 17, 31, 128, 129, 300]));

    [Theory]
    [MemberData(nameof(KvFormats))]
    public void EveryKvFormatMatchesTheReferenceOnAwkwardHeadDimensions(KvFormat format) =>
        AssertMatches(TestModels.Plan(TestModels.Awkward, kv: format, contexts: [40, 7, 200]));

    [Theory]
    [MemberData(nameof(Models))]
    public void EveryAttentionAndLayerVariantMatchesTheReference(string model) =>
        AssertMatches(TestModels.Plan(TestModels.ByName(model), contexts: [50, 3, 97]));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(11)]
    public void EveryBatchMatchesTheReference(int batch) =>
        AssertMatches(
            TestModels.Plan(
                TestModels.Awkward,
                weights: WeightFormat.Int4,
                contexts: [.. Enumerable.Range(0, batch).Select(sequence => 20 + sequence)]
            )
        );

    [Fact]
    public void LongContextsThatAreSplitAmongWorkersMatchTheReference() =>
        AssertMatches(TestModels.Plan(TestModels.MultiQuery, contexts: [2049]));

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void LargerBlocksOfTheCacheMatchTheReference(int tokens)
    {
        // Contexts that end with a page, one token into a page, in a block's last page, and beyond one block; with and without windows.
        int[] contexts = [1, 16, 17, tokens, tokens + 1, 300];
        AssertMatches(WithBlocks(TestModels.Plan(TestModels.Regular, kv: KvFormat.Int8, contexts: contexts), tokens));
        AssertMatches(WithBlocks(TestModels.Plan(TestModels.Everything, contexts: contexts), tokens));
        AssertMatches(WithBlocks(TestModels.Plan(TestArchitectures.DeepSeek, contexts: contexts), tokens));
        AssertMatches(WithBlocks(TestModels.Plan(TestModels.MultiQuery, kv: KvFormat.Fp8, contexts: [1100]), tokens));
    }

    [Theory]
    [MemberData(nameof(WeightFormats))]
    public void EveryWeightFormatMatchesTheReferenceInWideBatches(WeightFormat format)
    {
        AssertMatches(TestModels.Plan(TestModels.Awkward, format, lmHead: format, contexts: Contexts(15)));
        AssertMatches(TestModels.Plan(TestModels.LongInput, format, contexts: Contexts(12)));
    }

    [Fact]
    public void ABatchBeyondABlockOfTokensMatchesTheReference() =>
        AssertMatches(TestModels.Plan(TestModels.Regular, WeightFormat.MxFp4, contexts: Contexts(67)));

    [Theory]
    [MemberData(nameof(WeightFormats))]
    public void EveryWeightFormatOfExpertsMatchesTheReference(WeightFormat format)
    {
        AssertMatches(TestModels.Plan(TestArchitectures.DeepSeek, format, contexts: [20, 5, 9]));
        AssertMatches(TestModels.Plan(TestArchitectures.GptOss, format, contexts: [20]));
    }

    [Fact]
    public void ExpertsWithManyTokensMatchTheReference() =>
        AssertMatches(TestModels.Plan(TestArchitectures.Mixtral, WeightFormat.Int8, contexts: Contexts(40)));

    [Theory]
    [MemberData(nameof(KvFormats))]
    public void EveryKvFormatOfLatentsMatchesTheReferenceWithMixedContexts(KvFormat format) =>
        AssertMatches(
            TestModels.Plan(TestArchitectures.DeepSeek, kv: format, contexts: [1, 15, 16, 17, 31, 128, 129, 300])
        );

    [Fact]
    public void LongContextsOfLatentsAndSinksThatAreSplitAmongWorkersMatchTheReference()
    {
        AssertMatches(TestModels.Plan(TestArchitectures.DeepSeekLite, contexts: [2049]));
        AssertMatches(TestModels.Plan(TestArchitectures.GptOss, contexts: [2049, 30]));
        AssertMatches(TestModels.Plan(TestArchitectures.Gemma2, contexts: [2049]));
    }

    [Fact]
    public void TheExpertsThatAStepReadAreToldForEveryLayer()
    {
        DecodeStepPlan plan = OnDevice(TestModels.Plan(TestArchitectures.DeepSeek, contexts: Contexts(9)));
        using IDeviceModel model = _device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        var trace = new RecordingTrace();
        session.RunStepTraced(trace);
        float[] routing = trace.Outputs["route"];
        int distinct = routing.Chunk(6).SelectMany(row => row[..3]).Distinct().Count();
        Assert.InRange(distinct, 3, 12);
        Assert.Equal([0, distinct], session.DistinctExperts);
    }

    [Fact]
    public void AModelWithoutExpertsTellsOfNone()
    {
        DecodeStepPlan plan = OnDevice(TestModels.Plan(TestModels.Regular, contexts: [5]));
        using IDeviceModel model = _device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        session.RunStep();
        Assert.Null(session.DistinctExperts);
    }

    [Fact]
    public void TheSlidingWindowKeepsOldTokensOut()
    {
        // Beyond the window the context's length must not change what a layer reads: same span, same plan bytes.
        DecodeStepPlan near = TestModels.Plan(TestModels.Everything, contexts: [37]);
        DecodeStepPlan far = TestModels.Plan(TestModels.Everything, contexts: [500]);
        Assert.Equal(near.Totals.KvReadBytes, far.Totals.KvReadBytes);
        AssertMatches(far);
    }

    [Fact]
    public void EveryRunOfASessionGivesTheSameResult()
    {
        DecodeStepPlan plan = OnDevice(TestModels.Plan(TestModels.Regular, contexts: [100, 20]));
        using IDeviceModel model = _device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        var first = new RecordingTrace();
        session.RunStepTraced(first);
        session.RunStep();
        session.RunStep();
        var second = new RecordingTrace();
        session.RunStepTraced(second);
        Assert.Equal(first.Outputs, second.Outputs);
    }

    [Theory]
    [InlineData("regular")]
    [InlineData("gemma2-like")]
    [InlineData("deepseek-like")]
    [InlineData("gpt-oss-like")]
    public void TheTimedStepLeavesTheBitsOfTheTracedOne(string name)
    {
        DecodeStepPlan plan = OnDevice(TestModels.Plan(TestModels.ByName(name), contexts: [300, 20]));
        using IDeviceModel model = _device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        StepCheckResult result = TimedStepChecker.Check(session, CheckSelection.Sample);
        AssertPassed(result);
        Assert.Equal(TimedStepChecker.Name, result.Operations[^1].Name);
    }

    [Fact]
    public void AnotherSeedGivesOtherLogits()
    {
        DecodeStepPlan plan = OnDevice(TestModels.Plan(TestModels.Regular, contexts: [20]));
        Assert.NotEqual(Logits(plan, Seed), Logits(plan, Seed + 1));
    }

    [Fact]
    public void OperationTimesCoverEveryOperationAndDoNotExceedTheStep()
    {
        DecodeStepPlan plan = OnDevice(TestModels.Plan(TestModels.Regular, contexts: [100]));
        using IDeviceModel model = _device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        var seconds = new double[plan.Operations.Length];
        double step = session.RunStepByOperation(seconds);
        Assert.All(seconds, value => Assert.True(value >= 0));
        Assert.Contains(seconds, value => value > 0);
        Assert.True(seconds.Sum() <= step * 1.0001, $"operations took {seconds.Sum()} s, the step {step} s");
    }

    [Fact]
    public void SessionsOfSeveralBatchesShareOneModel()
    {
        DecodeStepPlan one = OnDevice(TestModels.Plan(TestModels.Regular, contexts: [30]));
        DecodeStepPlan three = OnDevice(TestModels.Plan(TestModels.Regular, kv: KvFormat.Int8, contexts: [30, 31, 32]));
        using IDeviceModel model = _device.LoadModel(one, Seed, null, CancellationToken.None);
        using IDecodeSession first = model.OpenSession(one, CancellationToken.None);
        using IDecodeSession second = model.OpenSession(three, CancellationToken.None);
        AssertPassed(StepChecker.Check(second, CheckSelection.Everything));
        AssertPassed(StepChecker.Check(first, CheckSelection.Everything));
    }

    private static int[] Contexts(int batch) =>
        [.. Enumerable.Range(0, batch).Select(sequence => 3 + (7 * sequence % 31))];

    private static DecodeStepPlan WithBlocks(DecodeStepPlan plan, int tokens) =>
        DecodeStepPlan.Create(plan.Model, plan.Conditions with { KvBlockTokens = tokens }, plan.Layers);

    private static void AssertPassed(StepCheckResult result) =>
        Assert.True(
            result.Passed,
            string.Join("; ", result.Operations.Where(check => !check.Passed).Select(check => check.Failure))
                + $" (seed {Seed})"
        );

    private float[] Logits(DecodeStepPlan plan, ulong seed)
    {
        using IDeviceModel model = _device.LoadModel(plan, seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        var trace = new RecordingTrace();
        session.RunStepTraced(trace);
        return trace.Outputs["lm_head"];
    }

    /// <summary>The plan with activations as the device keeps them.</summary>
    private DecodeStepPlan OnDevice(DecodeStepPlan plan) =>
        DecodeStepPlan.Create(
            plan.Model,
            plan.Conditions with
            {
                Formats = plan.Conditions.Formats with { Activations = _device.Activations },
            },
            plan.Layers
        );

    private void AssertMatches(DecodeStepPlan plan)
    {
        plan = OnDevice(plan);
        using IDeviceModel model = _device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        StepCheckResult result = StepChecker.Check(session, CheckSelection.Everything);
        AssertPassed(result);
        Assert.Equal(
            plan.Operations.Select(operation => operation.Name).Distinct(),
            result.Operations.Select(check => check.Name)
        );
    }
}
