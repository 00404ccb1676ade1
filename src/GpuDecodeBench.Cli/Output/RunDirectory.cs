using GpuDecodeBench.Measurement.Telemetry.Traces;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Output;

/// <summary>The folder that a run's record goes to. It is made, and tried, before anything is measured.</summary>
public sealed class RunDirectory
{
    /// <summary>The record's file name.</summary>
    public const string RecordFileName = "run.json";

    /// <summary>The file name of what the device's sensors told.</summary>
    public const string TraceFileName = "telemetry.csv";

    private RunDirectory(string path)
    {
        RecordPath = Path.Combine(path, RecordFileName);
        TracePath = Path.Combine(path, TraceFileName);
    }

    /// <summary>Where the trace is written.</summary>
    public string TracePath { get; }

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

    /// <summary>Writes a record that its folder did not take to a new folder among the system's temporary files.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="RecordWriteException">It cannot be written there, either.</exception>
    public static string WriteElsewhere(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        string folder;
        try
        {
            folder = Directory.CreateTempSubdirectory("gpu-decode-bench-run-").FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RecordWriteException(
                $"Nor is there a folder for it: {exception.Message.TrimEnd('.')}.",
                exception
            );
        }

        string path = Path.Combine(folder, RecordFileName);
        RunRecordStore.Write(record, path);
        return path;
    }

    /// <summary>Writes what the device's sensors told, and the record that names the file.</summary>
    /// <returns>The record with the file's name.</returns>
    /// <exception cref="RecordWriteException">One of the two cannot be written.</exception>
    public RunRecord WriteTrace(RunRecord record, TelemetryTrace trace)
    {
        ArgumentNullException.ThrowIfNull(record);
        try
        {
            TraceWriter.Write(trace, TracePath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RecordWriteException(
                $"{TracePath} cannot be written: {exception.Message.TrimEnd('.')}.",
                exception
            );
        }

        RunRecord named = record with
        {
            Telemetry = record.Telemetry is null ? null : record.Telemetry with { TraceFile = TraceFileName },
        };
        Write(named);
        return named;
    }

    private static string Sanitise(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
}
