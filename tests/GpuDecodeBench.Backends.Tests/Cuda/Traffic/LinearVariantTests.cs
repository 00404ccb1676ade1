using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Ptx;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Traffic;

/// <summary>Products on several tiles a team, on more than 64 tokens a block, and with columns split among blocks.</summary>
public sealed partial class LinearVariantTests
{
    /// <summary>Tiles, blocks of columns and chunks that are not full.</summary>
    private const int Rows = 77;

    private const int Columns = 2084;

    private static readonly LinearChoice s_plain = new(64, UsesMatrixInstructions: true, TeamsPerTile: 1);

    public static TheoryData<WeightFormat, int, string> Variants
    {
        get
        {
            var variants = new TheoryData<WeightFormat, int, string>();
            foreach (WeightFormat format in FormatNames.AllWeightFormats)
            {
                variants.Add(format, 33, "32 r2");
                variants.Add(format, 61, "64 r2 s4");
                variants.Add(format, 100, "128 s2");
                variants.Add(format, 3, "8 t2");
                variants.Add(format, 20, "32 r2 t3");
            }

            return variants;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void EveryVariantMatchesTheReferenceAndReadsItsWeightsOnce(WeightFormat format, int batch, string variant)
    {
        IReadOnlyList<OperationTraffic> traffic = Run(80, format, batch, Parse(variant)).Traffic;
        Assert.All(traffic, TrafficRuns.AssertSound);
        OperationTraffic head = traffic.Single(operation => operation.Operation.Name == "lm_head");
        Assert.InRange(head.Difference!.Value, -OperationTraffic.Tolerance, OperationTraffic.Tolerance);
    }

    [Theory]
    [InlineData(75, 2, "1 s8")]
    [InlineData(75, 5, "4 s2")]
    [InlineData(80, 5, "8 s8")]
    [InlineData(80, 40, "32 r2 s2")]
    [InlineData(80, 70, "128 s4")]
    [InlineData(80, 5, "8 s2 t2")]
    public void SplitsChangeNothingButTheLastBitAndAreTheSameEachTime(int architecture, int batch, string variant)
    {
        LinearChoice split = Parse(variant);
        float[][] outputs = Run(architecture, WeightFormat.Int8, batch, split, steps: 3).Outputs;
        Assert.All(outputs, output => Assert.Equal(outputs[0], output));
        float[] together = Run(architecture, WeightFormat.Int8, batch, split with { Splits = 1 }).Outputs[0];
        float largest = together.Max(Math.Abs);
        for (int i = 0; i < together.Length; i++)
        {
            // One step of bfloat16 where the FP32 sums lie on either side of a boundary between two.
            float step = Math.Max(Math.Abs(together[i]) / 128, largest / 65_536);
            Assert.True(Math.Abs(together[i] - outputs[0][i]) <= step, $"element {i}: {together[i]}, {outputs[0][i]}");
        }
    }

    /// <summary>Whoever computes a set of tiles, and when: the sums are those of one block each.</summary>
    [Theory]
    [InlineData(75, 3, "4")]
    [InlineData(80, 3, "8")]
    [InlineData(80, 40, "64 r2")]
    public void SetsInTurnGiveTheSameBits(int architecture, int batch, string variant)
    {
        LinearChoice once = Parse(variant);
        float[] expected = Run(architecture, WeightFormat.Int4, batch, once).Outputs[0];
        foreach (int turns in (int[])[2, 5])
        {
            Assert.Equal(
                expected,
                Run(architecture, WeightFormat.Int4, batch, once with { SetsInTurn = turns }).Outputs[0]
            );
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    public void JoinedGatesAndUpsMayBeSplitOrTakenInTurn(int splits, int turns)
    {
        foreach (int architecture in (int[])[75, 80])
        {
            using CudaDevice device = Open(architecture, null);
            device.Choices = new ForcedLinear(
                null,
                new LinearChoice(architecture == 75 ? 4 : 8, architecture > 75, 2, 1, splits, turns)
            );
            DecodeStepPlan plan = TestModels.Plan(
                TestArchitectures.InWholeTiles[0],
                WeightFormat.Int4,
                KvFormat.Bf16,
                contexts: [5, 9, 2]
            );
            plan = plan.On(device);
            using IDeviceModel model = device.LoadModel(plan, TrafficRuns.Seed, null, CancellationToken.None);
            using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
            StepCheckResult result = StepChecker.Check(session, CheckSelection.Sample);
            Assert.True(result.Passed, result.Worst.Failure);
        }
    }

    [Fact]
    public void TwoTilesATeamAskForHalfTheInputs()
    {
        long one = InputBytes(s_plain);
        long two = InputBytes(s_plain with { RowTiles = 2 });
        Assert.Equal(one, 2 * two);
        // 16 tiles, each of which asks for every input of 64 tokens, for whole groups of 512 columns: behind the last chunk the last
        // one's come again.
        Assert.Equal(16L * 64 * ((Columns + 511) / 512 * 512) * sizeof(ushort), one);
    }

    [Fact]
    public void ChunksOfTokensFollowEachOtherInTheGrid()
    {
        var layout = new TileLayout(new WeightLayout(WeightFormat.Bf16, 256, 64));
        Assert.Equal((4, 4, 3), Shape(s_plain with { Splits = 2 }, 3, 200));
        Assert.Equal((2, 1, 1), Shape(s_plain with { TokensPerBlock = 128, RowTiles = 2 }, 1, 256));

        (int X, int Y, int Z) Shape(LinearChoice choice, int matrices, int tokens)
        {
            var grid = choice.Grid(layout, matrices, tokens);
            return (grid.X, grid.Y, grid.Z);
        }
    }

    [Fact]
    public void ACounterThatIsNotSetBackLeavesTheNextStepUndone()
    {
        var choice = new LinearChoice(8, UsesMatrixInstructions: true, TeamsPerTile: 2, Splits: 4);
        Func<string, string> keep = text => Reset().Replace(text, match => match.Groups["before"].Value);
        Assert.Throws<Xunit.Sdk.TrueException>(() => Run(80, WeightFormat.Int8, 3, choice, 2, keep));
    }

    [Fact]
    public void AMissingBarrierBeforeTheLastSplitIsKnownIsAFault()
    {
        var choice = new LinearChoice(8, UsesMatrixInstructions: true, TeamsPerTile: 2, Splits: 4);
        Func<string, string> without = text => BarrierBeforeFlag().Replace(text, match => match.Groups["read"].Value);
        var fault = Assert.ThrowsAny<DeviceFaultException>(() => Run(80, WeightFormat.Int8, 3, choice, 1, without));
        // Teams read whether they are the last before it is known, or while it is written.
        Assert.Contains("shared address", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The emulator's memory has no order that a fence could miss: the text must show a fence before the arrival, and one behind it
    /// before the counter is zero and the others' sums are read.
    /// </summary>
    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    [InlineData(90)]
    public void ArrivalsStandBetweenFencesInEveryKernel(int architecture)
    {
        foreach (WeightFormat format in FormatNames.AllWeightFormats)
        {
            string text = Encoding.ASCII.GetString(CudaKernels.Read(architecture, $"linear_{format.Name()}"));
            string[] kernels = [.. text.Split(".entry ").Skip(1)];
            Assert.Equal(architecture < 80 ? 2 : 9, kernels.Length);
            Assert.All(kernels, kernel => Assert.Matches(Arrival(), kernel));
        }
    }

    [GeneratedRegex(
        @"bar\.sync\s+0;(?:(?!bar\.sync).)*fence\.acq_rel\.gpu;(?:(?!fence|bar\.sync).)*atom\.global\.add\.u32(?:(?!bar\.sync).)*fence\.acq_rel\.gpu;(?:(?!ld\.global|bar\.sync).)*st\.global\.u32(?:(?!ld\.global).)*bar\.sync\s+0;",
        RegexOptions.Singleline,
        5000
    )]
    private static partial Regex Arrival();

    [GeneratedRegex(
        @"(?<before>atom\.global\.add\.u32(?:(?!st\.global).)*?fence\.acq_rel\.gpu;(?:(?!st\.global).)*?)st\.global\.u32[^;]*;",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        5000
    )]
    private static partial Regex Reset();

    [GeneratedRegex(
        @"bar\.sync\s+0;\s*(?<read>ld\.shared\.u32\s+%r\d+, \[\w*is_last_split)",
        RegexOptions.ExplicitCapture,
        5000
    )]
    private static partial Regex BarrierBeforeFlag();

    /// <summary>Tokens of a block, and what is not one, tiles of a team, splits and turns: "64 r2 s4 t2".</summary>
    private static LinearChoice Parse(string variant)
    {
        string[] parts = variant.Split(' ');
        int Of(char what) =>
            int.Parse(parts.FirstOrDefault(part => part[0] == what)?[1..] ?? "1", CultureInfo.InvariantCulture);
        int tokens = int.Parse(parts[0], CultureInfo.InvariantCulture);
        return new LinearChoice(tokens, tokens >= 8, TeamsPerTile: tokens >= 32 ? 1 : 2, Of('r'), Of('s'), Of('t'));
    }

    private static CudaDevice Open(int architecture, Func<string, string>? alterModule) =>
        (CudaDevice)
            new EmulatorBackend(architecture)
            {
                Options = new EmulatedCudaOptions
                {
                    ComputeMajor = architecture / 10,
                    ComputeMinor = architecture % 10,
                    AlterModule = alterModule,
                },
            }.Open(EmulatorBackend.BackendName);

    /// <summary>Checks a step whose LM head is launched in one way, and repeats it as it is timed.</summary>
    private static (float[][] Outputs, IReadOnlyList<OperationTraffic> Traffic) Run(
        int architecture,
        WeightFormat format,
        int batch,
        LinearChoice choice,
        int steps = 1,
        Func<string, string>? alterModule = null
    )
    {
        using CudaDevice device = Open(architecture, alterModule);
        device.Choices = new ForcedLinear("lm_head", choice);
        DecodeStepPlan plan = TrafficRuns.PlanOfHead(Rows, Columns, format, batch);
        using IDeviceModel model = device.LoadModel(plan, TrafficRuns.Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        var outputs = new float[steps][];
        for (int step = 0; step < steps; step++)
        {
            var trace = new RecordingTrace();
            session.RunStepTraced(trace);
            outputs[step] = trace.Outputs["lm_head"];
        }

        StepCheckResult result = StepChecker.Check(session, new CheckSelection(4, 60, 2));
        Assert.True(result.Passed, result.Worst.Failure);
        return (outputs, session.Traffic!);
    }

    /// <summary>Bytes of inputs that the LM head of 256 rows asks for, of 64 tokens.</summary>
    private static long InputBytes(LinearChoice choice)
    {
        using CudaDevice device = Open(80, null);
        device.Choices = new ForcedLinear("lm_head", choice);
        DecodeStepPlan plan = TrafficRuns.PlanOfHead(256, Columns, WeightFormat.Int4, 64);
        using IDeviceModel model = device.LoadModel(plan, TrafficRuns.Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        long bytes = 0;
        device.Machine!.OnLaunch += (kernel, _, _, counters) =>
        {
            if (kernel.StartsWith("linear_mma_int4", StringComparison.Ordinal))
            {
                bytes += InputsOf(counters);
            }
        };
        session.RunStepTraced(new RecordingTrace());
        return bytes;

        static long InputsOf(LaunchCounters counters) =>
            counters
                .Allocations.Where(pair => pair.Key.StartsWith("The buffer Normed", StringComparison.Ordinal))
                .Sum(pair => pair.Value.LoadedBytes);
    }
}
