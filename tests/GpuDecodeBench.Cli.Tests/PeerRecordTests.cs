using System.Text.Json;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>
/// Records that benchmarks/peers/torch_peers.py wrote on a CPU (tests/Shared/Peers): they are records like any other, count what the
/// plan counts, and <c>compare</c> sets them beside this program's own.
/// </summary>
public sealed class PeerRecordTests
{
    private const int PlanBlockTokens = 16;

    [Fact]
    public void AStepReadsWritesAndComputesWhatThePlanSays()
    {
        RunRecord record = Peer("step");
        PointRecord point = Assert.Single(record.Points);
        DecodeStepPlan plan = PlanOf(record, point);
        StepTotals totals = plan.Totals;
        Assert.True(point.Valid);
        Assert.Equal(totals.WeightReadBytes, point.WeightReadBytes);
        Assert.Equal(totals.KvReadBytes, point.KvReadBytes);
        Assert.Equal(totals.WriteBytes, point.WriteBytes);
        Assert.Equal(totals.Flops, point.Flops);
        // A contiguous cache has no block table, no lengths, and no places to look up for the new token.
        int blocks = (point.Context + PlanBlockTokens - 1) / PlanBlockTokens;
        int paging = (blocks + point.Batch + (2 * point.Batch)) * sizeof(int) * plan.Layers;
        Assert.Equal(totals.ReadBytes - paging, point.ReadBytes);
        Assert.Equal(ModelParameters.Count(plan.Model), record.Model.Parameters);
    }

    [Theory]
    [InlineData("linear", 20)]
    [InlineData("attention", 2)]
    public void OperationsHaveThePlansNamesBytesAndFlops(string peer, int count)
    {
        RunRecord record = Peer(peer);
        (PointRecord Point, OperationRecord Operation)[] operations =
        [
            .. record.Points.SelectMany(point => point.Operations.Select(operation => (point, operation))),
        ];
        Assert.Equal(count, operations.Length);
        Assert.All(
            operations,
            one =>
            {
                PlanOperation[] planned =
                [
                    .. PlanOf(record, one.Point).Operations.Where(operation => operation.Name == one.Operation.Name),
                ];
                StepTotals totals = StepTotals.Of(planned);
                Assert.Equal(planned.Length, one.Operation.Count);
                Assert.Equal(planned[0].Kind.ToString(), one.Operation.Kind, ignoreCase: true);
                Assert.Equal(totals.WeightReadBytes, one.Operation.WeightReadBytes);
                Assert.Equal(totals.KvReadBytes, one.Operation.KvReadBytes);
                Assert.Equal(totals.WriteBytes, one.Operation.WriteBytes);
                Assert.Equal(totals.Flops, one.Operation.Flops);
                Assert.False(one.Point.Valid);
            }
        );
    }

