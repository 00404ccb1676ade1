using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests;

public sealed class TimedStepCheckerTests : IDisposable
{
    private const ulong Seed = 7;
    private readonly IDecodeDevice _device = new CpuBackend(new TestHost()).Open(CpuBackend.BackendName);

    public void Dispose() => _device.Dispose();

    [Fact]
    public void AStepThatComputesNothingWhenTimedIsNoticedThoughItsBuffersHeldTheRightResults()
    {
        OperationCheck check = CheckWith(step => step.Skips = _ => true);
        Assert.Contains("timed step 1 of 2", check.Failure, StringComparison.Ordinal);
        Assert.Contains("codes", check.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void AStepThatIsRightOnceAndNeverAgainIsNoticed()
    {
        OperationCheck check = CheckWith(step => step.Skips = run => run > 0);
        Assert.Contains("timed step 2 of 2", check.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void OneBitOfOneLogitIsNoticedAndNamed()
    {
        OperationCheck check = CheckWith(step => step.FlipsLogit = 33);
        Assert.Contains(
            "the logits differ, first at element 33 of sequence 0",
            check.Failure,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AStepThatRepeatsTheTracedOnePasses()
    {
        OperationCheck check = CheckWith(_ => { }, passes: true);
        Assert.Equal(2, check.Operations);
        Assert.Equal(0, check.WorstRelativeError);
    }

    private OperationCheck CheckWith(Action<FaultyWhenTimed> plant, bool passes = false)
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, contexts: [20, 3]);
        using IDeviceModel model = _device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        var faulty = new FaultyWhenTimed(session);
        plant(faulty);
        StepCheckResult result = TimedStepChecker.Check(faulty, CheckSelection.Sample);
        Assert.Equal(passes, result.Passed);
        Assert.All(result.Operations.SkipLast(1), check => Assert.True(check.Passed, check.Failure));
        return result.Operations[^1];
    }

    /// <summary>A session whose traced step is right.</summary>
    private sealed class FaultyWhenTimed(IDecodeSession inner) : IDecodeSession, IStepTrace
    {
        private int _runs;
        private IStepTrace? _target;

        public Predicate<int> Skips { get; set; } = _ => false;

        public int? FlipsLogit { get; set; }

        public DecodeStepPlan Plan => inner.Plan;

        public ulong Seed => inner.Seed;

        public StepInputs Inputs => inner.Inputs;

        public long AllocatedBytes => inner.AllocatedBytes;

        public IReadOnlyList<int>? DistinctExperts => inner.DistinctExperts;

        public double RunStep() => Skips(_runs++) ? 0 : inner.RunStep();

        public double RunStepByOperation(Span<double> operationSeconds) => inner.RunStepByOperation(operationSeconds);

        public void RunStepTraced(IStepTrace trace) => inner.RunStepTraced(trace);

        public void PoisonStep() => inner.PoisonStep();

        public void ShowResults(IStepTrace trace)
        {
            _target = trace;
            inner.ShowResults(this);
        }

        public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values)
        {
            float[] copy = values.ToArray();
            if (FlipsLogit is int element && operation.Output == StepBuffer.Logits)
            {
                copy[element] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(copy[element]) ^ 1);
            }

            _target!.OnOutput(operation, copy);
        }

        public void OnKvAppended(
            PlanOperation operation,
            int sequence,
            int head,
            bool isValue,
            ReadOnlySpan<byte> codes,
            ushort scaleBits
        ) => _target!.OnKvAppended(operation, sequence, head, isValue, codes, scaleBits);

        public void Dispose() => inner.Dispose();
    }
}
