using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GpuDecodeBench.Records;
using Microsoft.Win32;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>Asks Windows: kernel32 for memory, processors and caches, the registry for the CPU's name.</summary>
/// <remarks>Caches are those of the whole machine: Windows gives each with its processors, and this process's affinity is not applied.</remarks>
[SupportedOSPlatform("windows")]
internal static partial class WindowsSystem
{
    private const int RelationCache = 2;
    private const ushort AllProcessorGroups = 0xffff;

    /// <summary>Everything that Windows says.</summary>
    public static SystemFacts Read()
    {
        MemoryStatus? memory = Attempt.OrElse(ReadMemoryStatus, null);
        uint processors = GetActiveProcessorCount(AllProcessorGroups);
        return new SystemFacts
        {
            OperatingSystem = RuntimeInformation.OSDescription,
            Kernel = System.Environment.OSVersion.Version.ToString(),
            CpuModel = Attempt.OrElse(CpuModel, null),
            LogicalProcessors = processors > 0 ? (int)processors : null,
            Caches = Attempt.OrElse(ReadCaches, []),
            MemoryTotalBytes = (long?)memory?.TotalPhysical,
            MemoryAvailableBytes = (long?)memory?.AvailablePhysical,
            Virtualised = HypervisorBit.Read(),
        };
    }

    private static string? CpuModel()
    {
        using RegistryKey? key = Registry.LocalMachine.OpenSubKey(@"HARDWARE\DESCRIPTION\System\CentralProcessor\0");
        return (key?.GetValue("ProcessorNameString") as string)?.Trim();
    }

    private static unsafe MemoryStatus? ReadMemoryStatus()
    {
        var status = new MemoryStatus { Length = (uint)sizeof(MemoryStatus) };
        return GlobalMemoryStatusEx(ref status) != 0 ? status : null;
    }

    private static IReadOnlyList<CacheInfo> ReadCaches()
    {
        uint length = 0;
        _ = GetLogicalProcessorInformationEx(RelationCache, [], ref length);
        byte[] buffer = new byte[length];
        return GetLogicalProcessorInformationEx(RelationCache, buffer, ref length) != 0
            ? WindowsCaches.Parse(buffer.AsSpan(0, (int)length))
            : [];
    }

    // MEMORYSTATUSEX, learn.microsoft.com/windows/win32/api/sysinfoapi.
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryStatus
    {
        public uint Length;
        public uint Load;
        public ulong TotalPhysical;
        public ulong AvailablePhysical;
        public ulong TotalPageFile;
        public ulong AvailablePageFile;
        public ulong TotalVirtual;
        public ulong AvailableVirtual;
        public ulong AvailableExtendedVirtual;
    }

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int GlobalMemoryStatusEx(ref MemoryStatus status);

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial uint GetActiveProcessorCount(ushort group);

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int GetLogicalProcessorInformationEx(int relationship, Span<byte> buffer, ref uint length);
}
