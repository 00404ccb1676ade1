using System.Text.Json;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Tests;

/// <summary><c>compare</c> from end to end on records of this repository, some of them made slower.</summary>
public sealed class CompareCommandTests
{
    private const string Folder = "reports/amd-epyc-zen5-2-threads";

    private static string Quick => Repository.File($"{Folder}/2026-11-20-llama-3.2-1b-quick.json");

    private static string FourLayers => Repository.File($"{Folder}/2026-11-20-llama-3.1-8b-4-layers-bf16.json");

    private static string AllFormats => Repository.File($"{Folder}/2026-11-21-llama-3.1-8b-4-layers-all-formats.json");

    [Fact]
    public void AFasterMemoryIsNotTakenForAFasterProgram()
    {
        // Two real runs of one evening: 8.7 % less time, and a read ceiling 8.9 % higher.
        using var run = new CommandRunner("compare", FourLayers, AllFormats, "-o", "json");
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
        JsonElement row = Row(run);
        Assert.Equal("noDifferenceShown", row.GetProperty("verdict").GetString());
        Assert.Equal("ceilingExplains", row.GetProperty("reasons").GetString());
        Assert.InRange(row.GetProperty("stepTimeRatio").GetDouble(), 0.91, 0.92);
        Assert.InRange(row.GetProperty("readCeilingRatio").GetDouble(), 1.08, 1.1);
        using var byTime = new CommandRunner("compare", FourLayers, AllFormats, "--yardstick", "time", "-o", "json");
        Assert.Equal("faster", Row(byTime).GetProperty("verdict").GetString());
    }

    [Fact]
    public void ACheckInCiFailsOnASlowerPointAndNamesIt()
    {
        using var folder = new TemporaryFolder();
        string slower = Slowed(folder, 1.2);
        using var failed = new CommandRunner("compare", Quick, slower, "--fail-if-slower", "10");
        Assert.Equal(ExitCodes.Failed, failed.ExitCode);
        Assert.Contains("int8 weights", failed.Error, StringComparison.Ordinal);
        Assert.Contains("+20.0 %", failed.Error, StringComparison.Ordinal);
        Assert.Contains("slower", failed.Output, StringComparison.Ordinal);
        using var tolerated = new CommandRunner("compare", Quick, slower, "--fail-if-slower", "25%");
        Assert.Equal(ExitCodes.Done, tolerated.ExitCode);
        using var unasked = new CommandRunner("compare", Quick, slower);
        Assert.Equal(ExitCodes.Done, unasked.ExitCode);
        using var faster = new CommandRunner("compare", slower, Quick, "--fail-if-slower", "0");
        Assert.Equal(ExitCodes.Done, faster.ExitCode);
    }

    [Fact]
    public void ACheckInCiFailsWhereTokensAreDearerThoughTheMedianStepIsNot()
    {
        using var folder = new TemporaryFolder();
        RunRecord record = RunRecordStore.Read(Again(folder, "again.json", days: 1));
        string uneven = folder.File("uneven.json");
        RunRecordStore.Write(record with { Points = [.. record.Points.Select(WithMean)] }, uneven);
        using var failed = new CommandRunner("compare", Quick, uneven, "--fail-if-slower", "5");
        Assert.Equal(ExitCodes.Failed, failed.ExitCode);
        Assert.Contains("Fewer tokens per second", failed.Error, StringComparison.Ordinal);
        Assert.Contains("tokens/s -33.3 %", failed.Error, StringComparison.Ordinal);
        Assert.Contains("fewer tokens per second", failed.Output, StringComparison.Ordinal);
        using var unasked = new CommandRunner("compare", Quick, uneven, "-o", "json");
        Assert.Equal(ExitCodes.Done, unasked.ExitCode);
        Assert.Contains("meanSlower", Row(unasked).GetProperty("reasons").GetString(), StringComparison.Ordinal);
        Assert.Equal(1.5, Row(unasked).GetProperty("meanStepTimeRatio").GetDouble(), 9);

        // The same samples, and half as much again at the mean.
        static PointRecord WithMean(PointRecord point) =>
            point with
            {
                StepSeconds = point.StepSeconds with { Mean = point.StepSeconds.Mean * 1.5 },
            };
    }

