using System.Diagnostics;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>Everything that can be wrong with the file itself is refused with one sentence that names it.</summary>
public sealed class ConfigFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("config-file-tests").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void AMissingFileIsRefused() =>
        Assert.Contains("no such file", Refusal(In("config.json")), StringComparison.Ordinal);

    [Fact]
    public void AMissingDirectoryIsRefused() =>
        Assert.Contains("no such file", Refusal(In("no", "such", "config.json")), StringComparison.Ordinal);

    [Fact]
    public void ADirectoryIsRefused() =>
        Assert.Contains("is a directory", Refusal(_directory), StringComparison.Ordinal);

    [Fact]
    public void AnEmptyFileIsRefused() => Assert.Contains("is empty", Refusal(Written("")), StringComparison.Ordinal);

    [Fact]
    public void AFileBelowAFileIsRefused() => Refusal(Path.Combine(Written("{}"), "config.json"));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("two\nlines.json")]
    public void APathThatCannotBeIsRefused(string path) => Refusal(path);

    [Fact]
    public void APathThatIsTooLongIsRefused() => Assert.Throws<InputException>(() => Read(In(new string('x', 70_000))));

    [Fact]
    public void AFileTooLargeIsRefusedBeforeItIsRead()
    {
        string path = In("config.json");
        using (FileStream stream = File.Create(path))
        {
            stream.SetLength(1L << 40);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Refusal(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("has 1099511627776 bytes", message, StringComparison.Ordinal);
        Assert.Contains("at most 1048576 bytes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfExactlyTheLimitIsRead()
    {
        string json = TestConfigs.With();
        Assert.Equal(4, Read(Written(json.PadRight(ConfigLimits.MaxFileBytes))).Layers.Length);
        Refusal(Written(json.PadRight(ConfigLimits.MaxFileBytes + 1)));
    }

    [Fact]
    public void TextInMemoryHasTheSameLimit() =>
        Assert.Contains(
            "at most 1048576",
            TestConfigs.Refusal(new byte[ConfigLimits.MaxFileBytes + 1]),
            StringComparison.Ordinal
        );

    [Fact]
    public void AFileThatMayNotBeReadIsRefused()
    {
        // The superuser reads whatever its mode says; Windows has no modes.
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            return;
        }

        string path = Written(TestConfigs.With());
        File.SetUnixFileMode(path, UnixFileMode.None);
        Assert.Contains("no permission", Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void LinksAreFollowedAsInTheHuggingFaceCache()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Written(TestConfigs.With());
        Directory.CreateDirectory(In("snapshot"));
        File.CreateSymbolicLink(In("snapshot", "config.json"), "../config.json");
        Assert.Equal("snapshot", Read(In("snapshot", "config.json")).Name);

        File.CreateSymbolicLink(In("broken"), "nowhere");
        Assert.Contains("no such file", Refusal(In("broken")), StringComparison.Ordinal);
        File.CreateSymbolicLink(In("loop"), "loop");
        Refusal(In("loop"));
        File.CreateSymbolicLink(In("directory"), ".");
        Assert.Contains("is a directory", Refusal(In("directory")), StringComparison.Ordinal);
    }

    [Fact]
    public void PipesAndDevicesAreRefusedWithoutWaiting()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string pipe = In("pipe");
        using (var mkfifo = Process.Start("mkfifo", pipe))
        {
            mkfifo.WaitForExit();
        }

        Assert.Contains("not a regular file", Refusal(pipe), StringComparison.Ordinal);
        Assert.Contains("not a regular file", Refusal("/dev/zero"), StringComparison.Ordinal);
    }

    private static ModelShape Read(string path) => HuggingFaceConfigReader.ReadFile(path);

    private static string Refusal(string path)
    {
        string message = Assert.Throws<InputException>(() => Read(path)).Message;
        TestConfigs.AssertSentence(message);
        Assert.StartsWith(path.Replace('\n', ' ').Replace('\0', ' ') + ": ", message, StringComparison.Ordinal);
        return message;
    }

    private string In(params string[] names) => Path.Combine([_directory, .. names]);

    private string Written(string text)
    {
        string path = In("config.json");
        File.WriteAllText(path, text);
        return path;
    }
}
