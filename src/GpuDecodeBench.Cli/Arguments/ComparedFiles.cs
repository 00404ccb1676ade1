using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Arguments;

/// <summary>Run records from files and folders that were named on the command line.</summary>
/// <param name="Runs">The records, in the order of their files' names.</param>
/// <param name="LeftOut">Files of a folder that hold no record of this version, each with the reason in a sentence.</param>
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
            : new ComparedFiles(runs, leftOut);
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
