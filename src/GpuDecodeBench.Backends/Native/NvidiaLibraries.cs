using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Native;

/// <summary>The libraries that come with NVIDIA's driver, and where they lie.</summary>
internal static class NvidiaLibraries
{
    private static readonly NativeLibraryWords s_driver = new()
    {
        NoSuchSystem = "There is no NVIDIA driver for this operating system: run on Linux or Windows.",
        NotFound = "No NVIDIA driver is installed",
        HowToInstall = "install the NVIDIA driver, or start the container with --gpus all",
        Broken = "The NVIDIA driver cannot be used",
        HowToRepair = "install the driver anew, for this machine's architecture",
    };

    private static readonly NativeLibraryWords s_management = new()
    {
        NoSuchSystem = "There is no NVML for this operating system: run on Linux or Windows.",
        NotFound = "NVML, which comes with the NVIDIA driver, is not here",
        HowToInstall =
            "install the NVIDIA driver, or start the container with --gpus all and \"utility\" in NVIDIA_DRIVER_CAPABILITIES",
        Broken = "NVML cannot be used",
        HowToRepair = "install the driver anew, for this machine's architecture",
    };

    /// <summary>The CUDA driver.</summary>
    public static NativeLibrarySearch Cuda() =>
        OperatingSystem.IsWindows() ? Cuda("nvcuda.dll", [Environment.SystemDirectory])
        : OperatingSystem.IsLinux() ? Cuda("libcuda.so.1", [.. LinuxFolders(), "/usr/local/cuda/compat"])
        : Cuda(null, []);

    /// <summary>The CUDA driver under a name and in folders of the caller's.</summary>
    public static NativeLibrarySearch Cuda(string? fileName, IReadOnlyList<string> folders) =>
        new(fileName, folders, s_driver);

    /// <summary>The management library, NVML.</summary>
    public static NativeLibrarySearch Management() =>
        OperatingSystem.IsWindows()
            ? Management(
                "nvml.dll",
                [
                    Environment.SystemDirectory,
                    Path.Combine(
                        Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles),
                        "NVIDIA Corporation",
                        "NVSMI"
                    ),
                ]
            )
        : OperatingSystem.IsLinux() ? Management("libnvidia-ml.so.1", LinuxFolders())
        : Management(null, []);

    /// <summary>NVML under a name and in folders of the caller's.</summary>
    public static NativeLibrarySearch Management(string? fileName, IReadOnlyList<string> folders) =>
        new(fileName, folders, s_management);

    private static string[] LinuxFolders()
    {
        string[] architecture =
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ?
                [
                    "/usr/lib/aarch64-linux-gnu",
                    "/usr/lib/aarch64-linux-gnu/nvidia",
                    "/usr/lib/aarch64-linux-gnu/tegra",
                ]
                : ["/usr/lib/x86_64-linux-gnu"];
        return
        [
            .. NativeLibrarySearch.NamedFolders(),
            "/usr/local/nvidia/lib64",
            "/usr/local/nvidia/lib",
            "/usr/lib/wsl/lib",
            .. architecture,
            "/usr/lib64",
        ];
    }
}
