using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>An option that names run records: a file, several with commas between, or given several times.</summary>
internal sealed class RecordFiles(string name, string description)
{
    public Option<string[]> Option { get; } =
        new(name)
        {
            Description = description,
            HelpName = "FILE,…",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };

    /// <summary>Whether it was given.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(Option) is { Length: > 0 };

    /// <summary>The records, in the order given.</summary>
    public IReadOnlyList<RunRecord> Read(ParseResult parsed)
    {
        string[] files = [.. (parsed.GetValue(Option) ?? []).SelectMany(Split)];
        if (files.Any(string.IsNullOrWhiteSpace))
        {
            throw new InputException($"{name} names an empty path; give a run record's file.");
        }

        string? twice = files.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1)?.First();
        return twice is null
            ? [.. files.Select(RunRecordStore.Read)]
            : throw new InputException($"{name} names {twice} twice; give each record once.");
    }

    /// <summary>A file whose own name has a comma is one file.</summary>
    private IEnumerable<string> Split(string text)
    {
        if (File.Exists(text) || !text.Contains(','))
        {
            return [text];
        }

        string[] parts = [.. text.Split(',').Select(part => part.Trim())];
        return parts.All(part => part.Length > 0)
            ? parts
            : throw new InputException($"{name} '{text}' has an empty entry; give files with commas between.");
    }
}
