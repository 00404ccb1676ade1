using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Arguments;

/// <summary>Run records from files and folders that were named on the command line.</summary>
/// <param name="Runs">The records, in the order of their files' names.</param>
/// <param name="LeftOut">
/// Files that are not among them, each with the reason in a sentence: files of a folder that hold no record of this version, and further
/// records of one run.
/// </param>
internal sealed record ComparedFiles(IReadOnlyList<ComparisonRun> Runs, IReadOnlyList<string> LeftOut)
{
    /// <summary>Reads a file, or every <c>.json</c> below a folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="RecordFormatException">The file is no record.</exception>
    /// <exception cref="InputException">The folder holds no record, or cannot be read.</exception>
    public static ComparedFiles Read(string path)
    {
        if (!Directory.Exists(path))
        {
            return new ComparedFiles([new ComparisonRun(path, RunRecordStore.Read(path))], []);
        }

        var runs = new List<ComparisonRun>();
        var leftOut = new List<string>();
        foreach (string file in Files(path))
        {
            try
            {
                runs.Add(new ComparisonRun(file, RunRecordStore.Read(file)));
            }
            catch (RecordFormatException exception)
            {
                leftOut.Add(exception.Message);
            }
        }

        return runs.Count == 0
            ? throw new InputException(
                leftOut.Count == 0
                    ? $"{path} holds no run record; give a run.json, or a folder with some in it or below it."
                    : $"{path} holds no run record that can be read; the first of {leftOut.Count}: {leftOut[0]}"
            )
            : Once(runs, leftOut);
    }

    /// <summary>Files taken together as one side.</summary>
    /// <param name="parts">The files.</param>
    public static ComparedFiles Together(IReadOnlyList<ComparedFiles> parts) =>
        Once([.. parts.SelectMany(part => part.Runs)], [.. parts.SelectMany(part => part.LeftOut)]);

    /// <summary>Each run once, as its first record: copies are no further measurements, and an interval would narrow by them.</summary>
    private static ComparedFiles Once(IReadOnlyList<ComparisonRun> runs, IReadOnlyList<string> leftOut)
    {
        var byRun = runs.ToLookup(run => run.Identity);
        return new ComparedFiles(
            [.. byRun.Select(same => same.First())],
            [
                .. leftOut,
                .. byRun.SelectMany(same =>
                    same.Skip(1)
                        .Select(copy => $"{copy.Name} holds the same run as {same.First().Name}, which counts once.")
                ),
            ]
        );
    }

    private static string[] Files(string path)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message.TrimEnd('.')}.", exception);
        }
    }
}
