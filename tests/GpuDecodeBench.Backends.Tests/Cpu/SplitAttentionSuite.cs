using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Tests.Simd;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cpu;

/// <summary>Contexts cut into pieces for many threads, where short ones leave pieces empty.</summary>
public abstract class SplitAttentionSuite(SimdPath path)
{
    public static TheoryData<KvFormat> Formats => [.. FormatNames.AllKvFormats];

    [Theory]
    [MemberData(nameof(Formats))]
    public void ShortContextsBesideALongOneMatchTheReference(KvFormat format)
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.MultiQuery, kv: format, contexts: [1, 1500, 16, 33]);
        using IDecodeDevice device = new CpuBackend(new TestHost(), threads: 4, path).Open(CpuBackend.BackendName);
        using IDeviceModel model = device.LoadModel(plan, 11, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        StepCheckResult result = StepChecker.Check(session, CheckSelection.Everything);
        Assert.True(result.Passed, result.Worst.Failure);
    }
}

[NeedsSimd(SimdPath.Avx512)]
public sealed class Avx512SplitAttentionTests() : SplitAttentionSuite(SimdPath.Avx512);

[NeedsSimd(SimdPath.Avx2)]
public sealed class Avx2SplitAttentionTests() : SplitAttentionSuite(SimdPath.Avx2);

public sealed class PortableSplitAttentionTests() : SplitAttentionSuite(SimdPath.Portable);
