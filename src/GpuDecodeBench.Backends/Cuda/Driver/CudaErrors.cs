namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>Words for the driver's codes.</summary>
internal static class CudaErrors
{
    /// <summary>
    /// Whether a code leaves the process so that all further CUDA work returns it again, as the descriptions of CUresult in
    /// https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html say of each.
    /// </summary>
    public static bool IsSticky(CudaResult result) =>
        result
            is CudaResult.IllegalAddress
                or CudaResult.LaunchTimeout
                or CudaResult.Assert
                or CudaResult.HardwareStackError
                or CudaResult.IllegalInstruction
                or CudaResult.MisalignedAddress
                or CudaResult.InvalidAddressSpace
                or CudaResult.InvalidPc
                or CudaResult.LaunchFailed
                or CudaResult.TensorMemoryLeak
                or CudaResult.EccUncorrectable
                or CudaResult.NvlinkUncorrectable
                or CudaResult.Contained
                or CudaResult.ContextIsDestroyed
                or CudaResult.MpsClientTerminated
                or CudaResult.ExternalDevice
                or CudaResult.Unknown;

    /// <summary>An exception for a call that failed.</summary>
    /// <param name="driver">The driver, which names its codes.</param>
    /// <param name="result">The code.</param>
    /// <param name="operation">What was done, as the beginning of a sentence: "Launching step (kernel x, ...)".</param>
    /// <param name="log">What the compiler said; empty or null where it said nothing.</param>
    /// <param name="cause">The error that poisoned the context before, if one did.</param>
    public static CudaException Create(
        ICudaDriver driver,
        CudaResult result,
        string operation,
        string? log = null,
        Exception? cause = null
    )
    {
        string message = $"{operation} failed: {Describe(driver, result)}; {Advice(result)}.";
        if (driver.LastFaultDetail is string detail)
        {
            message += $" The device says: {detail.TrimEnd('.', ' ')}.";
        }

        if (cause is not null)
        {
            message += " An earlier error had already made the GPU's context unusable: " + cause.Message;
        }

        if (!string.IsNullOrWhiteSpace(log))
        {
            message += $" The compiler says: {log.Trim()}";
        }

        return new CudaException(result, operation, message, cause);
    }

    /// <summary>The code by name and in the driver's words: "CUDA_ERROR_NO_DEVICE (no CUDA-capable device is detected)".</summary>
    public static string Describe(ICudaDriver driver, CudaResult result)
    {
        string name = driver.GetErrorName(result) ?? $"CUDA error {(int)result} ({result})";
        return driver.GetErrorString(result) is string words ? $"{name} ({words})" : name;
    }

    /// <summary>What to do about a code, as a part of a sentence.</summary>
    public static string Advice(CudaResult result) =>
        result switch
        {
            CudaResult.OutOfMemory =>
                "free GPU memory (nvidia-smi lists what holds it) or run a smaller model, batch or context",
            CudaResult.NoBinaryForGpu =>
                "the kernels are not for this GPU's compute capability, so run on a newer GPU or report this",
            CudaResult.UnsupportedPtxVersion =>
                "the installed NVIDIA driver is older than the kernels need, so install a newer one",
            CudaResult.JitCompilerNotFound =>
                "the driver's PTX compiler (libnvidia-ptxjitcompiler) is missing, so install the whole NVIDIA driver "
                    + "or start the container with the compute capability of the NVIDIA container toolkit",
            CudaResult.JitCompilationDisabled => "unset CUDA_DISABLE_PTX_JIT, since the kernels are PTX",
            CudaResult.InvalidPtx or CudaResult.InvalidImage or CudaResult.InvalidSource =>
                "the kernels do not compile for this GPU; report this with the text below",
            CudaResult.LaunchOutOfResources =>
                "the kernel asks for more registers or threads than a block may have; report this",
            CudaResult.LaunchTimeout =>
                "a display's watchdog ended the kernel; use a GPU that drives no display, or lift the time limit, and start again",
            CudaResult.EccUncorrectable or CudaResult.NvlinkUncorrectable or CudaResult.Contained =>
                "the hardware reported an error; look at nvidia-smi -q and dmesg, reset the GPU and start again",
            CudaResult.DeviceUnavailable =>
                "another process holds the GPU for itself, or it is being reset; end that process (nvidia-smi lists it) and "
                    + "start again",
            CudaResult.SystemNotReady =>
                "the system's NVIDIA services are not up; on machines with NVSwitch start nvidia-fabricmanager in the driver's "
                    + "own version",
            CudaResult.SystemDriverMismatch =>
                "libcuda and the kernel's driver are of different versions; reboot, or install matching ones",
            CudaResult.CompatNotSupportedOnDevice =>
                "the CUDA compatibility package works on data-centre GPUs alone; use the driver's own libcuda or update the driver",
            CudaResult.StubLibrary =>
                "the libcuda found is the toolkit's stub, not the driver's; put the driver's directory first in LD_LIBRARY_PATH",
            CudaResult.NoDevice => "check that nvidia-smi lists the GPU",
            CudaResult.StreamCaptureInvalidated
            or CudaResult.StreamCaptureUnsupported
            or CudaResult.StreamCaptureImplicit =>
                "something in the captured work cannot be captured; run without graphs",
            _ when IsSticky(result) => "the GPU's context can no longer be used, so start the program again",
            _ => "run again, and report this if it stays",
        };
}
