using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Greedy;
using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Backends.Tests.Planted;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Tests.Shared;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Tests.Greedy;

public sealed class GreedyDecoderTests : IDisposable
{
    private const ulong Seed = 20_261_120;
    private readonly IDecodeDevice _cpu = new CpuBackend(new TestHost()).Open(CpuBackend.BackendName);
    private readonly ReferenceDevice _reference = new();

    public static TheoryData<KvFormat> KvFormats => [.. FormatNames.AllKvFormats];

    public void Dispose()
    {
        _cpu.Dispose();
        _reference.Dispose();
    }

    [Theory]
    [MemberData(nameof(KvFormats))]
    public void TheCpuDecodesWhatTheReferenceDecodes(KvFormat kv)
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Everything, kv: kv, contexts: [1, 1]);
        // Across a block boundary of the cache.
        GreedyStep[] onCpu = Run(_cpu, plan, 20);
        GreedyStep[] onReference = Run(_reference, plan, 20);
        Assert.Equal(20, onCpu.Length);
        for (int step = 0; step < 20; step++)
        {
            Assert.True(onCpu[step].Check.Passed, onCpu[step].Check.Worst.Failure);
            Assert.Equal(step, onCpu[step].Position);
            Assert.Equal(onReference[step].Tokens.AsEnumerable(), onCpu[step].Tokens);
            Assert.Equal(onReference[step].NextTokens.AsEnumerable(), onCpu[step].NextTokens);
            // A stored value between two codes may be rounded to the other one.
            Assert.InRange(Difference(onReference[step].Logits, onCpu[step].Logits), 0, 1e-2);
        }
    }

    [Fact]
    public void TheFirstTokensComeFromTheSeedAndEachLaterOneIsTheArgmaxBefore()
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, contexts: [1, 1, 1]);
        GreedyStep[] steps = Run(_cpu, plan, 6);
        Assert.Equal(SyntheticInputs.Tokens(Seed, plan), steps[0].Tokens);
        for (int step = 0; step < steps.Length; step++)
        {
            int vocabulary = plan.Model.VocabularySize;
            Assert.Equal(3 * vocabulary, steps[step].Logits.Length);
            Assert.Equal(
                steps[step].Logits.Chunk(vocabulary).Select(row => Array.IndexOf(row, row.Max())),
                steps[step].NextTokens
            );
            if (step > 0)
            {
                Assert.Equal(steps[step - 1].NextTokens.AsEnumerable(), steps[step].Tokens);
            }
        }
    }

    [Theory]
    [InlineData(CpuBackend.BackendName)]
    [InlineData(ReferenceBackend.BackendName)]
    public void AnEarlierTokensKeysAndValuesDecideTheLogits(string device)
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, contexts: [4]);
        using IDeviceModel model = (device == CpuBackend.BackendName ? _cpu : _reference).LoadModel(
            plan,
            Seed,
            null,
            CancellationToken.None
        );
        float[] before = Logits(model, plan, new RecordedKvOf(plan, Seed).Cache);
        Assert.Equal(before, Logits(model, plan, new RecordedKvOf(plan, Seed).Cache));
        for (int token = 0; token < 3; token++)
        {
            RecordedKv changed = new RecordedKvOf(plan, Seed).Cache;
            var codes = new byte[2 * 64];
            changed.FillHead(1, 0, token, 1, isValue: true, codes);
            codes[1] ^= 0x80;
            changed.Record(1, 0, token, 1, isValue: true, codes, 0);
            Assert.NotEqual(before, Logits(model, plan, changed));
        }
    }

    [Fact]
    public void ARecordedCacheThatRepeatsTheSyntheticOneGivesTheSameStep()
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, contexts: [4]);
        using IDeviceModel model = _cpu.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession synthetic = model.OpenSession(plan, CancellationToken.None);
        var trace = new RecordingTrace();
        synthetic.RunStepTraced(trace);
        Assert.Equal(trace.Outputs["lm_head"], Logits(model, plan, new RecordedKvOf(plan, Seed).Cache));
    }

    [Fact]
    public void TheRunEndsWithTheStepThatFailsItsCheck()
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, contexts: [1]);
        int operation = plan.Operations.Single(o => o is { Name: "o_proj", Layer: 1 }).Index;
        var fault = new Fault
        {
            Operation = operation,
            Output = (_, values) => [.. values.Select(value => value * 1.01f)],
        };
        using IDeviceModel model = new ModelWithAFaultyStep(
            _cpu.LoadModel(plan, Seed, null, CancellationToken.None),
            3,
            fault
        );
        GreedyStep[] steps = [.. GreedyDecoder.Run(model, plan, 8, CheckSelection.Everything, CancellationToken.None)];
        Assert.Equal([true, true, true, false], steps.Select(step => step.Check.Passed));
        Assert.StartsWith("o_proj of layer 1", steps[3].Check.Worst.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void ATokenThatNoStepHasStoredIsNotMadeUp()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            new RecordedKv().FillHead(2, 0, 7, 1, isValue: false, new byte[8])
        );
        Assert.Equal("No step has stored token 7 of sequence 0, layer 2, KV head 1.", error.Message);
    }

    [Fact]
    public void InputsThatDoNotFitThePlanAreRefused()
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, contexts: [1, 1]);
        foreach (IDecodeDevice device in (IDecodeDevice[])[_cpu, _reference])
        {
            using IDeviceModel model = device.LoadModel(plan, Seed, null, CancellationToken.None);
            foreach (
                int[] tokens in (int[][])
                    [
                        [1],
                        [1, 2, 3],
                        [0, 512],
                        [-1, 0],
                    ]
            )
            {
                var inputs = new StepInputs([.. tokens], new RecordedKv());
                Assert.Throws<ArgumentException>(() => model.OpenSession(plan, inputs, CancellationToken.None));
            }
        }
    }

    [Fact]
    public void TheStepsFileHoldsTheRun()
    {
        string folder = Directory.CreateTempSubdirectory("gpu-decode-bench-").FullName;
        try
        {
            DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, kv: KvFormat.Fp8, contexts: [1, 1]);
            GreedyStep[] steps = Run(_cpu, plan, 3);
            using (var file = new StepsFile(folder, plan, Seed, 3, new Dictionary<string, string> { ["told"] = "yes" }))
            {
                Array.ForEach(steps, file.Append);
                file.Complete();
            }

            var read = new SafetensorsFile(Path.Combine(folder, StepsFile.FileName));
            Assert.Equal([3, 2, 512], read.Shape("logits"));
            Assert.Equal(steps.SelectMany(step => step.Logits).Select(logit => (double)logit), read.Floats("logits"));
            Assert.Equal([3, 2], read.Shape("tokens"));
            Assert.Equal(steps.SelectMany(step => step.Tokens).Select(token => (long)token), read.Ints("tokens"));
            Assert.Equal(
                steps.SelectMany(step => step.NextTokens).Select(token => (long)token),
                read.Ints("next_tokens")
            );
            Assert.Equal([0, 0, 1, 1, 2, 2], read.Ints("positions"));
            Assert.Equal([2, 2], read.Shape("kv_layer_scales"));
            Assert.Equal(
                new SyntheticKv(Seed, 1, plan.KvLayoutOf(1)).LayerScale(isValue: true),
                read.Floats("kv_layer_scales")[3]
            );
            Assert.Equal("yes", read.Metadata["told"]);

            // Step 2, sequence 1, head 1 of layer 1.
            Assert.Equal([3, 2, 2, 64], read.Shape("values.1"));
            var codes = new byte[64];
            steps[2].Cache.FillHead(1, 1, 2, 1, isValue: true, codes);
            double scale = read.Floats("kv_layer_scales")[3];
            Assert.Equal(
                codes.Select(code => (double)(float)(Fp8E4M3.Decode(code) * scale)),
                read.Floats("values.1")[^64..]
            );
            Assert.Equal(read.Shape("values.1"), read.Shape("keys.1"));
            Assert.NotEqual(read.Floats("values.1"), read.Floats("keys.1"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TheStepsFileHoldsOneLatentATokenOfALatentCache()
    {
        string folder = Directory.CreateTempSubdirectory("gpu-decode-bench-").FullName;
        try
        {
            DecodeStepPlan plan = TestModels.Plan(TestArchitectures.DeepSeek, kv: KvFormat.Int8, contexts: [1, 1]);
            GreedyStep[] steps = Run(_cpu, plan, 3);
            Assert.All(steps, step => Assert.True(step.Check.Passed, step.Check.Worst.Failure));
            using (var file = new StepsFile(folder, plan, Seed, 3, new Dictionary<string, string>()))
            {
                Array.ForEach(steps, file.Append);
                file.Complete();
            }

            var read = new SafetensorsFile(Path.Combine(folder, StepsFile.FileName));
            int cached = plan.KvLayoutOf(1).HeadDimension;
            Assert.Equal([3, 2, cached], read.Shape("latents.1"));
            Assert.DoesNotContain("keys.1", read.Names);
            Assert.DoesNotContain("values.1", read.Names);

            // Step 2, sequence 1.
            var codes = new byte[cached];
            ushort scale = steps[2].Cache.FillHead(1, 1, 2, 0, isValue: false, codes);
            Assert.Equal(
                codes.Select(code => (double)(float)((sbyte)code * (double)BitConverter.UInt16BitsToHalf(scale))),
                read.Floats("latents.1")[^cached..]
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static GreedyStep[] Run(IDecodeDevice device, DecodeStepPlan plan, int steps)
    {
        using IDeviceModel model = device.LoadModel(plan, Seed, null, CancellationToken.None);
        return [.. GreedyDecoder.Run(model, plan, steps, CheckSelection.Everything, CancellationToken.None)];
    }

    private static float[] Logits(IDeviceModel model, DecodeStepPlan plan, IKvSource cache)
    {
        var inputs = new StepInputs([.. SyntheticInputs.Tokens(Seed, plan)], cache);
        using IDecodeSession session = model.OpenSession(plan, inputs, CancellationToken.None);
        var trace = new RecordingTrace();
        StepCheckResult check = StepChecker.Check(session, CheckSelection.Everything, trace);
        Assert.True(check.Passed, check.Worst.Failure);
        return trace.Outputs["lm_head"];
    }

    private static double Difference(float[] expected, float[] actual) =>
        Math.Sqrt(expected.Zip(actual, (e, a) => Math.Pow(e - (double)a, 2)).Sum() / expected.Sum(e => (double)e * e));

    /// <summary>A recording of the synthetic cache of a plan's single sequence.</summary>
    private sealed class RecordedKvOf
    {
        public RecordedKvOf(DecodeStepPlan plan, ulong seed)
        {
            for (int layer = 0; layer < plan.Layers; layer++)
            {
                var synthetic = new SyntheticKv(seed, layer, plan.KvLayoutOf(layer));
                var codes = new byte[synthetic.Layout.HeadDimension * synthetic.Layout.BytesPerElement];
                for (int entry = 0; entry < 2 * 3 * synthetic.Layout.KvHeads; entry++)
                {
                    (int token, int head, bool isValue) = (entry / 2 % 3, entry / 6, entry % 2 != 0);
                    ushort scale = synthetic.FillHead(0, token, head, isValue, codes);
                    Cache.Record(layer, 0, token, head, isValue, codes, scale);
                }
            }
        }

        public RecordedKv Cache { get; } = new();
    }

    private sealed class ModelWithAFaultyStep(IDeviceModel inner, int position, Fault fault) : IDeviceModel
    {
        public long AllocatedBytes => inner.AllocatedBytes;

        public ulong Seed => inner.Seed;

        public IDecodeSession OpenSession(DecodeStepPlan plan, StepInputs inputs, CancellationToken cancellation)
        {
            IDecodeSession session = inner.OpenSession(plan, inputs, cancellation);
            return plan.Conditions.ContextTokens[0] == position + 1 ? new PlantedSession(session, fault) : session;
        }

        public void Dispose() => inner.Dispose();
    }
}