    [Fact]
    public void CompareSetsAStepBesideOurOwnByTheTimeAlone()
    {
        using var folder = new TemporaryFolder();
        string ours = Ours(folder, "step", point => point with { Activations = "fp32", KvBlockTokens = 16 });
        using var run = new CommandRunner("compare", ours, PathOf("step"), "-o", "json");
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
        JsonElement row = Assert.Single(Rows(run));
        Assert.Equal("noDifferenceShown", row.GetProperty("verdict").GetString());
        Assert.Contains("otherSoftware", row.GetProperty("reasons").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, row.GetProperty("stepTimeRatio").GetDouble());
        using var table = new CommandRunner("compare", ours, PathOf("step"));
        Assert.Contains("pytorch peer step-as-written", table.Output, StringComparison.Ordinal);
        Assert.Contains("PyTorch", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheShareOfAnotherProgramsCeilingIsNoYardstick()
    {
        using var folder = new TemporaryFolder();
        string ours = Ours(folder, "step", point => point with { KvBlockTokens = 16 });
        using var refused = new CommandRunner("compare", ours, PathOf("step"), "--yardstick", "ceiling");
        refused.AssertRefused(ExitCodes.BadInput, "--yardstick 'ceiling'", "other software", "both or time");
        using var time = new CommandRunner("compare", ours, PathOf("step"), "--yardstick", "time");
        Assert.True(time.ExitCode == ExitCodes.Done, time.Error);
    }

    [Fact]
    public void BothBlockSizesAreSaidWhereTheyDiffer()
    {
        using var folder = new TemporaryFolder();
        string ours = Ours(folder, "step", point => point with { KvBlockTokens = 16 });
        using var run = new CommandRunner("compare", ours, PathOf("step"), "-o", "json");
        JsonElement row = Assert.Single(Rows(run));
        int blocks = Assert.Single(Peer("step").Points).KvBlockTokens!.Value;
        Assert.Equal(blocks, row.GetProperty("kvBlockTokens").GetInt32());
        string formats = row.GetProperty("baselineFormats").GetString()!;
        Assert.EndsWith("KV in blocks of 16", formats, StringComparison.Ordinal);
        Assert.Contains($"KV blocks of {blocks}, ", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"; the baseline's own formats: {formats}.",
            run.Output.Replace("\\u0027", "'", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Equal("mayBeWarm notConverged meanAboveMedian", row.GetProperty("warnings").GetString());
    }

    [Fact]
    public void CompareSetsSingleOperationsBesideThoseOfAStep()
    {
        using var folder = new TemporaryFolder();
        // A whole step of ours at another context: products do not depend on it, attention does.
        string ours = Ours(folder, "linear", point => point with { Context = 64, Valid = true, InvalidReasons = [] });
        using var products = new CommandRunner("compare", "--operations", ours, PathOf("linear"), "-o", "json");
        Assert.True(products.ExitCode == ExitCodes.Done, products.Error);
        JsonElement[] rows = Rows(products);
        Assert.Equal(20, rows.Length);
        Assert.All(rows, row => Assert.Equal(1, row.GetProperty("timeRatio").GetDouble(), 9));
        Assert.Equal(
            ["down_proj", "gate_up_proj", "lm_head", "o_proj", "qkv_proj"],
            rows.Select(row => row.GetProperty("operation").GetString()).Distinct().Order(StringComparer.Ordinal)
        );
        using var attention = new CommandRunner("compare", "--operations", ours, PathOf("attention"));
        Assert.Equal(ExitCodes.BadInput, attention.ExitCode);
        Assert.Contains("has a counterpart", attention.Error, StringComparison.Ordinal);
        using var step = new CommandRunner("compare", ours, PathOf("linear"), "--include-invalid");
        Assert.Equal(ExitCodes.BadInput, step.ExitCode);
    }

    [Fact]
    public void OperationsAreNotComparedTogetherWithWhatNeedsSteps()
    {
        using var run = new CommandRunner(
            "compare",
            "--operations",
            PathOf("linear"),
            PathOf("attention"),
            "--fail-if-slower",
            "5"
        );
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("--operations", run.Error, StringComparison.Ordinal);
    }

    private static string PathOf(string peer) => Repository.File($"tests/Shared/Peers/{peer}.json");

    private static RunRecord Peer(string peer) => RunRecordStore.Read(PathOf(peer));

    /// <summary>The same times as if this program had measured them, with its points changed.</summary>
    private static string Ours(TemporaryFolder folder, string peer, Func<PointRecord, PointRecord> change)
    {
        RunRecord record = Peer(peer);
        string path = folder.File("run.json");
        RunRecordStore.Write(
            record with
            {
                Tool = record.Tool with { Name = "gpu-decode-bench", Version = "0.1.0" },
                Command = "gpu-decode-bench run",
                Points = [.. record.Points.Select(change)],
            },
            path
        );
        return path;
    }

    private static DecodeStepPlan PlanOf(RunRecord record, PointRecord point)
    {
        Assert.True(FormatNames.TryParseWeightFormat(point.Weights, out WeightFormat weights));
        Assert.True(FormatNames.TryParseKvFormat(point.Kv, out KvFormat kv));
        var formats = new StepFormats
        {
            Weights = weights,
            LmHead = weights,
            Kv = kv,
            Activations = ActivationFormat.Bf16,
        };
        return DecodeStepPlan.Create(
            ModelCatalogue.Find(record.Model.Name),
            StepConditions.Uniform(formats, point.Batch, point.Context),
            point.LayersMeasured
        );
    }

    private static JsonElement[] Rows(CommandRunner run)
    {
        using var document = JsonDocument.Parse(run.Output);
        return [.. document.RootElement[0].GetProperty("rows").EnumerateArray().Select(row => row.Clone())];
    }
}
