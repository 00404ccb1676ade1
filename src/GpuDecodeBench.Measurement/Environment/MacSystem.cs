using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>Asks macOS through <c>sysctlbyname</c> (names: <c>man 3 sysctl</c> and <c>sysctl -a</c>).</summary>
[SupportedOSPlatform("macos")]
internal static partial class MacSystem
{
    /// <summary>Everything that macOS says.</summary>
    public static SystemFacts Read() =>
        new()
        {
            OperatingSystem = RuntimeInformation.OSDescription,
            Kernel = Text("kern.osrelease"),
            CpuModel = Text("machdep.cpu.brand_string"),
            LogicalProcessors = (int?)Number("hw.logicalcpu"),
            Caches = Caches(),
            MemoryTotalBytes = Number("hw.memsize"),
            MemoryAvailableBytes = AvailableBytes(),
            Virtualised = Number("kern.hv_vmm_present") is { } present ? present != 0 : null,
        };

    // Free pages and file-backed pages, which are given up without swapping.
    private static long? AvailableBytes() =>
        (Number("vm.page_free_count") + Number("vm.page_pageable_external_count")) * Number("hw.pagesize");

    /// <summary>
    /// Apple's CPUs have kinds of cores ("performance levels"), each with caches of its own; a shared cache of the whole chip is not
    /// reported by macOS. On Intel's the plain names hold.
    /// </summary>
    private static List<CacheInfo> Caches()
    {
        var caches = new List<CacheInfo>();
        long levels = Number("hw.nperflevels") ?? 0;
        for (long level = 0; level < levels; level++)
        {
            string prefix = $"hw.perflevel{level}";
            long cores = Number($"{prefix}.logicalcpu") ?? 1;
            Add(caches, 1, "Data", Number($"{prefix}.l1dcachesize"), cores);
            Add(
                caches,
                2,
                "Unified",
                Number($"{prefix}.l2cachesize"),
                cores / Math.Max(1, Number($"{prefix}.cpusperl2") ?? cores)
            );
            Add(
                caches,
                3,
                "Unified",
                Number($"{prefix}.l3cachesize"),
                cores / Math.Max(1, Number($"{prefix}.cpusperl3") ?? cores)
            );
        }

        if (caches.Count == 0)
        {
            long cores = Number("hw.physicalcpu") ?? 1;
            Add(caches, 1, "Data", Number("hw.l1dcachesize"), cores);
            Add(caches, 2, "Unified", Number("hw.l2cachesize"), cores);
            Add(caches, 3, "Unified", Number("hw.l3cachesize"), 1);
        }

        return caches;
    }

    private static void Add(List<CacheInfo> caches, int level, string type, long? sizeBytes, long instances)
    {
        if (sizeBytes > 0)
        {
            caches.Add(new CacheInfo(level, type, sizeBytes.Value, (int)Math.Max(1, instances)));
        }
    }

    // Values are 4 or 8 bytes wide, by name.
    private static long? Number(string name)
    {
        Span<byte> buffer = stackalloc byte[8];
        buffer.Clear();
        return Query(name, buffer) switch
        {
            4 => BitConverter.ToInt32(buffer),
            8 => BitConverter.ToInt64(buffer),
            _ => null,
        };
    }

    private static string? Text(string name)
    {
        Span<byte> buffer = stackalloc byte[256];
        int length = Query(name, buffer);
        return length > 1 ? Encoding.UTF8.GetString(buffer[..length]).TrimEnd('\0').Trim() : null;
    }

    private static int Query(string name, Span<byte> buffer)
    {
        nuint length = (nuint)buffer.Length;
        return SysctlByName(name, buffer, ref length, 0, 0) == 0 ? (int)length : 0;
    }

    [LibraryImport("libSystem", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SysctlByName(
        string name,
        Span<byte> value,
        ref nuint length,
        nint newValue,
        nuint newLength
    );
}
