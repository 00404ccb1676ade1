using System.CommandLine;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>Help pages, and what is said of a command line that is not understood.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. All(Root(), "").Select(one => one.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void EveryHelpPageHasExamplesAndEachOfThemIsUnderstood(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var run = new CommandRunner([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(ExitCodes.Done, run.ExitCode);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        string[] examples =
        [
            .. run.Output[run.Output.IndexOf("Examples:", StringComparison.Ordinal)..]
                .Split("Usage:")[0]
                .Split('\n')
                .Select(line => line.Trim())
                .Where(line => line.StartsWith("gpu-decode-bench", StringComparison.Ordinal)),
        ];
        Assert.NotEmpty(examples);
        RootCommand root = Root();
        Assert.All(
            examples,
            example =>
            {
                ParseResult parsed = root.Parse(example["gpu-decode-bench".Length..].Trim());
                // Without a command the program runs a quick benchmark; the parser alone does not know.
                if (example != "gpu-decode-bench")
                {
                    Assert.True(parsed.Errors.Count == 0, $"{example}: {string.Join(" ", parsed.Errors)}");
                }

                string command = path.Length == 0 ? "" : path.Split(' ')[^1];
                Assert.True(command.Length == 0 || parsed.CommandResult.Command.Name == command, example);
            }
        );
    }

    [Theory]
    [InlineData("comapre a b", "'comapre' is no command; did you mean compare? See gpu-decode-bench --help.")]
    [InlineData("roof", "'roof' is no command; did you mean roofline? See gpu-decode-bench --help.")]
    [InlineData("frobnicate", "'frobnicate' is no command. See gpu-decode-bench --help.")]
    [InlineData(
        "run --modle x",
        "'--modle' is no option of run; did you mean --model? See gpu-decode-bench run --help."
    )]
    [InlineData(
        "cost --explian",
        "'--explian' is no option of cost; did you mean --explain? See gpu-decode-bench cost --help."
    )]
    [InlineData("doctor --verbsoe", "'--verbsoe' is no option of doctor; did you mean --verbose?")]
    [InlineData("run --q", "'--q' is no option of run. See gpu-decode-bench run --help.")]
    [InlineData("doctor now", "'now' is one argument too many for doctor. See gpu-decode-bench doctor --help.")]
    [InlineData("run --model", "--model")]
    public void WhatIsNotUnderstoodIsNamedOnceWithTheNearestMatch(string line, string sentence)
    {
        ArgumentNullException.ThrowIfNull(line);
        using var run = new CommandRunner(line.Split(' '));
        run.AssertRefused(ExitCodes.BadInput, sentence);
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("run", "run", 0)]
    [InlineData("", "abc", 3)]
    public void TheDistanceIsTheNumberOfSlips(string left, string right, int slips) =>
        Assert.Equal(slips, Arguments.NearestName.Distance(left, right));

    private static RootCommand Root()
    {
        var context = new CommandContext(TextWriter.Null, TextWriter.Null, CancellationToken.None);
        return CommandLineProgram.CreateRoot(context, new Option<bool>("--verbose") { Recursive = true });
    }

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path)
    {
        yield return (path, command);
        foreach (Command below in command.Subcommands)
        {
            foreach ((string, Command) one in All(below, $"{path} {below.Name}".Trim()))
            {
                yield return one;
            }
        }
    }
}
