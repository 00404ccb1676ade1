using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Backends.Tests.Cuda.Traffic;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Ptx;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
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
        (3, new LinearChoice(32, true, TeamsPerTile: 1, RowTiles: 2)),
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
        (long prefetched, long unread) = Run(FirstWithOverlap, format, choice, ahead);
        Assert.True(prefetched > 0);
        Assert.Equal(ExpectedBytes(format, choice, ahead), prefetched);
        Assert.Equal(0, unread);
    }

    [Theory]
    [InlineData(FirstWithOverlap, 0)]
    [InlineData(80, 32)]
    public void NothingIsAskedForUnlessItIsWishedAndKernelsMayOverlap(int architecture, int ahead) =>
        Assert.Equal((0, 0), Run(architecture, WeightFormat.Int4, new LinearChoice(8, true, TeamsPerTile: 2), ahead));

    /// <summary>
    /// Worked out apart from the kernel: each team's groups in the order in which it takes them, all but the first, as far as it looks
    /// ahead; of those the ones that are whole.
    /// </summary>
    private static long ExpectedBytes(WeightFormat format, LinearChoice choice, int ahead)
    {
        var layout = new TileLayout(new WeightLayout(format, Rows, Columns));
        int step = choice.TeamsPerTile * choice.Splits;
        int slots = 8 / choice.TeamsPerTile;
        int tilesOfSet = slots * choice.RowTiles;
        int sets = (int)((layout.Tiles + tilesOfSet - 1) / tilesOfSet);
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

                    whole += units.Skip(1).Take(ahead).Sum(unit => WholeTiles(unit.Set, unit.Group, slot));
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

        long WholeTiles(int set, int group, int slot) =>
            (group + 1) * TileLayout.GroupBlocks * TileLayout.BlockChunks > layout.WholeChunks
                ? 0
                : Enumerable
                    .Range(0, choice.RowTiles)
                    .Count(i => ((set * tilesOfSet) + (i * slots) + slot + 1) * TileLayout.TileRows <= Rows);
    }

    /// <summary>Bytes of the LM head's weights that its launch asked the cache for, and those of them that it did not read.</summary>
    private static (long Prefetched, long Unread) Run(
        int architecture,
        WeightFormat format,
        LinearChoice choice,
        int ahead
    )
    {
        using var device = (CudaDevice)new EmulatorBackend(architecture).Open(EmulatorBackend.BackendName);
        device.Kernels.GroupsAhead = ahead;
        device.Choices = new ForcedLinear("lm_head", choice);
        DecodeStepPlan plan = TrafficRuns.Plan(
            TrafficRuns.WithMatrix(Rows, Columns),
            format,
            KvFormat.Bf16,
            [.. Enumerable.Repeat(2, 3)]
        );
        using IDeviceModel model = device.LoadModel(plan, TrafficRuns.Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        StepCheckResult result = StepChecker.Check(session, new CheckSelection(3, 60, 2));
        Assert.True(result.Passed, result.Worst.Failure);
        long prefetched = 0;
        long unread = 0;
        device.Machine!.OnLaunch += (_, _, _, counters) =>
        {
            foreach (AllocationCounters head in counters.Allocations.Values.Where(IsHead))
            {
                prefetched += head.PrefetchedBytes;
                unread += head.PrefetchedUnreadBytes;
            }
        };
        session.RunStep();
        return (prefetched, unread);

        static bool IsHead(AllocationCounters one) => one.Label.Contains("LmHead", StringComparison.Ordinal);
    }
}
