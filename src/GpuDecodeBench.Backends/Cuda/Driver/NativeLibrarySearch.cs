using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>Where the driver's library is looked for: by a plain name first, so that the system's own rules come first.</summary>
/// <param name="FileName">The library's name; null where the operating system has no such driver.</param>
/// <param name="Directories">Where to look when the system does not find it by name.</param>
internal sealed record NativeLibrarySearch(string? FileName, IReadOnlyList<string> Directories)
{
    /// <summary>Whether the system's own rules are asked first, by the plain name.</summary>
    public bool HasSystemSearch { get; init; } = true;

    /// <summary>The search on this machine.</summary>
    public static NativeLibrarySearch ForThisMachine()
    {
        if (OperatingSystem.IsWindows())
        {
            return new NativeLibrarySearch("nvcuda.dll", [Environment.SystemDirectory]);
        }

        if (!OperatingSystem.IsLinux())
        {
            return new NativeLibrarySearch(null, []);
        }

        string[] named = (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? string.Empty).Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );
        string[] architecture =
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ?
                [
                    "/usr/lib/aarch64-linux-gnu",
                    "/usr/lib/aarch64-linux-gnu/nvidia",
                    "/usr/lib/aarch64-linux-gnu/tegra",
                ]
                : ["/usr/lib/x86_64-linux-gnu"];
        return new NativeLibrarySearch(
            "libcuda.so.1",
            [
                .. named,
                "/usr/local/nvidia/lib64",
                "/usr/local/nvidia/lib",
                "/usr/lib/wsl/lib",
                .. architecture,
                "/usr/lib64",
                "/usr/local/cuda/compat",
            ]
        );
    }

    /// <summary>Loads the library; 0 with one sentence that says why not. Never throws.</summary>
    public nint Load(out string? whyNot)
    {
        whyNot = null;
        if (FileName is null)
        {
            whyNot = "There is no NVIDIA driver for this operating system: run on Linux or Windows.";
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
            ? $"No NVIDIA driver is installed: {FileName} was not found by its name nor in {string.Join(", ", Directories)}: install the NVIDIA driver, or start the container with --gpus all."
            : $"The NVIDIA driver cannot be used: {broken}: install the driver anew, for this machine's architecture.";
        return 0;
    }
}
