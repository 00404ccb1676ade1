using GpuDecodeBench.Backends;
using GpuDecodeBench.Cli;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>Runs the program in this process and keeps what it printed.</summary>
internal sealed class CommandRunner : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public CommandRunner(params string[] arguments)
        : this(CancellationToken.None, arguments) { }

    public CommandRunner(CancellationToken cancellation, params string[] arguments) =>
        ExitCode = CommandLineProgram.Run(arguments, new CommandContext(_output, _error, cancellation));

    public CommandRunner(IDecodeBackend backend, string[] arguments) =>
        ExitCode = CommandLineProgram.Run(
            arguments,
            new CommandContext(_output, _error, CancellationToken.None) { MoreBackends = [backend] }
        );

    public int ExitCode { get; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>Asserts that the program refused with one sentence that says certain things, and printed no result.</summary>
    public void AssertRefused(int exitCode, params string[] facts)
    {
        Assert.True(exitCode == ExitCode, $"exit code {ExitCode}, not {exitCode}; it said: {Error}{Output}");
        Assert.Equal("", Output);
        string[] lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string line = Assert.Single(lines);
        Assert.StartsWith("gpu-decode-bench: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
        foreach (string fact in facts)
        {
            Assert.Contains(fact, line, StringComparison.OrdinalIgnoreCase);
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}
