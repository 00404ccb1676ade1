using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Backends.Tests.Cuda.Traffic;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>
/// Kernels of a step that do not wait for those before them, or too late: a GPU from sm_90 on would sometimes compute something else,
/// and the emulator, which runs them one after the other, says so each time.
/// </summary>
public sealed class MissingWaitTests
{
    private const ulong Seed = 20_261_130;
    private const string Wait = "griddepcontrol.wait;";

    [Theory]
    [MemberData(nameof(OverlappingSteps.Models), MemberType = typeof(OverlappingSteps))]
    public void EveryKernelOfAReplayThatDoesNotWaitIsNamed(string name)
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.ByName(name), contexts: [40, 600]);
        string[] kernels = KernelsOf(plan);
        Assert.True(kernels.Length >= 6, string.Join(", ", kernels));
        Assert.All(
            kernels,
            kernel =>
            {
                string message = Fault(plan, kernel, WithoutWait);
                Assert.Contains($"Overlap in kernel '{kernel}'", message, StringComparison.Ordinal);
                Assert.Contains(
                    "before griddepcontrol.wait of what the earlier kernel",
                    message,
                    StringComparison.Ordinal
                );
            }
        );
    }

    [Theory]
    [InlineData("residual_norm")]
    [InlineData("argmax")]
    public void AWaitBehindTheFirstReadIsTooLate(string kernel)
    {
        string message = Fault(
            TestModels.Plan(TestModels.Regular, contexts: [40, 3]),
            kernel,
            WithWaitBehindTheNextLoad
        );
        Assert.Contains($"Overlap in kernel '{kernel}'", message, StringComparison.Ordinal);
        Assert.Contains(
            "read before griddepcontrol.wait of what the earlier kernel",
            message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Timed operation by operation, launches are not captured and have events between them, which hold none up.</summary>
    [Fact]
    public void LaunchesTimedApartAreHeldToItToo()
    {
        var error = Assert.ThrowsAny<DeviceFaultException>(() =>
            Run(
                TestModels.Plan(TestModels.Regular, contexts: [40, 3]),
                "argmax",
                WithoutWait,
                session => session.RunStepByOperation(new double[session.Plan.Operations.Length])
            )
        );
        Assert.Contains("Overlap in kernel 'argmax'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The host waits for each launch of a traced step.</summary>
    [Fact]
    public void ATracedStepHasNothingToOverlap() =>
        Run(
            TestModels.Plan(TestModels.Regular, contexts: [40, 3]),
            "argmax",
            WithoutWait,
            session => session.RunStepTraced(new RecordingTrace())
        );

    /// <summary>The newest token's are written by a kernel that may have run when this one began.</summary>
    [Fact]
    public void KeysAndValuesLoadedAsIfNobodyWroteThemAreAFault()
    {
        DecodeStepPlan plan = TrafficRuns.Plan(
            TrafficRuns.WithAttention(
                new GroupedQueryAttention
                {
                    Heads = 4,
                    KvHeads = 2,
                    HeadDimension = 24,
                    Rope = new RopeShape { Theta = 10_000 },
                }
            ),
            WeightFormat.Bf16,
            KvFormat.Int8,
            [100, 77]
        );
        string message = Fault(
            plan,
            "attention_fma_int8",
            text => text.Replace("ld.global.L1::no_alloc", "ld.global.nc.L1::no_alloc", StringComparison.Ordinal)
        );
        Assert.Contains(
            "ld.global.nc of what the earlier kernel 'rope_append_int8' wrote",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("'The KV cache of layer 0'", message, StringComparison.Ordinal);
    }

    private static string WithoutWait(string kernel) => kernel.Replace(Wait, "", StringComparison.Ordinal);

    private static string WithWaitBehindTheNextLoad(string kernel)
    {
        int wait = kernel.IndexOf(Wait, StringComparison.Ordinal);
        int load = kernel.IndexOf("ld.global", wait, StringComparison.Ordinal);
        int end = kernel.IndexOf('\n', load);
        Assert.True(wait >= 0 && load > wait && end > load);
        return kernel[..wait] + kernel[(wait + Wait.Length)..end] + "\n" + Wait + kernel[end..];
    }

    private static string Fault(DecodeStepPlan plan, string kernel, Func<string, string> alter) =>
        Assert
            .ThrowsAny<DeviceFaultException>(() => Run(plan, kernel, alter, static session => session.RunStep()))
            .Message;

    private static string[] KernelsOf(DecodeStepPlan plan)
    {
        string[] kernels = [];
        Run(
            plan,
            "none",
            text => text,
            session =>
            {
                session.RunStep();
                kernels = OverlappingSteps.KernelsBehindTheFirst(session);
            }
        );
        return kernels;
    }

    private static void Run(DecodeStepPlan plan, string kernel, Func<string, string> alter, Action<IDecodeSession> step)
    {
        var backend = new EmulatorBackend
        {
            Options = new EmulatedCudaOptions { ComputeMajor = 9, AlterModule = text => Altered(text, kernel, alter) },
        };
        using var device = (CudaDevice)backend.Open(EmulatorBackend.BackendName);
        DecodeStepPlan own = plan.On(device);
        using IDeviceModel model = device.LoadModel(own, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(own, CancellationToken.None);
        step(session);
    }

    /// <summary>Changes one kernel of a module; modules that do not have it stay as they are.</summary>
    private static string Altered(string text, string kernel, Func<string, string> alter)
    {
        int begin = text.IndexOf($".entry {kernel}(", StringComparison.Ordinal);
        if (begin < 0)
        {
            return text;
        }

        int end = text.IndexOf(".entry ", begin + 1, StringComparison.Ordinal);
        end = end < 0 ? text.Length : end;
        string before = text[begin..end];
        string after = alter(before);
        Assert.NotEqual(before, after);
        return text[..begin] + after + text[end..];
    }
}
