namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>
/// Why a device's clocks are lower than they could be, the same for all makers. The bits are those of NVML's clock-event reasons
/// (<c>nvmlClocksEventReason…</c>), which are the richest; other sources map theirs onto them.
/// </summary>
[Flags]
public enum ThrottleReasons
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Nothing to do.</summary>
    Idle = 0x1,

    /// <summary>Application clocks were set.</summary>
    ApplicationClocks = 0x2,

    /// <summary>The power limit, enforced by software.</summary>
    SoftwarePowerCap = 0x4,

    /// <summary>The hardware slows down: temperature, power brake or current, by a factor of two or more.</summary>
    HardwareSlowdown = 0x8,

    /// <summary>Another GPU of a synchronised group is slower.</summary>
    SyncBoost = 0x10,

    /// <summary>Temperature, enforced by software.</summary>
    SoftwareThermal = 0x20,

    /// <summary>Temperature, enforced by hardware.</summary>
    HardwareThermal = 0x40,

    /// <summary>The power supply asked for less, by a signal.</summary>
    PowerBrake = 0x80,

    /// <summary>The clocks that a display needs.</summary>
    DisplayClocks = 0x100,
}
