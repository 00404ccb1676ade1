using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Html;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Reporting.Tests.Html;

public sealed partial class HtmlReportTests
{
    private static readonly Lazy<ReportPage> s_gpu = new(() => ReportPage.Of(ReportRuns.Gpu()));

    [Fact]
    public void EveryFigureOfTheTableIsTheRecords()
    {
        RunRecord record = ReportRuns.Gpu();
        IReadOnlyList<CostResult> costs = RecordCost.All(record);

        string[][] rows = [.. s_gpu.Value.Section("r1-figures").FirstTable().Skip(1)];

        Assert.Equal(record.Points.Count, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            PointRecord point = record.Points[i];
            Assert.Equal(
                [
                    point.Weights,
                    point.Kv,
                    $"{point.Batch:N0}",
                    $"{point.Context:N0}",
                    "32/32",
                    Quantity.Digits(point.FullStepSeconds * 1e3),
                    SignificantDigits.Format(point.FullStepSeconds * 0.005 * 1e3, 2),
                    Quantity.Digits(point.TokensPerSecond),
                    Quantity.Digits(point.TokensPerSecondPerUser),
                    Quantity.Digits(point.AchievedBytesPerSecond / 1e9),
                    Quantity.Percent(point.MbuOfCeiling!.Value),
                    Quantity.Percent(point.MbuOfSpec!.Value),
                    "520",
                    Quantity.Digits(point.EnergyJoulesPerToken.Value!.Value),
                    costs[i].Cost is TokenCost cost ? Quantity.Digits(cost.UsdPerMillionTokens) : ResultCell.Dash,
                    "yes",
                ],
                rows[i]
            );
        }
    }

    [Fact]
    public void EveryFigureSaysWhereItComesFrom()
    {
        string[][] titles = [.. s_gpu.Value.Section("r1-figures").FirstTableTitles().Skip(1)];

        Assert.All(titles, row => Assert.Equal(11, row.Length));
        Assert.All(titles, row => Assert.Contains("measured (energy counter)", row[7], StringComparison.Ordinal));
        Assert.All(
            titles.SkipLast(1),
            row => Assert.Contains("H200 at 65 % utilisation", row[9], StringComparison.Ordinal)
        );
        // The last point's device lowered its clocks, so it is not priced.
        Assert.Equal("unavailable: the device lowered its clocks: the power limit", titles[^1][9]);
    }

