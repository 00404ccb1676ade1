using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Backends.Tests.Cuda.Traffic;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Ptx;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>GPU_DECODE_BENCH_PREFETCH, which has products ask the second-level cache for weights that registers have no room for.</summary>
public sealed class PrefetchTests
{
    private const int FirstWithOverlap = 90;

    /// <summary>The last tile has five rows, the last group of columns is not whole.</summary>
    private const int Rows = (11 * TileLayout.TileRows) + 5;

    private const int Columns = 2084;

    private static readonly (int Ahead, LinearChoice Choice)[] s_launches =
    [
        (32, new LinearChoice(8, true, TeamsPerTile: 2)),
        (2, new LinearChoice(8, true, TeamsPerTile: 1, Splits: 2)),
        (32, new LinearChoice(16, true, TeamsPerTile: 2, SetsInTurn: 3)),
        (1, new LinearChoice(8, true, TeamsPerTile: 4, SetsInTurn: 2)),
        (3, new LinearChoice(16, true, TeamsPerTile: 1)),
        (5, new LinearChoice(4, false, TeamsPerTile: 2)),
    ];

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("0", 0)]
    [InlineData("32", 32)]
    public void ANumberOfGroupsIsTaken(string? text, int groups) =>
        Assert.Equal(groups, CudaKernels.ReadGroupsAhead(text));

    [Theory]
    [InlineData("33")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("all")]
    public void AnythingElseIsRefusedWithWhatIsAccepted(string text)
    {
        InputException refused = Assert.Throws<InputException>(() => CudaKernels.ReadGroupsAhead(text));
        Assert.Contains($"GPU_DECODE_BENCH_PREFETCH '{text}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 32", refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<WeightFormat, int> Cases
    {
        get
        {
            var cases = new TheoryData<WeightFormat, int>();
            foreach (WeightFormat format in FormatNames.AllWeightFormats)
            {
                for (int launch = 0; launch < s_launches.Length; launch++)
                {
                    cases.Add(format, launch);
                }
            }

            return cases;
        }
    }

    /// <summary>To the byte: what a team reads after its first group, so many groups of it, and nothing that it does not read.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void ATeamAsksForWhatItReadsNext(WeightFormat format, int launch)
    {
        (int ahead, LinearChoice choice) = s_launches[launch];
        Prefetches head = Run(FirstWithOverlap, format, choice, ahead);
        Assert.True(head.Bytes > 0);
        Assert.Equal(ExpectedBytes(format, choice, ahead), head.Bytes);
        Assert.Equal(head.Bytes, head.DistinctBytes);
        Assert.Equal(0, head.UnreadBytes);
    }

    [Theory]
    [InlineData(FirstWithOverlap, 0, 8, 1)]
    [InlineData(80, 32, 8, 1)]
    [InlineData(FirstWithOverlap, 32, 32, 1)]
    [InlineData(FirstWithOverlap, 32, 32, 2)]
    public void NothingIsAskedForUnlessItIsWishedKernelsMayOverlapAndTokensAreFew(
        int architecture,
        int ahead,
        int tokensPerBlock,
        int rowTiles
    ) =>
        Assert.Equal(
            default,
            Run(architecture, WeightFormat.Int4, new LinearChoice(tokensPerBlock, true, 1, rowTiles), ahead)
        );

    /// <summary>Blocks of other tokens read the same weights.</summary>
    [Fact]
    public void TheFirstChunkOfTokensAsksForAll()
    {
        var choice = new LinearChoice(8, true, TeamsPerTile: 2);
        Assert.Equal(
            Run(FirstWithOverlap, WeightFormat.Fp8, choice, 32, batch: 3),
            Run(FirstWithOverlap, WeightFormat.Fp8, choice, 32, batch: 20)
        );
    }

    /// <summary>Gates and ups in turn, a matrix for each head; which experts a step takes is not known before the wait.</summary>
    [Fact]
    public void EveryKindOfProductAsksForWhatItReadsButExperts()
    {
        using var device = (CudaDevice)new EmulatorBackend(FirstWithOverlap).Open(EmulatorBackend.BackendName);
        device.Kernels.GroupsAhead = 32;
        device.Choices = new ForcedLinear(null, new LinearChoice(8, true, TeamsPerTile: 1));
        DecodeStepPlan plan = TestModels.Plan(WithLongRows(), contexts: [20, 3]).On(device);
        using IDeviceModel model = device.LoadModel(plan, TrafficRuns.Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        var asked = new SortedDictionary<string, Prefetches>(StringComparer.Ordinal);
        device.Machine!.OnLaunch += (_, _, _, counters) =>
        {
            foreach (AllocationCounters one in counters.Allocations.Values)
            {
                asked[one.Label] = asked.GetValueOrDefault(one.Label) + Prefetches.Of(one);
            }
        };
        session.RunStep();
        Assert.All(asked, one => Assert.True(one.Value.UnreadBytes == 0, $"{one.Key}: {one.Value}"));
        // Rows of 512 columns are four groups, of which a team has the first in registers.
        const int OfATile = 3 * 4096;
        Assert.Equal(2 * 208 / TileLayout.TileRows * OfATile, asked["The weights GateUp of layer 0"].Bytes);
        Assert.Equal(5 * 32 / TileLayout.TileRows * OfATile, asked["The weights ValueUp of layer 0"].Bytes);
        Assert.Equal(default, asked["The weights ExpertGateUp of layer 1"]);
    }

    [Theory]
    [InlineData(FirstWithOverlap, 2, true)]
    [InlineData(FirstWithOverlap, 0, false)]
    [InlineData(80, 2, false)]
    public void ADeviceHasItWhereKernelsMayOverlap(int architecture, int wished, bool has)
    {
        using var device = (CudaDevice)new EmulatorBackend(architecture).Open(EmulatorBackend.BackendName);
        device.Kernels.GroupsAhead = wished;
        Assert.Equal(has ? wished : 0, device.Kernels.GroupsAhead);
    }

    /// <summary>
    /// Worked out apart from the kernel: each team's groups in the order in which it takes them, all but the first, as far as it looks
    /// ahead; of those the ones that are whole.
    /// </summary>
    private static long ExpectedBytes(WeightFormat format, LinearChoice choice, int ahead)
    {
        var layout = new TileLayout(new WeightLayout(format, Rows, Columns));
        int step = choice.TeamsPerTile * choice.Splits;
        int slots = 8 / choice.TeamsPerTile;
        int sets = (int)((layout.Tiles + slots - 1) / slots);
        int blocks = (sets + choice.SetsInTurn - 1) / choice.SetsInTurn;
        long whole = 0;
        for (int block = 0; block < blocks; block++)
        {
            for (int slot = 0; slot < slots; slot++)
            {
                for (int member = 0; member < step; member++)
                {
                    var units = new List<(int Set, int Group)>();
                    for (int set = block; set < sets; set += blocks)
                    {
                        for (int group = member; group < layout.Groups; group += step)
                        {
                            units.Add((set, group));
                        }
                    }

                    whole += units.Skip(1).Take(ahead).Sum(unit => IsWhole(unit.Set, unit.Group, slot));
                }
            }
        }

        int scaleBytes = format switch
        {
            WeightFormat.Int4 => 128 + 32,
            WeightFormat.MxFp4 => 256,
            WeightFormat.NvFp4 => 512,
            _ => 0,
        };
        return whole * (4096 + scaleBytes);

        long IsWhole(int set, int group, int slot) =>
            (group + 1) * TileLayout.GroupBlocks * TileLayout.BlockChunks > layout.WholeChunks
            || ((set * slots) + slot + 1) * TileLayout.TileRows > Rows
                ? 0
                : 1;
    }

    /// <summary>Latent attention, gates and ups that are joined, and experts, of rows that have several groups.</summary>
    private static ModelShape WithLongRows()
    {
        ModelShape model = TestArchitectures.InWholeTiles.Single(one =>
            one.Architecture == ModelArchitecture.DeepSeekV3
        );
        return model with
        {
            HiddenSize = 512,
            Layers =
            [
                .. model.Layers.Select(layer =>
                    layer with
                    {
                        Attention = (MultiHeadLatentAttention)layer.Attention with
                        {
                            LatentDimension = 512,
                            HeadValueDimension = 32,
                        },
                    }
                ),
            ],
        };
    }

    /// <summary>What the launch of the LM head asked the cache for.</summary>
    private static Prefetches Run(int architecture, WeightFormat format, LinearChoice choice, int ahead, int batch = 3)
    {
        using var device = (CudaDevice)new EmulatorBackend(architecture).Open(EmulatorBackend.BackendName);
        device.Kernels.GroupsAhead = ahead;
        device.Choices = new ForcedLinear("lm_head", choice);
        DecodeStepPlan plan = TrafficRuns.PlanOfHead(Rows, Columns, format, batch);
        using IDeviceModel model = device.LoadModel(plan, TrafficRuns.Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        StepCheckResult result = StepChecker.Check(session, new CheckSelection(3, 60, 2));
        Assert.True(result.Passed, result.Worst.Failure);
        Prefetches head = default;
        device.Machine!.OnLaunch += (_, _, _, counters) =>
        {
            foreach (AllocationCounters one in counters.Allocations.Values.Where(IsHead))
            {
                head += Prefetches.Of(one);
            }
        };
        session.RunStep();
        return head;

        static bool IsHead(AllocationCounters one) => one.Label.Contains("LmHead", StringComparison.Ordinal);
    }

    /// <summary>Bytes that launches asked the second-level cache for, how many of them but once, and how many that they did not read.</summary>
    private readonly record struct Prefetches(long Bytes, long DistinctBytes, long UnreadBytes)
    {
        public static Prefetches Of(AllocationCounters one) =>
            new(one.PrefetchedBytes, one.DistinctPrefetchedBytes, one.PrefetchedUnreadBytes);

        public static Prefetches operator +(Prefetches a, Prefetches b) =>
            new(a.Bytes + b.Bytes, a.DistinctBytes + b.DistinctBytes, a.UnreadBytes + b.UnreadBytes);
    }
}
