using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Generation;

/// <summary>
/// Caches filled by the GPU's kernels are those that the host fills, in every byte: tokens, what none has written yet, and what
/// fills keys up to 16 bytes.
/// </summary>
public sealed class GeneratedKvTests
{
    private const ulong Seed = 70_000_000_002;

    public static TheoryData<int, KvFormat> Cases
    {
        get
        {
            var cases = new TheoryData<int, KvFormat>();
            foreach (int architecture in new[] { 75, 90 })
            {
                foreach (KvFormat format in FormatNames.AllKvFormats)
                {
                    cases.Add(architecture, format);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GroupedHeadsMadeOnTheGpuAreThoseOfTheHost(int architecture, KvFormat format)
    {
        AssertSame(architecture, TestModels.Plan(TestModels.Regular, kv: format, contexts: [1, 16, 17, 2, 33, 50]));
        AssertSame(architecture, TestModels.Plan(TestModels.MultiQuery, kv: format, contexts: [129]));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void HeadsThatEndWithinSixteenBytesMadeOnTheGpuAreThoseOfTheHost(int architecture, KvFormat format)
    {
        AssertSame(architecture, TestModels.Plan(TestModels.Awkward, kv: format, contexts: [40, 7, 1, 32, 17]));
        AssertSame(architecture, TestModels.Plan(WithHeads(26), kv: format, contexts: [40, 7, 1, 32, 17]));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LatentsMadeOnTheGpuAreThoseOfTheHost(int architecture, KvFormat format) =>
        AssertSame(architecture, TestModels.Plan(TestArchitectures.DeepSeek, kv: format, contexts: [20, 1, 48, 17]));

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void LargerBlocksMadeOnTheGpuAreThoseOfTheHost(int tokens)
    {
        DecodeStepPlan plan = TestModels.Plan(
            TestModels.Regular,
            kv: KvFormat.Int8,
            contexts: [1, 17, tokens, tokens + 1]
        );
        DecodeStepPlan blocks = DecodeStepPlan.Create(plan.Model, plan.Conditions with { KvBlockTokens = tokens });
        Assert.Equal(5 * tokens / 16, blocks.KvPages);
        AssertSame(80, blocks);
    }

    [Fact]
    public void ASourceOfItsOwnIsCopiedAsItIs()
    {
        DecodeStepPlan plan = TestModels.Plan(TestModels.Regular, kv: KvFormat.Int8, contexts: [20]);
        StepInputs inputs = StepInputs.Synthetic(plan, Seed) with { Kv = new SameKv() };
        using CudaDevice device = Open(80, generatesOnDevice: true);
        using var memory = new CudaStepMemory(device, plan);
        memory.Allocate(Seed, inputs, CancellationToken.None);
        CudaKvCache cache = memory.Cache(1);
        (int block, int slot) = memory.Slots.Of(0, 18);
        var codes = new byte[cache.Layout.HeadDimension];
        ushort scale = cache.Load(cache.ReadPage(block), slot, 1, isValue: true, codes);
        Assert.All(codes, code => Assert.Equal(SameKv.Code, code));
        Assert.Equal(SameKv.Scale, scale);
    }

    private static ModelShape WithHeads(int dimension) =>
        TestModels.Awkward with
        {
            Layers =
            [
                .. TestModels.Awkward.Layers.Select(layer =>
                    layer with
                    {
                        Attention = (GroupedQueryAttention)layer.Attention with { HeadDimension = dimension },
                    }
                ),
            ],
        };

    private static CudaDevice Open(int architecture, bool generatesOnDevice)
    {
        var backend = new EmulatorBackend(architecture) { GeneratesOnDevice = generatesOnDevice };
        return (CudaDevice)backend.Open(backend.FindDevices()[0].Id);
    }

    private static void AssertSame(int architecture, DecodeStepPlan plan)
    {
        using CudaDevice onHost = Open(architecture, generatesOnDevice: false);
        using CudaDevice onGpu = Open(architecture, generatesOnDevice: true);
        using var expected = new CudaStepMemory(onHost, plan);
        using var actual = new CudaStepMemory(onGpu, plan);
        int launches = 0;
        onGpu.Machine!.OnLaunch = (_, _, _, _) => launches++;
        expected.Allocate(Seed, StepInputs.Synthetic(plan, Seed), CancellationToken.None);
        actual.Allocate(Seed, StepInputs.Synthetic(plan, Seed), CancellationToken.None);
        Assert.Equal(plan.Layers, launches);
        for (int layer = 0; layer < plan.Layers; layer++)
        {
            for (long page = 0; page < expected.Cache(layer).Pages; page++)
            {
                byte[] wanted = expected.Cache(layer).ReadPage(page);
                int difference = wanted.AsSpan().CommonPrefixLength(actual.Cache(layer).ReadPage(page));
                Assert.True(
                    difference == wanted.Length,
                    $"{expected.Cache(layer).Layout}, layer {layer}, page {page}: byte {difference} of {wanted.Length} differs (seed {Seed})"
                );
            }
        }
    }

    private sealed class SameKv : IKvSource
    {
        public const byte Code = 77;
        public const ushort Scale = 0x2345;

        public ushort FillHead(int layer, int sequence, int token, int head, bool isValue, Span<byte> codes)
        {
            codes.Fill(Code);
            return Scale;
        }
    }
}
