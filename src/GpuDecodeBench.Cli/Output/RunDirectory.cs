using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Output;

/// <summary>The folder that a run's record goes to. It is made, and tried, before anything is measured.</summary>
public sealed class RunDirectory
{
    /// <summary>The record's file name.</summary>
    public const string RecordFileName = "run.json";

    private RunDirectory(string path) => RecordPath = Path.Combine(path, RecordFileName);

    /// <summary>Where the record is written.</summary>
    public string RecordPath { get; }

    /// <summary>Makes the folder ready.</summary>
    /// <param name="given">What <c>--out</c> named; null for a folder of the run's own below <c>runs</c>.</param>
    /// <param name="startedUtc">When the run began.</param>
    /// <param name="device">The device, for the folder's name.</param>
    /// <param name="model">The model, for the folder's name.</param>
    /// <exception cref="InputException">The folder cannot be written, or holds a record already.</exception>
    public static RunDirectory Prepare(string? given, DateTimeOffset startedUtc, string device, string model)
    {
        string path = given ?? Path.Combine("runs", Sanitise($"{startedUtc:yyyyMMdd'T'HHmmss'Z'}-{device}-{model}"));
        if (path.Length == 0)
        {
            throw new InputException("--out is empty; give a folder to write to.");
        }

        var directory = new RunDirectory(path);
        try
        {
            if (File.Exists(path))
            {
                throw new InputException($"--out {path} is a file; give a folder to write to.");
            }

            Directory.CreateDirectory(path);
            if (File.Exists(directory.RecordPath))
            {
                throw new InputException(
                    $"--out {path} already holds a {RecordFileName}, which is not overwritten; give another folder."
                );
            }

            string probe = Path.Combine(path, $".{RecordFileName}.{Environment.ProcessId}.probe");
            using (File.Create(probe, 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"--out {path} cannot be written: {exception.Message.TrimEnd('.')}.", exception);
        }

        return directory;
    }

    /// <summary>Writes the record.</summary>
    /// <exception cref="RecordWriteException">It cannot be written; what was there before is untouched.</exception>
    public void Write(RunRecord record) => RunRecordStore.Write(record, RecordPath);

    private static string Sanitise(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
}
