using GpuDecodeBench.Backends.Greedy;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Safetensors;

namespace GpuDecodeBench.Cli.Output;

/// <summary>
/// The folder that a dump goes to. It is made, and tried, before anything is computed; an earlier dump in it is replaced, and a
/// folder that holds anything else is left alone.
/// </summary>
internal sealed class DumpDirectory
{
    private static readonly string[] s_files =
    [
        HuggingFaceCheckpoint.ConfigFileName,
        HuggingFaceCheckpoint.WeightsFileName,
        StepsFile.FileName,
    ];

    private DumpDirectory(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes the folder ready.</summary>
    /// <param name="path">What <c>--dump</c> named.</param>
    /// <exception cref="InputException">The folder cannot be written, or holds something that is no part of a dump.</exception>
    public static DumpDirectory Prepare(string path)
    {
        if (path.Length == 0)
        {
            throw new InputException("--dump is empty; give a folder to write to.");
        }

        try
        {
            if (File.Exists(path))
            {
                throw new InputException($"--dump {path} is a file; give a folder to write to.");
            }

            Directory.CreateDirectory(path);
            if (
                Directory.EnumerateFileSystemEntries(path).FirstOrDefault(entry => !IsPartOfDump(entry)) is string other
            )
            {
                throw new InputException(
                    $"--dump {path} holds {System.IO.Path.GetFileName(other)}, which is no part of a dump; give a new or empty folder, or one with nothing but an earlier dump."
                );
            }

            string probe = System.IO.Path.Combine(path, StepsFile.FileName + SafetensorsWriter.PartialSuffix);
            using (File.Create(probe, 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"--dump {path} cannot be written: {exception.Message.TrimEnd('.')}.", exception);
        }

        return new DumpDirectory(path);
    }

    /// <summary>Removes an earlier dump, so that no part of it can be taken for one of the new dump.</summary>
    public void Clear()
    {
        foreach (string file in s_files)
        {
            File.Delete(System.IO.Path.Combine(Path, file));
            File.Delete(System.IO.Path.Combine(Path, file + SafetensorsWriter.PartialSuffix));
        }
    }

    private static bool IsPartOfDump(string entry)
    {
        string name = System.IO.Path.GetFileName(entry);
        return !Directory.Exists(entry)
            && s_files.Any(file => name == file || name == file + SafetensorsWriter.PartialSuffix);
    }
}
