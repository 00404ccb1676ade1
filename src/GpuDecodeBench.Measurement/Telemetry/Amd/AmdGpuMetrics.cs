using System.Buffers.Binary;

namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>
/// The metrics table that both libraries give: <c>amdsmi_gpu_metrics_t</c> and <c>rsmi_gpu_metrics_t</c>. For long it grew at its end
/// alone: the fields read here lie at the same places in amd_smi/amdsmi.h 23.2 (ROCm 5.7) to 26.1 (ROCm 7) and in rocm_smi/rocm_smi.h 7.2
/// to 7.6. In amdsmi.h 27.1 they do not, and it is not read.
/// A field of ones is "not available"; the caller fills the table with ones first, so that what an older library does not write is too.
/// </summary>
internal readonly struct AmdGpuMetrics(byte[] table)
{
    /// <summary>More than any version writes (26.1: about 6 KiB).</summary>
    public const int TableBytes = 32 << 10;

    /// <summary>Where the fields lie, in bytes from the start.</summary>
    public static class Offsets
    {
        public const int TemperatureEdge = 4;
        public const int TemperatureHotspot = 6;
        public const int TemperatureMemory = 8;
        public const int AverageGfxActivity = 16;
        public const int AverageUmcActivity = 18;
        public const int AverageSocketPower = 22;
        public const int CurrentGfxClock = 54;
        public const int CurrentMemoryClock = 58;
        public const int PcieLinkWidth = 74;
        public const int PcieLinkSpeed = 76;
        public const int TemperatureHbm = 88;
        public const int IndependentThrottleStatus = 112;
        public const int CurrentSocketPower = 120;
        public const int PcieReplayCount = 168;
        public const int CurrentGfxClocks = 312;
        public const int ProchotResidency = 432;
        public const int PowerResidency = 440;
        public const int SocketThermalResidency = 448;
        public const int RegulatorThermalResidency = 456;
        public const int MemoryThermalResidency = 464;
    }

    private const int HbmStacks = 4;
    private const int GfxClocks = 8;

    /// <summary>A table of ones: nothing is available.</summary>
    public static AmdGpuMetrics Empty { get; } = Create();

    /// <summary>The bytes, for a library to write to.</summary>
    public Span<byte> Table => table;

    /// <summary>Power now, in watts (from MI300 on).</summary>
    public double? PowerInstantWatts => Small(Offsets.CurrentSocketPower);

    /// <summary>Power averaged by the firmware, in watts (before MI300).</summary>
    public double? PowerAverageWatts => Small(Offsets.AverageSocketPower);

    /// <summary>The core clock, in Hz; the mean of the dies where they have clocks of their own.</summary>
    public double? CoreClockHz => (Mean(Offsets.CurrentGfxClocks, GfxClocks) ?? Small(Offsets.CurrentGfxClock)) * 1e6;

    /// <summary>The memory clock, in Hz.</summary>
    public double? MemoryClockHz => Small(Offsets.CurrentMemoryClock) * 1e6;

    /// <summary>The hottest spot, or the edge where there is no such sensor, in °C.</summary>
    public double? TemperatureCelsius => Small(Offsets.TemperatureHotspot) ?? Small(Offsets.TemperatureEdge);

    /// <summary>The memory, or the hottest of its stacks, in °C.</summary>
    public double? MemoryTemperatureCelsius
    {
        get
        {
            if (Small(Offsets.TemperatureMemory) is { } memory and > 0)
            {
                return memory;
            }

            double? hottest = null;
            for (int i = 0; i < HbmStacks; i++)
            {
                hottest = Larger(hottest, Small(Offsets.TemperatureHbm + (2 * i)));
            }

            return hottest;
        }
    }

    /// <summary>The share of time in which the cores worked, a fraction.</summary>
    public double? CoreUtilization => Percent(Offsets.AverageGfxActivity);

    /// <summary>The share of time in which the memory controllers worked, a fraction.</summary>
    public double? MemoryUtilization => Percent(Offsets.AverageUmcActivity);

    /// <summary>PCI Express lanes now.</summary>
    public int? PcieWidth => (int?)Small(Offsets.PcieLinkWidth);

    /// <summary>The PCI Express generation now: the table has it as 1 to 6, or as its speed in tenths of GT/s.</summary>
    public int? PcieGeneration =>
        Small(Offsets.PcieLinkSpeed) switch
        {
            null or 0 => null,
            <= 6 and { } generation => (int)generation,
            { } speed => PcieSpeed.Generation(speed / 10),
        };

    /// <summary>Packets sent again.</summary>
    public long? PcieReplays => Large(Offsets.PcieReplayCount);

    /// <summary>Which limits hold the clocks down now, in bits that are the same for all cards; null where not told.</summary>
    public ulong? ThrottleBits
    {
        get
        {
            ulong bits = BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(Offsets.IndependentThrottleStatus));
            return bits == ulong.MaxValue ? null : bits;
        }
    }

    /// <summary>A counter that rises while a limit holds the clocks down; null where the card does not count it.</summary>
    public long? Residency(int offset) => Large(offset);

    /// <summary>A new table of ones.</summary>
    public static AmdGpuMetrics Create()
    {
        byte[] table = new byte[TableBytes];
        table.AsSpan().Fill(0xFF);
        return new AmdGpuMetrics(table);
    }

    private double? Small(int offset)
    {
        ushort value = BinaryPrimitives.ReadUInt16LittleEndian(table.AsSpan(offset));
        return value == ushort.MaxValue ? null : value;
    }

    private long? Large(int offset)
    {
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(offset));
        return value > long.MaxValue ? null : (long)value;
    }

    // Some cards give hundredths of a percent.
    private double? Percent(int offset) =>
        Small(offset) switch
        {
            null => null,
            <= 100 and { } percent => percent / 100,
            <= 10_000 and { } hundredths => hundredths / 10_000,
            _ => null,
        };

    // A clock of zero is a die that sleeps or is not there: it says nothing of those that work.
    private double? Mean(int offset, int count)
    {
        (double sum, int found) = (0, 0);
        for (int i = 0; i < count; i++)
        {
            if (Small(offset + (2 * i)) is { } value and > 0)
            {
                sum += value;
                found++;
            }
        }

        return found == 0 ? null : sum / found;
    }

    private static double? Larger(double? one, double? other) =>
        one is null || other is null ? one ?? other : Math.Max(one.Value, other.Value);
}
