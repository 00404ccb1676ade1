using GpuDecodeBench.Measurement.Telemetry.Traces;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Output;

/// <summary>
/// The folder that a run's record goes to. It is made, and tried, before anything is measured, and until it is disposed of no other run takes it.
/// </summary>
public sealed class RunDirectory : IDisposable
{
    /// <summary>The record's file name.</summary>
    public const string RecordFileName = "run.json";

    /// <summary>The file name of what the device's sensors told.</summary>
    public const string TraceFileName = "telemetry.csv";

    /// <summary>More runs that begin in one second than anybody starts.</summary>
    private const int MostOfOneName = 1000;

    private readonly FileStream _claim;

    private RunDirectory(string path, FileStream claim)
    {
        _claim = claim;
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
    /// <param name="below">Where folders of runs' own are.</param>
    /// <exception cref="InputException">The folder cannot be written, holds a record or a trace already, or is another run's.</exception>
    public static RunDirectory Prepare(
        string? given,
        DateTimeOffset startedUtc,
        string device,
        string model,
        string below = "runs"
    )
    {
        if (given?.Length == 0)
        {
            throw new InputException("--out is empty; give a folder to write to.");
        }

        if (given is not null)
        {
            return Take(given, out string? taken)
                ?? throw new InputException($"--out {given} {taken}, which is not overwritten; give another folder.");
        }

        // Runs that begin in the same second would have the same name.
        string path = Path.Combine(below, Sanitise($"{startedUtc:yyyyMMdd'T'HHmmss'Z'}-{device}-{model}"));
        for (int i = 1; i <= MostOfOneName; i++)
        {
            if (Take(i == 1 ? path : $"{path}-{i}", out _) is RunDirectory directory)
            {
                return directory;
            }
        }

        throw new InputException(
            $"{path} and {MostOfOneName - 1} folders after it are taken; give another with --out."
        );
    }

    /// <summary>Makes a folder this run's own.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="taken">What another run has left or does there, where it has it; null otherwise.</param>
    /// <returns>The folder; null where another run has it.</returns>
    private static RunDirectory? Take(string path, out string? taken)
    {
        taken = null;
        try
        {
            if (File.Exists(path))
            {
                throw new InputException($"--out {path} is a file; give a folder to write to.");
            }

            Directory.CreateDirectory(path);
            if (Claim(Path.Combine(path, $".{RecordFileName}.claim")) is not FileStream claim)
            {
                taken = "is being written to by another run";
                return null;
            }

            foreach (string name in new[] { RecordFileName, TraceFileName })
            {
                if (File.Exists(Path.Combine(path, name)))
                {
                    claim.Dispose();
                    taken = $"already holds a {name}";
                    return null;
                }
            }

            return new RunDirectory(path, claim);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"--out {path} cannot be written: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    /// <summary>Opens a file that nobody else can open meanwhile, and which goes when it is closed; null where another process has it.</summary>
    private static FileStream? Claim(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(
                    path,
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    bufferSize: 1,
                    FileOptions.DeleteOnClose
                );
            }
            catch (Exception exception) when (attempt < 3 && exception is (IOException or UnauthorizedAccessException))
            {
                // Another run may be about to let it go: then it is there and cannot be had, or is gone when it is asked for.
                Thread.Yield();
            }
            catch (IOException) when (File.Exists(path))
            {
                return null;
            }
        }
    }

    /// <summary>Lets others have the folder.</summary>
    public void Dispose() => _claim.Dispose();

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
