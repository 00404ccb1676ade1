using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests;

public sealed class WholeStepCheckerTests : IDisposable
{
    private const ulong Seed = 99;
    private readonly IDecodeDevice _device = new CpuBackend(new TestHost()).Open(CpuBackend.BackendName);

    public static TheoryData<KvFormat> KvFormats => [.. FormatNames.AllKvFormats];

    public void Dispose() => _device.Dispose();

    [Theory]
    [MemberData(nameof(KvFormats))]
    public void TheLogitsOfAWholeStepAreTheReferences(KvFormat kv)
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Everything, WeightFormat.Int4, kv, contexts: [60, 5]);
        using IDeviceModel model = _device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        OperationCheck check = WholeStepChecker.Check(session);
        Assert.True(check.Passed, check.Failure);
        Assert.InRange(check.WorstRelativeError, 0, 1e-3);
    }

    [Fact]
    public void AStepOverOtherDataIsFarOff()
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, contexts: [60]);
        using IDeviceModel model = _device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        OperationCheck check = WholeStepChecker.Check(new ClaimsAnotherSeed(session));
        Assert.False(check.Passed);
        Assert.True(check.WorstRelativeError > 0.5, $"an unrelated step differs by only {check.WorstRelativeError}");
        Assert.Contains("sequence 0", check.Failure, StringComparison.Ordinal);
    }

    private sealed class ClaimsAnotherSeed(IDecodeSession inner) : IDecodeSession
    {
        public DecodeStepPlan Plan => inner.Plan;

        public ulong Seed => inner.Seed + 1;

        public StepInputs Inputs => StepInputs.Synthetic(Plan, Seed);

        public long AllocatedBytes => inner.AllocatedBytes;

        public IReadOnlyList<int>? DistinctExperts => inner.DistinctExperts;

        public double RunStep() => inner.RunStep();

        public double RunStepByOperation(Span<double> operationSeconds) => inner.RunStepByOperation(operationSeconds);

        public void RunStepTraced(IStepTrace trace) => inner.RunStepTraced(trace);

        public void PoisonStep() => inner.PoisonStep();

        public void ShowResults(IStepTrace trace) => inner.ShowResults(trace);

        public void Dispose() { }
    }
}
