using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Driver;
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

    [Theory]
    [MemberData(nameof(Formats))]
    public void AttentionAsksForAllButTheNewestTokensStepEarly(KvFormat format)
    {
        var shape = new GroupedQueryAttention
        {
            Heads = Heads,
            KvHeads = 1,
            HeadDimension = 128,
            Rope = new RopeShape { Theta = 10_000 },
        };
        AssertOlderTokensComeEarly(shape, format, "attention_mma_");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void AttentionOverLatentsToo(KvFormat format)
    {
        var shape = new MultiHeadLatentAttention
        {
            Heads = Heads,
            QueryLatentDimension = null,
            LatentDimension = 512,
            PlainDimension = 16,
            RotatedDimension = 64,
            HeadValueDimension = 16,
            Rope = new RopeShape { Theta = 10_000 },
        };
        AssertOlderTokensComeEarly(shape, format, "attention_latent_mma_");
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

    /// <summary>A step takes 64 tokens at most: of 20 tokens the newest is in the only one, of 1000 in one of many.</summary>
    private static void AssertOlderTokensComeEarly(AttentionShape shape, KvFormat format, string kernel)
    {
        (_, long all, long early) = Attention(shape, format, 20, kernel);
        Assert.True(all > 0 && early == 0, $"{early} bytes of {all} early, the newest token's page among them");
        (_, all, early) = Attention(shape, format, 1000, kernel);
        Assert.True(early > 0 && early < all, $"{early} bytes of {all} early");
    }

    private static (string Kernel, long Bytes, long EarlyBytes) Attention(
        AttentionShape shape,
        KvFormat format,
        int context,
        string kernel
    ) =>
        Assert.Single(
            Replay(
                TrafficRuns.Plan(TrafficRuns.WithAttention(shape), WeightFormat.Bf16, format, context),
                CudaMemoryKind.KvCache
            ),
            load => load.Kernel.StartsWith(kernel, StringComparison.Ordinal)
        );

    /// <summary>What each launch of a step, as it is timed, loaded of one kind of memory.</summary>
    private static List<(string Kernel, long Bytes, long EarlyBytes)> Replay(DecodeStepPlan plan, CudaMemoryKind kind)
    {
        using var device = (CudaDevice)new EmulatorBackend(Architecture).Open(EmulatorBackend.BackendName);
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
}
