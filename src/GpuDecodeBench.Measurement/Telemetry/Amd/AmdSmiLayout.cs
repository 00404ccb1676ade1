namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>
/// Where the fields of amd_smi/amdsmi.h's structures lie, in bytes, for the two headers that this was written to: 24.7 (ROCm 6.3, the
/// same back to 24.5) and 26.1 (ROCm 7). What differs between the two is unknown for the versions between and beyond.
/// <c>.ci/check-headers</c> compares it with Debian's headers.
/// </summary>
internal sealed record AmdSmiLayout
{
    // amdsmi_pcie_info_t: the same from 24.5 to 26.1.
    public const int PcieMaximumWidth = 0;
    public const int PcieMaximumSpeed = 4;

    // amdsmi_power_cap_info_t: the same since 23.4.
    public const int CapCurrent = 0;
    public const int CapDefault = 8;
    public const int CapMinimum = 24;
    public const int CapMaximum = 32;

    // amdsmi_clk_info_t: the same since 23.4.
    public const int ClockMaximum = 8;

    // amdsmi_error_count_t: the same since 23.2.
    public const int ErrorsCorrectable = 0;
    public const int ErrorsUncorrectable = 8;

    // amdsmi_retired_page_record_t: the same since 23.2.
    public const int PageBytes = 24;
    public const int PageStatus = 16;

    // amdsmi_link_metrics_t: the stride differs.
    public const int Links = 8;
    public const int LinkMaximumGigabits = 12;
    public const int LinkType = 16;

    /// <summary>Bytes of one <c>amdsmi_proc_info_t</c>.</summary>
    public required int ProcessBytes { get; init; }

    /// <summary>Its <c>pid</c>.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Its <c>memory_usage.vram_mem</c>.</summary>
    public required int ProcessMemory { get; init; }

    /// <summary><c>vram_bit_width</c> of <c>amdsmi_vram_info_t</c>.</summary>
    public required int MemoryWidth { get; init; }

    /// <summary>Bytes from one link to the next.</summary>
    public required int LinkBytes { get; init; }

    /// <summary><c>AMDSMI_LINK_TYPE_XGMI</c>, which changed places with PCI Express after 24.7.</summary>
    public required uint XgmiLink { get; init; }

    private static readonly AmdSmiLayout Version24 = new()
    {
        ProcessBytes = 224,
        ProcessId = 32,
        ProcessMemory = 128,
        MemoryWidth = 16,
        LinkBytes = 56,
        XgmiLink = 1,
    };

    private static readonly AmdSmiLayout Version26 = new()
    {
        ProcessBytes = 704,
        ProcessId = 256,
        ProcessMemory = 352,
        MemoryWidth = 272,
        LinkBytes = 48,
        XgmiLink = 2,
    };

    /// <summary>The layout of a version by its first number, the year; null where it is not known.</summary>
    public static AmdSmiLayout? Of(uint year) =>
        year switch
        {
            24 => Version24,
            26 => Version26,
            _ => null,
        };
}
