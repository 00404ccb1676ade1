using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Tests;

public class GoldenTests
{
    private static readonly Dictionary<string, Func<ResultTable>> s_tables = new()
    {
        ["run"] = () => RunTable.From(TestRuns.Mixed(), TestRuns.Costs(TestRuns.Mixed())),
        ["run-invalid-priced"] = () => RunTable.From(TestRuns.Mixed(), TestRuns.Costs(TestRuns.Mixed(), true)),
        ["run-hostile"] = () => RunTable.From(TestRuns.Nasty(), TestRuns.Costs(TestRuns.Nasty())),
        ["run-empty"] = () => RunTable.From(RecordBuilder.Gpu(), []),
        ["roofline"] = () => RooflineTable.From(Comparison(TestRuns.Mixed(), 2)),
        ["roofline-untimed"] = () => RooflineTable.From(Comparison(TestRuns.Nasty(), 0)),
        ["prediction"] = () => RooflineTable.From(Prediction("llama-3.1-8b")),
        ["prediction-too-large"] = () => RooflineTable.From(Prediction("llama-3.1-405b")),
        ["cost"] = () => CostTable.From(TestRuns.Mixed(), TestRuns.Costs(TestRuns.Mixed(), true)),
        ["cost-explained"] = () => CostTable.From(TestRuns.Mixed(), TestRuns.Costs(TestRuns.Mixed()), true),
        ["cost-predicted"] = () =>
            CostTable.From(Prediction("llama-3.1-8b"), PredictionCost.Of(Prediction("llama-3.1-8b"))),
        ["models"] = () => ModelTable.List([.. ModelCatalogue.Entries.Take(5)]),
        ["model"] = () => ModelTable.Single(ModelCatalogue.Find("llama-3.1-8b")),
        ["model-latent"] = () => ModelTable.Single(ModelCatalogue.Find("deepseek-v3")),
        ["model-sinks"] = () => ModelTable.Single(ModelCatalogue.Find("gpt-oss-20b")),
        ["model-capped"] = () => ModelTable.Single(ModelCatalogue.Find("gemma-2-9b")),
        ["devices"] = () =>
            DeviceTable.From([
                new DeviceRow("cpu", "Some CPU", "cpu", 64L << 30, 32L << 20, null),
                new DeviceRow("cuda:0", null, "cuda", null, null, "libcuda.so.1 was not found"),
                new DeviceRow("hip:0", TestRuns.Hostile, "hip", 1, null, "driverTooOld"),
            ]),
        ["tuning"] = () => TuningTable.From(TestRuns.Tuned())!,
        ["doctor"] = () => DoctorTable.From("cuda:0, NVIDIA H200", TestDoctor.Rows, TestDoctor.Words),
        ["llama-bench"] = () => LlamaBenchTable.From(TestRuns.Sampled()),
        ["comparison"] = () => TestComparisons.Table(),
        ["history"] = () => HistoryTable.From(TestComparisons.History, ["1 invalid point is left out."]),
        ["traffic"] = () => TrafficTable.From("tiny", "PTX emulator", 0.005, TestTraffic.Rows(0)),
        ["traffic-differs"] = () => TrafficTable.From("tiny", "PTX emulator", 0.005, TestTraffic.Rows(4096)),
    };

    public static TheoryData<string> Names => [.. s_tables.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TerminalOf80Columns(string name)
    {
        string text = Render.Table(s_tables[name]());
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
        GoldenFile.Check($"{name}.txt", text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Csv(string name) => GoldenFile.Check($"{name}.csv", Render.Csv(s_tables[name]()));

    [Theory]
    [MemberData(nameof(Names))]
    public void Markdown(string name) => GoldenFile.Check($"{name}.md", Render.Markdown(s_tables[name]()));

    /// <summary>The tables whose JSON forms are kept: one of each kind of cell.</summary>
    [Theory]
    [InlineData("run")]
    [InlineData("run-hostile")]
    [InlineData("comparison")]
    [InlineData("history")]
    [InlineData("llama-bench")]
    public void JsonAndJsonLines(string name)
    {
        ResultTable table = s_tables[name]();
        GoldenFile.Check($"{name}.json", Render.Json(table));
        GoldenFile.Check($"{name}.jsonl", Render.JsonLines(table));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TerminalOf160ColumnsShowsMoreAndKeepsToItsWidth(string name)
    {
        ResultTable table = s_tables[name]();
        string narrow = Render.Table(table);
        string wide = Render.Table(table, 160);
        Assert.All(wide.Split('\n'), line => Assert.True(line.Length <= 160, line));
        Assert.True(Columns(wide) >= Columns(narrow));
        if (narrow.Contains("Left out to fit 80", StringComparison.Ordinal))
        {
            Assert.True(Columns(wide) > Columns(narrow), $"{name} shows no more at 160 columns than at 80");
        }
    }

    private static int Columns(string text) => text.Split('\n').Max(line => line.Count(c => c == '┬'));

    [Fact]
    public void WideTerminalShowsEveryColumn()
    {
        string text = Render.Table(s_tables["run"](), 220);
        Assert.DoesNotContain("Left out", text, StringComparison.Ordinal);
        GoldenFile.Check("run-wide.txt", text);
    }

    private static RooflineComparison Comparison(RunRecord record, int point) =>
        RooflineComparison.Of(record, record.Points[point]);

    private static RooflinePrediction Prediction(string model)
    {
        var formats = new StepFormats
        {
            Weights = WeightFormat.Bf16,
            LmHead = WeightFormat.Bf16,
            Kv = KvFormat.Fp8,
            Activations = ActivationFormat.Bf16,
        };
        var plan = DecodeStepPlan.Create(ModelCatalogue.Find(model), StepConditions.Uniform(formats, 8, 4096));
        return RooflinePrediction.Of(plan, HardwareCatalogue.Find("h200"));
    }
}
