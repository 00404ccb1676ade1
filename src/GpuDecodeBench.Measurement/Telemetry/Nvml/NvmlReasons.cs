using System.Globalization;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>Why NVML does not tell something: a code for programs and a sentence for people.</summary>
internal static class NvmlReasons
{
    /// <summary>A zero where there cannot be one: power, a clock, a temperature, a width of a running device.</summary>
    public const string ImplausibleZero = "nvml.implausibleZero";

    /// <summary>A counter that shows less than before: the driver was loaded anew.</summary>
    public const string CounterWentBack = "nvml.counterWentBack";

    /// <summary>A value that NVML marks as not available, or of a type that is not known here.</summary>
    public const string ValueNotAvailable = "nvml.valueNotAvailable";

    /// <summary>What a link that is down has no figures of.</summary>
    public const string LinkIsDown = "nvml.linkIsDown";

    /// <summary>The device that lost its connection.</summary>
    public const string GpuIsLost = "nvml.gpuIsLost";

    /// <summary>
    /// A code of the library's as a code of this program's: its name, so that <c>NVML_ERROR_NOT_SUPPORTED</c> is
    /// <c>nvml.notSupported</c>.
    /// </summary>
    public static string Code(NvmlReturn code) =>
        code switch
        {
            NvmlReturn.Success => "nvml.success",
            NvmlReturn.Uninitialized => "nvml.uninitialized",
            NvmlReturn.InvalidArgument => "nvml.invalidArgument",
            NvmlReturn.NotSupported => "nvml.notSupported",
            NvmlReturn.NoPermission => "nvml.noPermission",
            NvmlReturn.AlreadyInitialized => "nvml.alreadyInitialized",
            NvmlReturn.NotFound => "nvml.notFound",
            NvmlReturn.InsufficientSize => "nvml.insufficientSize",
            NvmlReturn.InsufficientPower => "nvml.insufficientPower",
            NvmlReturn.DriverNotLoaded => "nvml.driverNotLoaded",
            NvmlReturn.Timeout => "nvml.timeout",
            NvmlReturn.IrqIssue => "nvml.irqIssue",
            NvmlReturn.LibraryNotFound => "nvml.libraryNotFound",
            NvmlReturn.FunctionNotFound => "nvml.functionNotFound",
            NvmlReturn.CorruptedInforom => "nvml.corruptedInforom",
            NvmlReturn.GpuIsLost => GpuIsLost,
            NvmlReturn.ResetRequired => "nvml.resetRequired",
            NvmlReturn.OperatingSystem => "nvml.operatingSystem",
            NvmlReturn.LibRmVersionMismatch => "nvml.libRmVersionMismatch",
            NvmlReturn.InUse => "nvml.inUse",
            NvmlReturn.Memory => "nvml.memory",
            NvmlReturn.NoData => "nvml.noData",
            NvmlReturn.VgpuEccNotSupported => "nvml.vgpuEccNotSupported",
            NvmlReturn.InsufficientResources => "nvml.insufficientResources",
            NvmlReturn.FreqNotSupported => "nvml.freqNotSupported",
            NvmlReturn.ArgumentVersionMismatch => "nvml.argumentVersionMismatch",
            NvmlReturn.Deprecated => "nvml.deprecated",
            NvmlReturn.NotReady => "nvml.notReady",
            NvmlReturn.GpuNotFound => "nvml.gpuNotFound",
            NvmlReturn.InvalidState => "nvml.invalidState",
            NvmlReturn.ResetTypeNotSupported => "nvml.resetTypeNotSupported",
            NvmlReturn.Unknown => "nvml.unknown",
            _ => string.Create(CultureInfo.InvariantCulture, $"nvml.error{(int)code}"),
        };

    /// <summary>One sentence: what NVML answered to what, and what would help.</summary>
    /// <param name="code">The library's code.</param>
    /// <param name="asked">What was asked: the function, and the field where there are several.</param>
    /// <param name="said">The library's own few words on the code; null where it has none.</param>
    public static string Sentence(NvmlReturn code, string asked, string? said)
    {
        string words = string.IsNullOrWhiteSpace(said)
            ? string.Create(CultureInfo.InvariantCulture, $"code {(int)code}")
            : string.Create(CultureInfo.InvariantCulture, $"code {(int)code}, \"{said.Trim()}\"");
        return $"NVML answered {asked} with {words}: {Advice(code)}.";
    }

    /// <summary>One sentence on a zero that cannot be.</summary>
    public static string ZeroSentence(string asked) =>
        $"NVML answered {asked} with 0, which a running device cannot have: the driver or the virtual machine does not tell it; compare with nvidia-smi -q.";

    private static string Advice(NvmlReturn code) =>
        code switch
        {
            NvmlReturn.NotSupported => "this GPU, its driver or its virtual machine does not tell it",
            NvmlReturn.NoPermission =>
                "this user may not ask for it; run as root, or have the administrator or the container allow it",
            NvmlReturn.FunctionNotFound => "this driver's NVML is too old for it; a newer driver has it",
            NvmlReturn.Deprecated => "this driver's NVML no longer has it",
            NvmlReturn.ArgumentVersionMismatch =>
                "this driver's NVML knows another version of the structure; another driver would help",
            NvmlReturn.DriverNotLoaded =>
                "NVIDIA's kernel module is not loaded; load it (nvidia-smi does), or start the container with --gpus all",
            NvmlReturn.LibRmVersionMismatch =>
                "NVML and the kernel module are of different versions, as after an update without a reboot; reboot, or load the module anew",
            NvmlReturn.LibraryNotFound => "a library that NVML needs is not there; install the driver anew",
            NvmlReturn.GpuIsLost =>
                "the GPU does not answer any more; look for Xid messages in the kernel's log, and reset the GPU or reboot",
            NvmlReturn.ResetRequired => "the GPU needs a reset: nvidia-smi --gpu-reset, or a reboot",
            NvmlReturn.OperatingSystem =>
                "the operating system or the container's device rules forbid access to the GPU's device node",
            NvmlReturn.InsufficientPower => "the GPU's power cables are not attached properly",
            NvmlReturn.IrqIssue => "the kernel sees a problem with the GPU's interrupts; look into the kernel's log",
            NvmlReturn.CorruptedInforom =>
                "the GPU's own configuration memory (infoROM) is damaged; ask its owner for another",
            NvmlReturn.NotFound or NvmlReturn.GpuNotFound =>
                "there is nothing of that kind; compare with nvidia-smi -L",
            NvmlReturn.Uninitialized => "the source is closed",
            NvmlReturn.InUse or NvmlReturn.NotReady or NvmlReturn.Timeout or NvmlReturn.NoData =>
                "it may be there when asked again",
            NvmlReturn.Memory or NvmlReturn.InsufficientResources => "the host or the driver is short of memory",
            _ => "compare with nvidia-smi -q, and try another driver",
        };
}
