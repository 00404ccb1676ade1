using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>The clocks that the driver reports, and the bandwidth that follows from them. Null means not known, never zero.</summary>
public sealed record ClockInfo
{
    /// <summary>The memory clock, in Hz; data moves twice in each cycle.</summary>
    public double? MemoryClockHz { get; init; }

    /// <summary>The width of the memory bus, in bits.</summary>
    public int? MemoryBusWidthBits { get; init; }

    /// <summary>The highest clock of the processing cores, in Hz.</summary>
    public double? CoreClockHz { get; init; }

    /// <summary>The bandwidth that the memory clock and the bus width give, in bytes per second; see <see cref="BandwidthOf"/>.</summary>
    public double? ClockBandwidthBytesPerSecond { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }

    /// <summary>
    /// The bandwidth of a memory that moves data twice in each cycle: <c>2 × clock × width / 8</c>, in bytes per second.
    /// </summary>
    /// <param name="memoryClockHz">The memory clock, in Hz.</param>
    /// <param name="memoryBusWidthBits">The width of the bus, in bits.</param>
    public static double BandwidthOf(double memoryClockHz, int memoryBusWidthBits) =>
        2 * memoryClockHz * memoryBusWidthBits / 8;
}
