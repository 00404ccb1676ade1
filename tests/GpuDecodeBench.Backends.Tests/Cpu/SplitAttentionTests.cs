using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cpu;

/// <summary>Contexts cut into pieces for many threads, where short ones leave pieces empty.</summary>
public class SplitAttentionTests
{
    public static TheoryData<KvFormat> Formats => [.. FormatNames.AllKvFormats];

    [Theory]
    [MemberData(nameof(Formats))]
    public void ShortContextsBesideALongOneMatchTheReference(KvFormat format)
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.MultiQuery, kv: format, contexts: [1, 1500, 16, 33]);
        using IDecodeDevice device = new CpuBackend(new TestHost(), threads: 4).Open(CpuBackend.BackendName);
        using IDeviceModel model = device.LoadModel(plan, 11, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        StepCheckResult result = StepChecker.Check(session, CheckSelection.Everything);
        Assert.True(result.Passed, result.Worst.Failure);
    }
}
