using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>
/// Launches that in a replay come before what they read is written, as a kernel would that does not wait for the one before it. A
/// traced step, which waits after every launch, never shows that.
/// </summary>
public sealed class EarlyLaunchTests
{
    private const ulong Seed = 20_261_129;

    [Theory]
    [MemberData(nameof(OverlappingSteps.Models), MemberType = typeof(OverlappingSteps))]
    public void EveryKernelThatRunsTooEarlyInAReplayIsNoticed(string name)
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.ByName(name), contexts: [40, 600]);
        string[] kernels = KernelsOf(plan);
        Assert.True(kernels.Length >= 6, string.Join(", ", kernels));
        Assert.All(
            kernels,
            kernel =>
            {
                StepCheckResult result = Check(plan, kernel);
                OperationCheck timed = result.Operations[^1];
                Assert.False(timed.Passed, $"{kernel} ran before the kernel ahead of it, and nobody noticed");
                Assert.Contains("timed step 1 of 2", timed.Failure, StringComparison.Ordinal);
                Assert.All(result.Operations.SkipLast(1), check => Assert.True(check.Passed, check.Failure));
            }
        );
    }

    [Theory]
    [MemberData(nameof(OverlappingSteps.Models), MemberType = typeof(OverlappingSteps))]
    public void AStepWithNoFaultRepeatsTheTracedOne(string name)
    {
        StepCheckResult result = Check(TestModels.Plan(TestModels.ByName(name), contexts: [40, 600]), null);
        Assert.True(result.Passed, result.Worst.Failure);
        Assert.Equal(TimedStepChecker.Name, result.Operations[^1].Name);
        Assert.True(result.Operations[^1].Elements > 0);
    }

    /// <summary>
    /// Heads of 20 columns are copied apart, and a product reads 4 or 12 more, with weights of zero: poison there is none of its business,
    /// whatever format it converts its inputs to.
    /// </summary>
    [Theory]
    [InlineData(WeightFormat.Fp16)]
    [InlineData(WeightFormat.Bf16)]
    [InlineData(WeightFormat.Int8)]
    [InlineData(WeightFormat.Int4)]
    public void PoisonBehindCopiedHeadsHarmsNoFormat(WeightFormat weights)
    {
        StepCheckResult result = Check(
            TestModels.Plan(TestArchitectures.DeepSeek, weights: weights, contexts: [40, 3]),
            null
        );
        Assert.True(result.Passed, result.Worst.Failure);
    }

    /// <summary>
    /// The kernels that a step launches, but for the first launch's, which has none ahead of it, and argmax where logits are capped:
    /// the largest stays the largest.
    /// </summary>
    private static string[] KernelsOf(DecodeStepPlan plan)
    {
        using CudaDevice device = Open(null);
        using IDeviceModel model = device.LoadModel(plan.On(device), Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan.On(device), CancellationToken.None);
        return
        [
            .. OverlappingSteps
                .KernelsBehindTheFirst(session)
                .Where(kernel => kernel != "argmax" || plan.Model.LogitSoftCap is null),
        ];
    }

    private static StepCheckResult Check(DecodeStepPlan plan, string? early)
    {
        using CudaDevice device = Open(early);
        using IDeviceModel model = device.LoadModel(plan.On(device), Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan.On(device), CancellationToken.None);
        return TimedStepChecker.Check(session, CheckSelection.Sample);
    }

    private static CudaDevice Open(string? early)
    {
        var backend = new EmulatorBackend
        {
            Options = new EmulatedCudaOptions { ComputeMajor = 9, EarlyInGraphs = early },
        };
        return (CudaDevice)backend.Open(EmulatorBackend.BackendName);
    }
}
