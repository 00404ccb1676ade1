namespace GpuDecodeBench.Records;

/// <summary>
/// What is said of one device. Each list holds a value for every source that gives one, the one that is used first; it is empty
/// where none is known.
/// </summary>
public sealed record HardwareEntry
{
    /// <summary>The device's name.</summary>
    public required string Name { get; init; }

    /// <summary>The maker.</summary>
    public required string Vendor { get; init; }

    /// <summary>Other names that a user may give, in lower case.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>The names that drivers report, complete.</summary>
    public required IReadOnlyList<string> ReportedNames { get; init; }

    /// <summary>Memory bandwidth, in bytes per second.</summary>
    public required IReadOnlyList<SourcedValue> MemoryBytesPerSecond { get; init; }

    /// <summary>Memory, in bytes.</summary>
    public required IReadOnlyList<SourcedValue> MemoryBytes { get; init; }

    /// <summary>Dense BF16 matrix throughput, in floating-point operations per second.</summary>
    public required IReadOnlyList<SourcedValue> Bf16FlopsPerSecond { get; init; }

    /// <summary>Dense FP8 matrix throughput, in floating-point operations per second.</summary>
    public required IReadOnlyList<SourcedValue> Fp8FlopsPerSecond { get; init; }

    /// <summary>Dense FP4 matrix throughput, in floating-point operations per second.</summary>
    public required IReadOnlyList<SourcedValue> Fp4FlopsPerSecond { get; init; }

    /// <summary>Thermal design power, in watts.</summary>
    public required IReadOnlyList<SourcedValue> TdpWatts { get; init; }

    /// <summary>The link to other devices, one way, in bytes per second.</summary>
    public required IReadOnlyList<SourcedValue> LinkBytesPerSecond { get; init; }

    /// <summary>How many devices that link joins at its rate: those of one server, or of one rack.</summary>
    public required IReadOnlyList<SourcedValue> LinkDomainDevices { get; init; }

    /// <summary>
    /// Other devices that a device has a link to each, where the links are a mesh without a switch; the link's rate is then that of all
    /// of them together. Null where a switch joins the devices, or nothing is known.
    /// </summary>
    public IReadOnlyList<SourcedValue>? LinkMeshPeers { get; init; }

    /// <summary>Multiprocessors, or compute units.</summary>
    public required IReadOnlyList<SourcedValue> MultiprocessorCount { get; init; }

    /// <summary>The width of the memory bus, in bits.</summary>
    public required IReadOnlyList<SourcedValue> MemoryBusBits { get; init; }

    /// <summary>The last-level cache, in bytes.</summary>
    public required IReadOnlyList<SourcedValue> LastLevelCacheBytes { get; init; }

    /// <summary>What else a reader of the figures should know; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The figures that are used, the first of each list, with the sources of exactly those.</summary>
    public DeviceSpecification ToSpecification() =>
        new()
        {
            Name = Name,
            MemoryBytesPerSecond = First(MemoryBytesPerSecond),
            MemoryBytes = (long?)First(MemoryBytes),
            Bf16FlopsPerSecond = First(Bf16FlopsPerSecond),
            Fp8FlopsPerSecond = First(Fp8FlopsPerSecond),
            Fp4FlopsPerSecond = First(Fp4FlopsPerSecond),
            TdpWatts = First(TdpWatts),
            LinkBytesPerSecond = First(LinkBytesPerSecond),
            Source = DescribeSources(),
        };

    /// <summary>Every list of values with its JSON name.</summary>
    internal IEnumerable<(string Field, IReadOnlyList<SourcedValue> Values)> Figures =>
        [
            .. SpecificationFigures,
            ("linkDomainDevices", LinkDomainDevices),
            ("linkMeshPeers", LinkMeshPeers ?? []),
            ("multiprocessorCount", MultiprocessorCount),
            ("memoryBusBits", MemoryBusBits),
            ("lastLevelCacheBytes", LastLevelCacheBytes),
        ];

    /// <summary>Those of a run record's specification; the rest serves to tell devices apart.</summary>
    private IEnumerable<(string Field, IReadOnlyList<SourcedValue> Values)> SpecificationFigures =>
        [
            ("memoryBytesPerSecond", MemoryBytesPerSecond),
            ("memoryBytes", MemoryBytes),
            ("bf16FlopsPerSecond", Bf16FlopsPerSecond),
            ("fp8FlopsPerSecond", Fp8FlopsPerSecond),
            ("fp4FlopsPerSecond", Fp4FlopsPerSecond),
            ("tdpWatts", TdpWatts),
            ("linkBytesPerSecond", LinkBytesPerSecond),
        ];

    private static double? First(IReadOnlyList<SourcedValue> values) => values.Count == 0 ? null : values[0].Value;

    /// <summary>For example <c>aiconfigurator (https://…): memoryBytesPerSecond, memoryBytes; inferencex (https://…): …</c>.</summary>
    private string DescribeSources()
    {
        IEnumerable<string> parts = SpecificationFigures
            .Where(figure => figure.Values.Count > 0)
            .GroupBy(figure => figure.Values[0].Source, figure => figure.Field, StringComparer.Ordinal)
            .Select(group => $"{group.Key} ({HardwareCatalogue.UrlOf(group.Key)}): {string.Join(", ", group)}");
        return string.Join("; ", parts);
    }
}