    [Fact]
    public void TheVerdictComesFirstWithItsConditions()
    {
        // int4 at batch 32 and context 2048: 32 × 2048 × 130 kB = 8.52 GB of cache and 16 GB × 0.28 = 4.48 GB of weights, 13.0 GB at
        // 3.6 TB/s are 3.61 ms, 3.81 ms with 0.2 ms of launches: 32 / 3.81 ms = 8,397 tokens/s, 3.41 of 4 TB/s, 85 %.
        string text = s_gpu.Value.Section("r1-summary").Text;

        Assert.Contains(
            "Close to the limit: int4 weights at batch 32 decode fastest, 8,397 tokens/s; a million tokens cost $0.142. That is 85 % of what the memory of this device allows.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "llama-3.1-8b · int4 weights, bf16 LM head, bf16 KV · context 2048 · batch 32 · 1 × NVIDIA H200",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatIsMissingIsCalledUnavailableWithTheReasonAndNeverZero()
    {
        ReportPage page = ReportPage.Of(RecordBuilder.Cpu(RecordBuilder.Point()));

        Assert.Contains(
            "Energy of a token unavailable",
            Collapse(page.Section("r1-summary").Text),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "unavailable. No sensor is read.",
            Collapse(page.Section("r1-telemetry").Text),
            StringComparison.Ordinal
        );
        Assert.Contains("Cost by layers, owned: unavailable.", page.Section("r1-cost").Text, StringComparison.Ordinal);
        string[] row = page.Section("r1-figures").FirstTable()[1];
        Assert.Equal(ResultCell.Dash, row[12]);
        Assert.Equal(ResultCell.Dash, row[13]);
    }

    [Fact]
    public void ARunWithoutValidPointsHasEverySectionAndNoFigureOfSpeed()
    {
        ReportPage page = ReportPage.Of(RecordBuilder.Gpu(RecordBuilder.Invalid(RecordBuilder.Point(), "throttled")));

        Assert.Contains("No verdict: no configuration is valid.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("tokens/s", page.Section("r1-summary").Text, StringComparison.Ordinal);
        Assert.Contains(
            "INVALID: the device lowered its clocks",
            page.Section("r1-figures").Text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "No verdict: no configuration was measured.",
            ReportPage.Of(RecordBuilder.Gpu()).Text,
            StringComparison.Ordinal
        );
    }

    public static TheoryData<string> Odd => [.. OddRecords().Keys];

    [Theory]
    [MemberData(nameof(Odd))]
    public void ZerosThatARecordMayHoldAreNoLimitsAndNoPrices(string name)
    {
        ReportPage page = ReportPage.Of(OddRecords()[name]);

        Assert.Contains(
            "int4 weights at batch 1 decode fastest",
            page.Section("r1-summary").Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("NaN", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("MNaN", page.Section("r1-roofline").Html, StringComparison.Ordinal);
    }

    [Fact]
    public void AStretchOfLoweredClocksIsShadedAndTold()
    {
        ReportPage section = s_gpu.Value.Section("r1-telemetry");

        Assert.Contains("Clocks were lowered: the power limit.", section.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("nvfp4", s_gpu.Value.Section("r1-cost").Text, StringComparison.Ordinal);
        Assert.Contains("1 stretch with lowered clocks", section.Html, StringComparison.Ordinal);
        Assert.Contains("<title>clocks lowered: the power limit</title>", section.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsFetchedAndNoOtherScriptMayRun()
    {
        string html = s_gpu.Value.Html;

        Assert.Empty(Fetched().Matches(html).Select(match => match.Value));
        string script = html[(html.LastIndexOf("<script>", StringComparison.Ordinal) + "<script>".Length)..];
        script = script[..script.IndexOf("</script>", StringComparison.Ordinal)];
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.Contains(
            $"script-src 'sha256-{hash}'".Replace("'", "&#39;", StringComparison.Ordinal),
            html,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void MarkupInARecordIsText()
    {
        string html = ReportPage.Of(ReportRuns.Nasty()).Html;

        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotContain("window.hacked=1</script>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;window.hacked=1&lt;/script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void TheRecordLiesInThePageDigitForDigit() =>
        Assert.Equal(
            WithoutWhiteSpace(RunRecordStore.Serialize(ReportRuns.Gpu(), "run1.json")),
            Packed(s_gpu.Value.Html)
        );

    [Fact]
    public void ALargeRecordLeavesItsTimeLinesOutOfThePageAndSaysSo()
    {
        RunRecord large = ReportRuns.Large();
        var page = ReportPage.Of(large);
        RunRecord without = large with
        {
            Points =
            [
                .. large.Points.Select(point => point with { Telemetry = point.Telemetry! with { Timeline = [] } }),
            ],
        };

        Assert.All(large.Points, point => Assert.NotEmpty(point.Telemetry!.Timeline));
        Assert.Equal(WithoutWhiteSpace(RunRecordStore.Serialize(without, "run1.json")), Packed(page.Html));
        Assert.Contains(
            "only the time lines of its configurations are left out",
            page.Section("r1-data").Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "time lines of its configurations",
            s_gpu.Value.Section("r1-data").Text,
            StringComparison.Ordinal
        );
    }

    private static byte[] WithoutWhiteSpace(byte[] json) =>
        JsonSerializer.SerializeToUtf8Bytes(JsonDocument.Parse(json).RootElement);

    /// <summary>The first file that a page carries, unpacked: the record.</summary>
    private static byte[] Packed(string html)
    {
        string packed = html[(html.IndexOf("base64,", StringComparison.Ordinal) + "base64,".Length)..];
        packed = packed[..packed.IndexOf('"', StringComparison.Ordinal)];
        using var zip = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        using var content = new MemoryStream();
        zip.CopyTo(content);
        return content.ToArray();
    }

    [Fact]
    public void TwoHundredPointsTakeLessThanAMegabyte() =>
        Assert.InRange(Encoding.UTF8.GetByteCount(ReportPage.Of(ReportRuns.Large()).Html), 100_000, 999_999);

    [Fact]
    public void ApiPricesHaveABreakEvenThatIsTheProgramsOwn()
    {
        // Rented at $2.79 and 9 % of labour, 8,397 tokens/s: $2.79 × 1.09 / (8,397 × 3,600 s) = $0.1006 for a million tokens when always
        // busy; as much as $0.20 at 0.1006 / 0.20 = 50 % of the time.
        ReportPage page = ReportPage.Of(
            new ReportOptions { ApiPrices = [new ApiPrice("some API", 0.2), new ApiPrice("free API", 0.01)] },
            ReportRuns.Gpu()
        );
        string text = page.Section("r1-utilisation").Text;

        Assert.Contains(
            "Rented, a token costs as much as some API takes for output ($0.200) at 50 % utilisation.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Rented, a token costs more than free API takes for output ($0.0100), even always busy.",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void SeveralRunsHaveTheirNamesAndSections()
    {
        ReportPage page = ReportPage.Of(
            ReportRuns.Gpu(),
            RecordBuilder.Cpu(RecordBuilder.Point()) with
            {
                Command = "another",
            }
        );

        Assert.Contains("<h2>llama-3.1-8b on NVIDIA H200 (run1.json)</h2>", page.Html, StringComparison.Ordinal);
        Assert.Contains("<h3>In short</h3>", page.Section("r2-summary").Html, StringComparison.Ordinal);
    }

    [Fact]
    public void NoRunTooManyRunsAndTheSameRunTwiceAreRefused()
    {
        var input = new ReportInput(ReportRuns.Gpu(), "run.json");

        Assert.Throws<InputException>(() => HtmlReport.Write([], new ReportOptions()));
        Assert.Throws<InputException>(() =>
            HtmlReport.Write([.. Enumerable.Repeat(input, HtmlReport.MostRuns + 1)], new ReportOptions())
        );
        InputException twice = Assert.Throws<InputException>(() =>
            HtmlReport.Write([input, input with { Name = "copy.json" }], new ReportOptions())
        );
        Assert.Equal("run.json and copy.json hold the same run; give each once.", twice.Message);
    }

    private static Dictionary<string, RunRecord> OddRecords()
    {
        RunRecord record = RecordBuilder.Gpu(
            RecordBuilder.Point("bf16", "bf16"),
            RecordBuilder.Point("int4", "bf16", seconds: 0.0015, bytes: 4e9)
        );
        Figure zero = Figure.Measured(0);
        return new Dictionary<string, RunRecord>
        {
            ["no bandwidth"] = record with { Ceilings = record.Ceilings with { ReadBytesPerSecond = zero } },
            ["no arithmetic"] = record with { Ceilings = record.Ceilings with { FlopsPerSecond = zero } },
            ["empty datasheet"] = record with
            {
                Device = record.Device with
                {
                    Specification = record.Device.Specification! with
                    {
                        MemoryBytesPerSecond = 0,
                        Bf16FlopsPerSecond = 0,
                        TdpWatts = 0,
                    },
                },
            },
            ["no price"] = record with
            {
                Price = new PriceInfo
                {
                    UsdPerHour = Figure.Assumed(0, "a gift"),
                    Utilization = Figure.Assumed(0.5, "half"),
                },
            },
            ["never used"] = record with
            {
                Price = new PriceInfo
                {
                    UsdPerHour = Figure.Assumed(2, "a rent"),
                    Utilization = Figure.Assumed(0, "idle"),
                },
            },
            ["no time in operations"] = record with
            {
                Points =
                [
                    .. record.Points.Select(point =>
                        point with
                        {
                            Operations =
                            [
                                .. point.Operations.Select(operation =>
                                    operation with
                                    {
                                        Seconds = null,
                                        Provenance = ProvenanceNote.Unavailable("operationTimesUncertain"),
                                        Flops = 0,
                                    }
                                ),
                            ],
                            SamplesSeconds = [0, 0, 0],
                            Flops = 0,
                        }
                    ),
                ],
            },
        };
    }

    private static string Collapse(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(
        "(src|href|srcset|poster)=\"(?!#|data:)[^\"]*\"|url\\(|@import",
        RegexOptions.ExplicitCapture,
        5000
    )]
    private static partial Regex Fetched();
}
