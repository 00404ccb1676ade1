namespace GpuDecodeBench.Cli.Tests;

public sealed class ReportCommandTests
{
    private static readonly string Quick = Repository.File(
        "reports/amd-epyc-zen5-2-threads/2026-11-20-llama-3.2-1b-quick.json"
    );
    private static readonly string Expert = Repository.File(
        "reports/amd-epyc-zen5-2-threads/2026-11-21-gpt-oss-20b-mxfp4.json"
    );

    [Fact]
    public void APageIsWrittenOfARecord()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("report.html");

        using var report = new CommandRunner(
            "report",
            Quick,
            "--out",
            path,
            "--price-per-hour",
            "0.5",
            "--utilization",
            "0.5"
        );

        Assert.True(report.ExitCode == ExitCodes.Done, report.Error);
        Assert.Equal("", report.Output);
        string html = File.ReadAllText(path);
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        // $0.50 an hour over 45.90 tokens/s (the mean step; the record has 46.11) at 50 %: 0.5 / 3600 / (45.90 × 0.5) × 1e6 = $6.05.
        Assert.Contains("a million tokens cost $6.05", html, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatExistsIsOverwrittenOnlyByForce()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("report.html", "mine");

        using var refused = new CommandRunner("report", Quick, "--out", path);
        refused.AssertRefused(ExitCodes.BadInput, "--out", "exists", "--force");
        Assert.Equal("mine", File.ReadAllText(path));

        using var forced = new CommandRunner("report", Quick, "--out", path, "--force");
        Assert.Equal(ExitCodes.Done, forced.ExitCode);
        Assert.NotEqual("mine", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.FullPath));
    }

    [Theory]
    [InlineData("{\"schemaVersion\": \"2\", \"points\": []}", "newer version")]
    [InlineData("{\"name\": \"something else\"}", "not a run record")]
    [InlineData("<html>", "run.json")]
    public void AFileThatHoldsNoRecordOfThisSchemaIsRefused(string content, string fact)
    {
        using var folder = new TemporaryFolder();

        using var report = new CommandRunner(
            "report",
            folder.Write("run.json", content),
            "--out",
            folder.File("report.html")
        );

        report.AssertRefused(ExitCodes.BadInput, "run.json", fact);
        Assert.False(File.Exists(folder.File("report.html")));
    }

    [Fact]
    public void BadArgumentsAreRefusedInASentence()
    {
        using var folder = new TemporaryFolder();
        using var none = new CommandRunner("report");
        Assert.Equal(ExitCodes.BadInput, none.ExitCode);
        using var price = new CommandRunner("report", Quick, "--api-price", "cheap=free");
        price.AssertRefused(ExitCodes.BadInput, "--api-price 'cheap=free'");
        using var form = new CommandRunner("report", Quick, "-o", "pdf");
        form.AssertRefused(ExitCodes.BadInput, "-o 'pdf'", "html");
        using var option = new CommandRunner("report", Quick, "--bogus");
        option.AssertRefused(
            ExitCodes.BadInput,
            "'--bogus' is no option of report. See gpu-decode-bench report --help."
        );
        using var slip = new CommandRunner("report", Quick, "--focre", "--out", folder.File("slip.html"));
        slip.AssertRefused(ExitCodes.BadInput, "'--focre' is no option of report; did you mean --force?");
        using var share = new CommandRunner("report", Quick, "--utilization", "0");
        share.AssertRefused(
            ExitCodes.BadInput,
            "--utilization '0' is not accepted; give a share above 0 and at most 1"
        );
        using var twice = new CommandRunner("report", Quick, Quick);
        twice.AssertRefused(ExitCodes.BadInput, "the same run");
        using var nowhere = new CommandRunner("report", Quick, "--out", folder.File("no/report.html"));
        nowhere.AssertRefused(ExitCodes.BadInput, "--out", "does not exist");
        using var scenario = new CommandRunner("report", Quick, "--scenario", folder.File("none.yaml"));
        scenario.AssertRefused(ExitCodes.BadInput, "none.yaml", "does not exist", "rented, owned or a file");
        using var again = new CommandRunner("report", Quick, "--api-price", "a=1,b=2,a=3");
        again.AssertRefused(ExitCodes.BadInput, "--api-price names 'a' twice");
        using var unnamed = new CommandRunner("report", Quick, "--api-price", "1,2");
        unnamed.AssertRefused(ExitCodes.BadInput, "--api-price '1,2'", "NAME=USD");
    }

    [Fact]
    public void APlaceWhereNoFileCanBeMadeIsNamedAsItWasGiven()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var report = new CommandRunner("report", Quick, "--out", "/proc/x.html", "-o", "csv");
        report.AssertRefused(ExitCodes.BadInput, "--out /proc/x.html cannot be written: ", "may be written to");
        Assert.DoesNotContain(".tmp", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralRecordsShareOneHeaderOfTheirTable()
    {
        using var report = new CommandRunner("report", Quick, Expert, "-o", "csv");

        Assert.Equal(ExitCodes.Done, report.ExitCode);
        string[] lines = report.Output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        // Three points of one record, two of the other, one header.
        Assert.Equal(6, lines.Length);
        Assert.All(lines.Skip(1).Take(3), line => Assert.StartsWith("llama-3.2-1b,", line, StringComparison.Ordinal));
        Assert.All(lines.Skip(4), line => Assert.StartsWith("gpt-oss-20b,", line, StringComparison.Ordinal));
    }

    [Fact]
    public void MarkdownSaysWhatTheTerminalSays()
    {
        using var report = new CommandRunner("report", Quick, "-o", "md");

        Assert.Equal(ExitCodes.Done, report.ExitCode);
        Assert.Contains("### Decode of llama-3.2-1b on AMD EPYC", report.Output, StringComparison.Ordinal);
        Assert.Contains(
            "### Roofline of llama-3.2-1b on AMD EPYC: int4 weights",
            report.Output,
            StringComparison.Ordinal
        );
    }
}
