using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Native;

/// <summary>Where a library is looked for: by a plain name first, so that the system's own rules come first.</summary>
/// <param name="FileName">The library's name; null where the operating system has no such library.</param>
/// <param name="Directories">Where to look when the system does not find it by name.</param>
/// <param name="Words">What to say when it is not to be had.</param>
internal sealed record NativeLibrarySearch(
    string? FileName,
    IReadOnlyList<string> Directories,
    NativeLibraryWords Words
)
{
    /// <summary>Whether the system's own rules are asked first, by the plain name.</summary>
    public bool HasSystemSearch { get; init; } = true;

    /// <summary>The folders that LD_LIBRARY_PATH names, which programs may have set after the loader read it.</summary>
    public static IReadOnlyList<string> NamedFolders() =>
        (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? string.Empty).Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );

    /// <summary>Loads the library; 0 with why not. Never throws.</summary>
    public nint Load(out NativeLibraryFailure? whyNot)
    {
        whyNot = null;
        if (FileName is null)
        {
            whyNot = new NativeLibraryFailure(NativeLibraryFailureKind.NoSuchSystem, Words.NoSuchSystem);
            return 0;
        }

        if (HasSystemSearch && NativeLibrary.TryLoad(FileName, out nint library))
        {
            return library;
        }

        string? broken = null;
        foreach (string path in Directories.Select(directory => Path.Combine(directory, FileName)).Where(File.Exists))
        {
            try
            {
                return NativeLibrary.Load(path);
            }
            catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
            {
                broken ??= $"{path} is there but does not load ({exception.Message.ReplaceLineEndings(" ").Trim()})";
            }
        }

        whyNot = broken is null
            ? new NativeLibraryFailure(
                NativeLibraryFailureKind.NotFound,
                $"{Words.NotFound}: {FileName} was not found by its name nor in {string.Join(", ", Directories)}: {Words.HowToInstall}."
            )
            : new NativeLibraryFailure(
                NativeLibraryFailureKind.Broken,
                $"{Words.Broken}: {broken}: {Words.HowToRepair}."
            );
        return 0;
    }
}
