using System.Runtime.InteropServices;

namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>A management library of AMD's, found and loaded. The only place that touches the system's loader.</summary>
internal sealed class AmdLibraryFile
{
    private readonly nint _library;

    private AmdLibraryFile(nint library, string path)
    {
        _library = library;
        Path = path;
    }

    /// <summary>The name or path that it was loaded by.</summary>
    public string Path { get; }

    /// <summary>
    /// Loads the first of some names that the system or a folder has: the system's own rules first, then the folders in order.
    /// </summary>
    /// <param name="names">File names, the preferred first.</param>
    /// <param name="search">Where to look.</param>
    /// <param name="whyNot">One sentence that says why none was loaded; null where one was.</param>
    public static AmdLibraryFile? Load(IReadOnlyList<string> names, AmdLibrarySearch search, out string? whyNot)
    {
        whyNot = null;
        string? broken = null;
        if (search.HasSystemSearch)
        {
            foreach (string name in names)
            {
                if (NativeLibrary.TryLoad(name, out nint found))
                {
                    return new AmdLibraryFile(found, name);
                }
            }
        }

        IEnumerable<string> paths = search.Directories.SelectMany(directory =>
            names.Select(name => System.IO.Path.Combine(directory, name))
        );
        foreach (string path in paths.Where(File.Exists))
        {
            try
            {
                return new AmdLibraryFile(NativeLibrary.Load(path), path);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                broken ??= $"{path} is there but does not load ({e.Message.ReplaceLineEndings(" ").Trim()})";
            }
        }

        whyNot =
            broken
            ?? $"{names[0]} was not found by its name nor in {string.Join(", ", search.Directories)}: install ROCm, or mount its folder into the container";
        return null;
    }

    /// <summary>A function's address; 0 where the library does not have it.</summary>
    public nint Find(string name) => NativeLibrary.TryGetExport(_library, name, out nint address) ? address : 0;

    /// <summary>Unloads it; nothing of it may be called any more.</summary>
    public void Free() => NativeLibrary.Free(_library);
}
