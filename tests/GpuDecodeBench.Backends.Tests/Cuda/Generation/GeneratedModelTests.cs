using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Generation;

/// <summary>Steps over weights and a cache that the GPU made.</summary>
public sealed class GeneratedModelTests
{
    private const ulong Seed = 70_000_000_003;

    [Theory]
    [InlineData(75, "awkward", WeightFormat.Int4, KvFormat.Int8)]
    [InlineData(75, "gpt-oss-like", WeightFormat.MxFp4, KvFormat.Bf16)]
    [InlineData(90, "everything", WeightFormat.NvFp4, KvFormat.Fp8)]
    [InlineData(90, "deepseek-like", WeightFormat.Fp8, KvFormat.Fp16)]
    public void AStepOverGeneratedWeightsAndCacheMatchesTheReference(
        int architecture,
        string name,
        WeightFormat weights,
        KvFormat kv
    )
    {
        var backend = new EmulatorBackend(architecture) { GeneratesOnDevice = true };
        using IDecodeDevice device = backend.Open(backend.FindDevices()[0].Id);
        DecodeStepPlan plan = Plan(device, name, weights, kv);
        using IDeviceModel model = device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        StepCheckResult result = StepChecker.Check(session, CheckSelection.Everything);
        Assert.True(
            result.Passed,
            string.Join("; ", result.Operations.Where(check => !check.Passed).Select(check => check.Failure))
                + $" (seed {Seed})"
        );
    }

    [Fact]
    public void GenerationTellsItsProgressAndStopsWhenItIsTold()
    {
        var backend = new EmulatorBackend { GeneratesOnDevice = true };
        using var device = (CudaDevice)backend.Open(backend.FindDevices()[0].Id);
        DecodeStepPlan plan = Plan(device, "awkward", WeightFormat.Int4, KvFormat.Bf16);
        using var stop = new CancellationTokenSource();
        var shares = new List<double>();
        var progress = new Immediately(share =>
        {
            shares.Add(share);
            if (shares.Count == 3)
            {
                stop.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => device.LoadModel(plan, Seed, progress, stop.Token));
        Assert.Equal(3, shares.Count);
        Assert.Equal(shares.Order(), shares);
        Assert.Null(device.Store.Largest);
    }

    [Fact]
    public void AGpuMakesItsDataItselfAndAnEmulatedOneLeavesThatToTheHost()
    {
        var emulated = new EmulatorBackend();
        DeviceDescription description = emulated.FindDevices()[0];
        using var emulator = (CudaDevice)emulated.Open(description.Id);
        Assert.False(emulator.GeneratesOnDevice);

        using var machine = new PtxMachine();
        var library = CudaLibrary.Open(new EmulatedCudaDriver(machine, new EmulatedCudaOptions()));
        using CudaDevice real = CudaDevice.Open(description, library, library.Devices[0], KernelSource.Own);
        Assert.True(real.GeneratesOnDevice);
    }

    private static DecodeStepPlan Plan(IDecodeDevice device, string name, WeightFormat weights, KvFormat kv)
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.ByName(name), weights, kv, lmHead: weights, contexts: [33, 7]);
        return plan.On(device);
    }

    private sealed class Immediately(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
