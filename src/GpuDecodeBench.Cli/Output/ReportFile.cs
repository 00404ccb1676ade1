using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Output;

/// <summary>The file that a report goes to. It is looked at before anything is read, and written all or nothing.</summary>
internal static class ReportFile
{
    /// <summary>Refuses a path that cannot be written, or must not be.</summary>
    /// <exception cref="InputException">
    /// It is a folder, its folder does not exist or cannot be written to, or it exists and is not to be overwritten.
    /// </exception>
    public static void Check(string path, bool force)
    {
        if (path.Length == 0)
        {
            throw new InputException("--out is empty; give a file to write.");
        }

        if (Directory.Exists(path))
        {
            throw new InputException($"--out {path} is a folder; give a file to write.");
        }

        if (File.Exists(path) && !force)
        {
            throw new InputException($"--out {path} exists and is not overwritten; give another file, or --force.");
        }

        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new InputException($"--out {path} cannot be written: the folder {folder} does not exist.");
        }

        string probe = Temporary(path);
        try
        {
            using (File.Create(probe, 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException(
                $"--out {path} cannot be written: {Cause(exception, probe, path)}; give a file in a folder that may be written to.",
                exception
            );
        }
    }

    /// <summary>Writes the report beside its place first, then puts it there.</summary>
    /// <exception cref="RecordWriteException">It cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, string report)
    {
        string temporary = Temporary(path);
        try
        {
            File.WriteAllText(temporary, report);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new RecordWriteException($"Cannot write {path}: {Cause(exception, temporary, path)}.", exception);
        }
    }

    private static string Temporary(string path) => $"{path}.{Environment.ProcessId}.tmp";

    /// <summary>What went wrong. The file beside the report's place is the program's own matter and is not named.</summary>
    private static string Cause(Exception exception, string temporary, string path) =>
        exception switch
        {
            UnauthorizedAccessException => "permission is denied",
            FileNotFoundException or DirectoryNotFoundException => "no file can be made there",
            _ => exception
                .Message.Replace(Path.GetFullPath(temporary), path, StringComparison.Ordinal)
                .ReplaceLineEndings(" ")
                .TrimEnd('.', ' '),
        };
}
