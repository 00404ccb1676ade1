namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>Sentences that say why no GPU is to be had.</summary>
internal static class CudaReasons
{
    /// <summary>Why the driver does not start or shows no device.</summary>
    public static string WhyNotStarted(ICudaDriver driver, ICudaHost host, CudaResult result)
    {
        string said = CudaErrors.Describe(driver, result);
        return result switch
        {
            CudaResult.NoDevice or CudaResult.InvalidDevice => WhyNoDevice(host, said),
            CudaResult.Unknown when host.HasDeviceNodes == false => WhyNoDevice(host, said),
            CudaResult.SystemDriverMismatch when host.KernelDriverVersion is string version =>
                $"The NVIDIA driver does not start: {said}; libcuda is not of the kernel driver's version {version}: reboot after an update of the driver, or install the libcuda of that version.",
            CudaResult.OutOfMemory =>
                $"The NVIDIA driver does not start: {said}; the host has too little memory or address space left for it: raise the limits of memory (ulimit -v, the container's) or free some.",
            _ => $"The NVIDIA driver does not start: {said}; {CudaErrors.Advice(result)}.",
        };
    }

    /// <summary>
    /// The branch of drivers for Linux that came with a CUDA version, as the release history of PTX names them (r520 and so on,
    /// https://docs.nvidia.com/cuda/parallel-thread-execution/index.html#release-notes).
    /// </summary>
    public static string DriverBranch(int version) =>
        version switch
        {
            <= 11080 => "520",
            <= 12000 => "525",
            <= 12010 => "530",
            <= 12020 => "535",
            <= 12030 => "545",
            <= 12040 => "550",
            <= 12050 => "555",
            <= 12060 => "560",
            <= 12070 => "565",
            <= 12080 => "570",
            <= 12090 => "575",
            <= 13000 => "580",
            _ => $"the one of {CudaText.Version(version)}",
        };

    private static string WhyNoDevice(ICudaHost host, string said)
    {
        if (host.VisibleDevices is string visible && !visible.Split(',')[0].Trim().StartsWithDevice())
        {
            return $"The NVIDIA driver shows no GPU ({said}), since CUDA_VISIBLE_DEVICES is \"{visible}\", which hides them all: unset it or name a GPU in it.";
        }

        if (host.HasDeviceNodes == false)
        {
            return host.IsContainer
                ? $"The NVIDIA driver shows no GPU ({said}), since this container has no device nodes /dev/nvidia*: start it with --gpus all and the NVIDIA container toolkit."
                : $"The NVIDIA driver shows no GPU ({said}), since there are no device nodes /dev/nvidia*: check that the machine has an NVIDIA GPU and that its kernel module is loaded (nvidia-smi does both).";
        }

        if (host.VisibleDevices is string named)
        {
            return $"The NVIDIA driver shows no GPU ({said}) with CUDA_VISIBLE_DEVICES at \"{named}\": unset it or name a GPU that nvidia-smi -L lists.";
        }

        return $"The NVIDIA driver shows no GPU ({said}): check that nvidia-smi lists one, and that MIG mode, if it is on, has an instance.";
    }

    /// <summary>Whether the first entry names a device at all: the driver stops at the first that does not.</summary>
    private static bool StartsWithDevice(this string entry) =>
        entry.Length > 0
        && (
            char.IsAsciiDigit(entry[0])
            || entry.StartsWith("GPU-", StringComparison.OrdinalIgnoreCase)
            || entry.StartsWith("MIG-", StringComparison.OrdinalIgnoreCase)
        );
}
