using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>
/// The data and unified caches that a set of processors sees, from <c>/sys/devices/system/cpu/cpu*/cache/index*/</c>
/// (Linux, Documentation/ABI/testing/sysfs-devices-system-cpu).
/// </summary>
internal static class LinuxCaches
{
    private sealed record Instance(int Level, string Type, long SizeBytes, string SharedBy);

    /// <summary>One entry for each level, type and size, with the number of distinct instances; by level, then by size.</summary>
    public static IReadOnlyList<CacheInfo> Read(SystemFiles files, IEnumerable<int> processors) =>
        [
            .. processors
                .SelectMany(processor => OfProcessor(files, processor))
                .Distinct()
                .GroupBy(instance => (instance.Level, instance.Type, instance.SizeBytes))
                .OrderBy(group => group.Key)
                .Select(group => new CacheInfo(group.Key.Level, group.Key.Type, group.Key.SizeBytes, group.Count())),
        ];

    private static IEnumerable<Instance> OfProcessor(SystemFiles files, int processor)
    {
        string directory = $"/sys/devices/system/cpu/cpu{processor}/cache";
        foreach (
            string index in files
                .Directories(directory)
                .Where(name => name.StartsWith("index", StringComparison.Ordinal))
        )
        {
            string path = $"{directory}/{index}";
            string? type = files.Text($"{path}/type");
            if (
                type is "Data" or "Unified"
                && files.Number($"{path}/level") is { } level and > 0 and < 10
                && ParseSize(files.Text($"{path}/size")) is { } size and > 0
            )
            {
                // Where the kernel does not say who shares it, a cache is taken to be the processor's own.
                string sharedBy = files.Text($"{path}/shared_cpu_list") is { Length: > 0 } list ? list : $"{processor}";
                yield return new Instance((int)level, type, size, sharedBy);
            }
        }
    }

    /// <summary>Bytes of <c>48K</c>, <c>32M</c>, <c>1G</c> or a plain number; null for anything else.</summary>
    internal static long? ParseSize(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        int shift = text[^1] switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            _ => 0,
        };
        long? number = SystemFiles.ParseNumber(shift == 0 ? text : text[..^1]);
        return number <= long.MaxValue >> shift ? number << shift : null;
    }
}