    [Fact]
    public void FormatsOfOneRecordAreCompared()
    {
        using var run = new CommandRunner("compare", Quick, "--by", "weights", "-o", "csv");
        Assert.Equal(ExitCodes.Done, run.ExitCode);
        string[] lines = run.Output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines[1..], line => Assert.Contains(",faster,", line, StringComparison.Ordinal));
    }

    [Fact]
    public void AFolderIsASideAndWhatIsNoRecordInItIsSaid()
    {
        using var folder = new TemporaryFolder();
        Again(folder, "a.json", days: 1);
        Again(folder, "b.json", days: 2);
        folder.Write("notes.json", """{"schemaVersion": "2"}""");
        using var run = new CommandRunner("compare", Quick, folder.FullPath, "-o", "json");
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
        Assert.Equal(2, Row(run).GetProperty("runs").GetInt32());
        Assert.Contains("left out", run.Error, StringComparison.Ordinal);
        Assert.Contains("notes.json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void CopiesOfARunCountOnceAndAreNamed()
    {
        // Three files of two runs.
        using var folder = new TemporaryFolder();
        string first = Again(folder, "a.json", days: 1);
        File.Copy(first, folder.File("b.json"));
        Again(folder, "c.json", days: 2);
        using var side = new CommandRunner("compare", Quick, folder.FullPath, "-o", "json");
        Assert.True(side.ExitCode == ExitCodes.Done, side.Error);
        Assert.Equal(2, Row(side).GetProperty("runs").GetInt32());
        string sentence = $"left out: {folder.File("b.json")} holds the same run as {first}, which counts once.";
        Assert.Equal(sentence, side.Error.Trim());

        using var by = new CommandRunner("compare", first, folder.FullPath, "--by", "weights", "-o", "json");
        Assert.True(by.ExitCode == ExitCodes.Done, by.Error);
        Assert.Equal(2, Row(by).GetProperty("runs").GetInt32());
        using var history = new CommandRunner("compare", "--history", folder.FullPath, first, "-o", "json");
        Assert.True(history.ExitCode == ExitCodes.Done, history.Error);
        Assert.Equal(2, Row(history).GetProperty("runs").GetInt32());
        Assert.Contains(sentence, history.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunOnBothSidesIsRefused()
    {
        using var folder = new TemporaryFolder();
        using var itself = new CommandRunner("compare", Quick, Quick);
        itself.AssertRefused(ExitCodes.BadInput, Quick, "both sides");
        Again(folder, "a.json", days: 1);
        string copy = folder.File("b.json");
        File.Copy(Quick, copy);
        using var among = new CommandRunner("compare", Quick, folder.FullPath);
        among.AssertRefused(ExitCodes.BadInput, Quick, copy, "the same run");
        using var baseline = new CommandRunner("compare", folder.FullPath, Quick, "--fail-if-slower", "5");
        baseline.AssertRefused(ExitCodes.BadInput, Quick, copy, "the same run");
    }

    [Fact]
    public void ACheckThatCanJudgeNoPointDoesNotPass()
    {
        using var folder = new TemporaryFolder();
        RunRecord record = RunRecordStore.Read(Again(folder, "again.json", days: 1));
        string none = folder.File("none.json");
        RunRecordStore.Write(record with { Points = [.. record.Points.Select(OfThreeSamples)] }, none);
        using var refused = new CommandRunner("compare", Quick, none, "--fail-if-slower", "5");
        Assert.Equal(ExitCodes.BadInput, refused.ExitCode);
        Assert.Contains("too few samples", refused.Output, StringComparison.Ordinal);
        Assert.Contains("No point could be judged for --fail-if-slower 5", refused.Error, StringComparison.Ordinal);
        using var unasked = new CommandRunner("compare", Quick, none);
        Assert.Equal(ExitCodes.Done, unasked.ExitCode);

        // One point of three loses its interval, two keep theirs.
        string some = folder.File("some.json");
        RunRecordStore.Write(
            record with
            {
                Points = [OfThreeSamples(record.Points[0]), .. record.Points.Skip(1)],
            },
            some
        );
        using var passed = new CommandRunner("compare", Quick, some, "--fail-if-slower", "5");
        Assert.True(passed.ExitCode == ExitCodes.Done, passed.Error);
        Assert.Equal(
            "No point is slower by more than 5 % beyond doubt; 2 of 3 points could be judged.",
            passed.Error.Trim()
        );
        using var whole = new CommandRunner("compare", Quick, folder.File("again.json"), "--fail-if-slower", "5");
        Assert.Equal("No point is slower by more than 5 % beyond doubt.", whole.Error.Trim());
    }

    [Fact]
    public void AHistoryShowsEachConfigurationThatWasMeasuredAgain()
    {
        using var run = new CommandRunner("compare", "--history", Repository.File(Folder), "-o", "json");
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
        JsonElement row = Row(run);
        Assert.Equal("llama-3.1-8b", row.GetProperty("model").GetString());
        Assert.Equal(2, row.GetProperty("runs").GetInt32());
        Assert.Equal("tooFewRuns", row.GetProperty("finding").GetString());
    }

    [Fact]
    public void WhatDoesNotBelongTogetherIsRefusedWithBothSidesNamed()
    {
        using var other = new CommandRunner("compare", FourLayers, Quick);
        other.AssertRefused(ExitCodes.BadInput, "llama-3.1-8b", "llama-3.2-1b", "counterpart");
        using var none = new CommandRunner("compare", Quick, "--by", "kv");
        none.AssertRefused(ExitCodes.BadInput, "--by kv", "differ in that alone");
    }

    [Fact]
    public void NothingComparableEndsWithBadInputAndATableThatSaysWhy()
    {
        using var folder = new TemporaryFolder();
        RunRecord record = RunRecordStore.Read(Quick);
        string other = folder.File("other.json");
        RunRecordStore.Write(record with { Device = record.Device with { Name = "Another CPU" } }, other);
        using var run = new CommandRunner("compare", Quick, other, "--fail-if-slower", "1");
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("other hardware", run.Output, StringComparison.Ordinal);
        Assert.Contains("No two points could be compared", run.Error, StringComparison.Ordinal);
        using var across = new CommandRunner("compare", Quick, other, "--across");
        Assert.Equal(ExitCodes.Done, across.ExitCode);
    }

    [Fact]
    public void AnInvalidPointSaysWhyInWords()
    {
        using var folder = new TemporaryFolder();
        RunRecord record = RunRecordStore.Read(Again(folder, "again.json", days: 1));
        string invalid = folder.File("invalid.json");
        RunRecordStore.Write(
            record with
            {
                Points =
                [
                    .. record.Points.Select(point => point with { Valid = false, InvalidReasons = ["threadsWaited"] }),
                ],
            },
            invalid
        );
        using var run = new CommandRunner("compare", Quick, invalid, "-o", "json");
        Assert.Contains(
            "(the step's threads waited for processors that other threads had)",
            run.Output.Replace("\\u0027", "'", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Contains("\"invalid\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongArgumentsAreNamedWithWhatIsAccepted()
    {
        using var folder = new TemporaryFolder();
        (string[] Arguments, string[] Facts)[] wrong =
        [
            (["compare"], ["compare --help"]),
            (["compare", Quick], ["second record", "--by", "--history"]),
            (["compare", Quick, "no-such.json"], ["no-such.json"]),
            (["compare", Quick, "--bogus"], ["'--bogus' is no option of compare. See"]),
            (["compare", Quick, Quick, "--histroy"], ["'--histroy' is no option of compare; did you mean --history?"]),
            (["compare", Quick, "--", "--none.json"], ["Cannot read --none.json"]),
            (["compare", Quick, folder.FullPath], [folder.FullPath, "no run record"]),
            (["compare", Quick, Quick, "--by", "batch"], ["--by 'batch'", "weights, lm-head, kv, kv-block"]),
            (["compare", Quick, Quick, "--yardstick", "eye"], ["--yardstick 'eye'", "both, time, ceiling"]),
            (["compare", Quick, Quick, "--fail-if-slower", "much"], ["--fail-if-slower 'much'"]),
            (["compare", "--history", Quick, "--by", "kv"], ["--history", "--by"]),
            (["compare", "--history", Quick], ["no history"]),
        ];
        foreach ((string[] arguments, string[] facts) in wrong)
        {
            using var run = new CommandRunner(arguments);
            run.AssertRefused(ExitCodes.BadInput, facts);
        }
    }

    /// <summary>The quick record as a run of a later day.</summary>
    private static string Again(TemporaryFolder folder, string name, int days)
    {
        RunRecord record = RunRecordStore.Read(Quick);
        string path = folder.File(name);
        RunRecordStore.Write(record with { StartedUtc = record.StartedUtc.AddDays(days) }, path);
        return path;
    }

    /// <summary>The point with three samples about its median, from which no interval can be made.</summary>
    private static PointRecord OfThreeSamples(PointRecord point)
    {
        double median = point.StepSeconds.Median;
        double[] samples = [median * 0.99, median, median * 1.01];
        return point with
        {
            SamplesSeconds = samples,
            StepSeconds = point.StepSeconds with
            {
                Mean = median,
                P5 = samples[0],
                P95 = samples[2],
                P99 = samples[2],
                Ci95Low = null,
                Ci95High = null,
                Count = 3,
            },
            FullStepCi95Low = null,
            FullStepCi95High = null,
        };
    }

    /// <summary>The quick record as a later run, with every time multiplied, at the same read ceiling.</summary>
    private static string Slowed(TemporaryFolder folder, double factor)
    {
        RunRecord record = RunRecordStore.Read(Quick);
        PointRecord[] points =
        [
            .. record.Points.Select(point =>
                point with
                {
                    SamplesSeconds = [.. point.SamplesSeconds.Select(seconds => seconds * factor)],
                    StepSeconds = Slowed(point.StepSeconds, factor),
                    FullStepSeconds = point.FullStepSeconds * factor,
                    FullStepCi95Low = point.FullStepCi95Low * factor,
                    FullStepCi95High = point.FullStepCi95High * factor,
                    MbuOfCeiling = point.MbuOfCeiling / factor,
                }
            ),
        ];
        string path = folder.File("slower.json");
        RunRecordStore.Write(record with { StartedUtc = record.StartedUtc.AddDays(1), Points = points }, path);
        return path;
    }

    private static StepStatistics Slowed(StepStatistics step, double factor) =>
        step with
        {
            Median = step.Median * factor,
            Mean = step.Mean * factor,
            P5 = step.P5 * factor,
            P95 = step.P95 * factor,
            P99 = step.P99 * factor,
            Ci95Low = step.Ci95Low * factor,
            Ci95High = step.Ci95High * factor,
        };

    private static JsonElement Row(CommandRunner run)
    {
        using var document = JsonDocument.Parse(run.Output);
        return document.RootElement[0].GetProperty("rows")[0].Clone();
    }
}
