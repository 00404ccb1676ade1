using Microsoft.Win32.SafeHandles;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>
/// Reads the operating system's text files below a root, which tests replace by a fixture tree. What cannot be read is null or
/// empty, whatever the reason: missing, forbidden, or failing in the kernel.
/// </summary>
/// <param name="root">The directory that stands for <c>/</c>.</param>
internal sealed class SystemFiles(string root = "/")
{
    /// <summary>The whole text of a file, trimmed; null where it cannot be read.</summary>
    /// <param name="path">An absolute path with forward slashes.</param>
    public string? Text(string path)
    {
        try
        {
            return File.ReadAllText(Resolve(path)).Trim();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    /// <summary>The lines of a file; empty where it cannot be read.</summary>
    public string[] Lines(string path) => Text(path)?.Split('\n', StringSplitOptions.TrimEntries) ?? [];

    /// <summary>The value of the first line <c>key: value</c>, <c>key=value</c> or <c>key value</c>; null where there is none.</summary>
    public string? Value(string path, string key, char separator) => Value(Lines(path), key, separator);

    /// <summary>As above, of lines already read.</summary>
    public static string? Value(IEnumerable<string> lines, string key, char separator) =>
        lines
            .Select(line => line.Split(separator, 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0] == key)
            ?[1];

    /// <summary>A file that holds one whole number, zero or more; null where it does not.</summary>
    public long? Number(string path) => ParseNumber(Text(path));

    /// <summary>A whole number, zero or more; null for anything else.</summary>
    public static long? ParseNumber(string? text) =>
        long.TryParse(text, out long number) && number >= 0 ? number : null;

    /// <summary>The names of a directory's subdirectories; empty where it cannot be read.</summary>
    public string[] Directories(string path)
    {
        try
        {
            return
            [
                .. Directory
                    .GetDirectories(Resolve(path))
                    .Select(name => Path.GetFileName(name))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return [];
        }
    }

    /// <summary>The names of a directory's files; empty where it cannot be read.</summary>
    public string[] FileNames(string path)
    {
        try
        {
            return
            [
                .. Directory
                    .GetFiles(Resolve(path))
                    .Select(name => Path.GetFileName(name))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return [];
        }
    }

    /// <summary>Opens a file to be read again and again; null with the reason where that cannot be done.</summary>
    /// <param name="path">An absolute path with forward slashes.</param>
    /// <param name="state">Why it could not be opened, or that it was.</param>
    public SafeFileHandle? Open(string path, out SystemFileState state)
    {
        try
        {
            state = SystemFileState.Readable;
            return File.OpenHandle(Resolve(path), share: FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            state = SystemFileState.Missing;
        }
        catch (UnauthorizedAccessException)
        {
            state = SystemFileState.Denied;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            state = SystemFileState.Failing;
        }

        return null;
    }

    private string Resolve(string path) => Path.Combine(root, path.TrimStart('/'));

    private static bool IsUnreadable(Exception e) =>
        e
            is IOException
                or UnauthorizedAccessException
                or ArgumentException
                or NotSupportedException
                or System.Security.SecurityException;
}
