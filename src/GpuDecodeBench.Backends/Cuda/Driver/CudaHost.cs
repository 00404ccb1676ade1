namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>What this machine shows of NVIDIA GPUs.</summary>
internal sealed class CudaHost : ICudaHost
{
    private const string VersionFile = "/proc/driver/nvidia/version";

    public string? VisibleDevices => Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES");

    public bool? HasDeviceNodes
    {
        get
        {
            if (!OperatingSystem.IsLinux())
            {
                return null;
            }

            try
            {
                // /dev/dxg is the GPU of WSL, /dev/nvhost-gpu of Jetson boards.
                return File.Exists("/dev/dxg")
                    || File.Exists("/dev/nvhost-gpu")
                    || Directory
                        .EnumerateFiles("/dev", "nvidia*")
                        .Any(path =>
                            path.Length > "/dev/nvidia".Length && char.IsAsciiDigit(path["/dev/nvidia".Length])
                        );
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    public string? KernelDriverVersion
    {
        get
        {
            try
            {
                return File.Exists(VersionFile) ? ParseVersion(File.ReadAllText(VersionFile)) : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    public bool IsContainer =>
        File.Exists("/.dockerenv")
        || File.Exists("/run/.containerenv")
        || Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is not null;

    /// <summary>The version in the kernel module's own words: the first word of digits and dots.</summary>
    internal static string? ParseVersion(string text) =>
        text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(word => word.Contains('.') && word.All(c => char.IsAsciiDigit(c) || c == '.'));
}
