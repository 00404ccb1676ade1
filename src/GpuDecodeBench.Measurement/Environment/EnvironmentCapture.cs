using System.Runtime.InteropServices;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>Describes the machine and the software that a run takes place on, on Linux, Windows and macOS.</summary>
public static class EnvironmentCapture
{
    /// <summary>
    /// Reads everything that the operating system tells; never throws, and what is not known is null. The usable processors are
    /// <see cref="System.Environment.ProcessorCount"/>, which in .NET respects the process's affinity and a container's CPU limit
    /// (rounded up), and <c>DOTNET_PROCESSOR_COUNT</c>. The GPU driver is left null: the backend that loads it knows it.
    /// </summary>
    /// <param name="threadsUsed">Threads that the measured kernels ran on; null where the work ran on a GPU.</param>
    public static EnvironmentInfo Capture(int? threadsUsed) => Describe(ReadSystem(), threadsUsed);

    /// <summary>As <see cref="Capture"/>, of a Linux whose files lie below another root.</summary>
    internal static EnvironmentInfo CaptureLinux(string root, int? threadsUsed) =>
        Describe(Attempt.OrElse(new LinuxSystem(new SystemFiles(root)).Read, new SystemFacts()), threadsUsed);

    /// <summary>What the operating system of this process says.</summary>
    internal static SystemFacts ReadSystem() =>
        OperatingSystem.IsLinux() ? Attempt.OrElse(new LinuxSystem(new SystemFiles()).Read, new SystemFacts())
        : OperatingSystem.IsWindows() ? Attempt.OrElse(WindowsSystem.Read, new SystemFacts())
        : OperatingSystem.IsMacOS() ? Attempt.OrElse(MacSystem.Read, new SystemFacts())
        : new SystemFacts();

    private static EnvironmentInfo Describe(SystemFacts facts, int? threadsUsed) =>
        new()
        {
            OperatingSystem = facts.OperatingSystem ?? RuntimeInformation.OSDescription,
            Kernel = facts.Kernel,
            Runtime = RuntimeInformation.FrameworkDescription,
            Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
            CpuModel = facts.CpuModel,
            CpuLogicalCores = facts.LogicalProcessors ?? System.Environment.ProcessorCount,
            CpuUsableCores = System.Environment.ProcessorCount,
            CpuThreadsUsed = threadsUsed,
            CpuFeatures = CpuFeatures.Usable(),
            Caches = facts.Caches,
            MemoryTotalBytes = facts.MemoryTotalBytes,
            MemoryAvailableBytes = facts.MemoryAvailableBytes,
            ContainerMemoryLimitBytes = facts.Cgroup?.MemoryLimitBytes,
            ContainerCpuLimit = facts.Cgroup?.CpuLimit,
            LoadAverage1Minute = facts.LoadAverage1Minute,
            TransparentHugePages = facts.TransparentHugePages,
            Virtualised = facts.Virtualised,
        };
}
