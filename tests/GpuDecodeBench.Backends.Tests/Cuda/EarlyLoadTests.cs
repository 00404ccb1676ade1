using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Tuning;
using GpuDecodeBench.Backends.Tests.Cuda.Traffic;
using GpuDecodeBench.Ptx;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>
/// What kernels of a replay ask memory for while those before them may still run: all that no kernel of a step writes, so that memory
/// does not stand idle. That it is nothing else the emulator checks with each access.
/// </summary>
public sealed class EarlyLoadTests
{
    private const int Architecture = 90;
    private const int Heads = 8;

    /// <summary>
    /// A block's four teams take a step of the span each, of 32 tokens or, of 8-bit codes, 64. What each asks for first comes early but for
    /// the step with the newest token: of so many steps from the span's beginning, so many teams.
    /// </summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void EachTeamOfAttentionAsksEarlyUnlessItsStepHasTheNewestToken(KvFormat format)
    {
        int step = format is KvFormat.Fp16 or KvFormat.Bf16 ? 32 : 64;
        long ofATeam = EarlyBytes(step + 1);
        Assert.True(ofATeam > 0);
        (int Context, int Window, int EarlyTeams)[] spans =
        [
            (1, 0, 0),
            (step, 0, 0),
            (2 * step, 0, 1),
            (4 * step, 0, 3),
            ((4 * step) + 1, 0, 4),
            (20 * step, 0, 4),
            // The window begins within a page, so that its pages are one more than its tokens fill.
            ((20 * step) - 8, 3 * step, 3),
            ((20 * step) - 8, step - 16, 0),
        ];
        Assert.All(spans, span => Assert.Equal(span.EarlyTeams * ofATeam, EarlyBytes(span.Context, span.Window)));

        long EarlyBytes(int context, int window = 0) =>
            Attention(
                new GroupedQueryAttention
                {
                    Heads = Heads,
                    KvHeads = 1,
                    HeadDimension = 128,
                    Window = window == 0 ? null : window,
                    Rope = new RopeShape { Theta = 10_000 },
                },
                format,
                context,
                "attention_mma_"
            );
    }

    /// <summary>A block's teams share a step of 32 tokens.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void AttentionOverLatentsAsksEarlyForAFirstStepWithoutTheNewestToken(KvFormat format)
    {
        Assert.Equal(0, EarlyBytes(32));
        long early = EarlyBytes(33);
        Assert.True(early >= 32 * 576 * (format is KvFormat.Fp16 or KvFormat.Bf16 ? 2 : 1), $"{early} bytes");
        Assert.Equal(early, EarlyBytes(300));

        long EarlyBytes(int context) => Attention(TestModels.Latents(Heads), format, context, "attention_latent_mma_");
    }

    [Fact]
    public void ProductsAskForTheirFirstWeightsEarly()
    {
        List<(string Kernel, long Bytes, long EarlyBytes)> loads = Replay(
            TestModels.Plan(TestModels.Regular, contexts: [40, 3]),
            CudaMemoryKind.WeightCodes
        );
        (string Kernel, long Bytes, long EarlyBytes)[] products =
        [
            .. loads.Where(load => load.Kernel.StartsWith("linear_", StringComparison.Ordinal)),
        ];
        // Queries, keys and values; the output; gates and ups; down; and the LM head.
        Assert.Equal((4 * TestModels.Regular.Layers.Length) + 1, products.Length);
        Assert.All(products, product => Assert.True(product.EarlyBytes > 0, $"{product.Kernel} loads nothing early"));
    }

    public static TheoryData<KvFormat> Formats => [.. FormatNames.AllKvFormats];

    /// <summary>What the kernel that attention takes loads early of the cache, undivided.</summary>
    private static long Attention(AttentionShape shape, KvFormat format, int context, string kernel)
    {
        (string Kernel, long Bytes, long EarlyBytes) attention = Assert.Single(
            Replay(
                TrafficRuns.Plan(TrafficRuns.WithAttention(shape), WeightFormat.Bf16, format, context),
                CudaMemoryKind.KvCache
            ),
            load => load.Kernel.StartsWith(kernel, StringComparison.Ordinal)
        );
        Assert.True(attention.Bytes > attention.EarlyBytes, $"{attention}");
        return attention.EarlyBytes;
    }

    /// <summary>What each launch of a step, as it is timed, loaded of one kind of memory.</summary>
    private static List<(string Kernel, long Bytes, long EarlyBytes)> Replay(DecodeStepPlan plan, CudaMemoryKind kind)
    {
        using var device = (CudaDevice)new EmulatorBackend(Architecture).Open(EmulatorBackend.BackendName);
        device.Choices = new Undivided();
        plan = plan.On(device);
        using IDeviceModel model = device.LoadModel(plan, TrafficRuns.Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        var loads = new List<(string Kernel, long Bytes, long EarlyBytes)>();
        device.Machine!.OnLaunch += (kernel, _, _, counters) =>
        {
            AllocationCounters[] touched =
            [
                .. counters.Allocations.Values.Where(one => device.Context.KindOf(one.Label) == kind),
            ];
            loads.Add((kernel, touched.Sum(one => one.LoadedBytes), touched.Sum(one => one.EarlyLoadedBytes)));
        };
        session.RunStep();
        return loads;
    }

    /// <summary>Attention without splits, so that one block has a span's steps.</summary>
    private sealed class Undivided : IKernelChoices
    {
        public T Choose<T>(PlanOperation operation, string kind, string shape, IReadOnlyList<T> candidates)
            where T : struct =>
            candidates[0] is AttentionChoice choice ? (T)(object)(choice with { Splits = 1 }) : candidates[0];
    }
}
