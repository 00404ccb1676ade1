namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>
/// AMD's limits as <see cref="ThrottleReasons"/>. Cards before MI300 tell them as bits, the same for all cards (Linux,
/// drivers/gpu/drm/amd/pm/swsmu/inc/amdgpu_smu.h, <c>SMU_THROTTLER_…</c>); MI300 and newer count for each limit how long it held.
/// </summary>
internal sealed class AmdThrottle
{
    // PPT0 to SPPT_APU (0–7) are power limits; TDC, EDC and APCC (16–23) limits of current; PPM and FIT (56, 57) limits of the supply and
    // of wear. The firmware enforces them in small steps, as it does the power limit.
    private const ulong PowerBits = 0xFFUL | (0xFFUL << 16) | (0x3UL << 56);

    // TEMP_GPU to TEMP_LIQUID1 (32–43).
    private const ulong TemperatureBits = 0xFFFUL << 32;

    // VRHOT0 to PROCHOT_GFX (44–47): wires that slow the chip down without the firmware.
    private const ulong WireBits = 0xFUL << 44;

    private static readonly (int Offset, ThrottleReasons Reason)[] Residencies =
    [
        (AmdGpuMetrics.Offsets.ProchotResidency, ThrottleReasons.HardwareThermal),
        (AmdGpuMetrics.Offsets.PowerResidency, ThrottleReasons.SoftwarePowerCap),
        (AmdGpuMetrics.Offsets.SocketThermalResidency, ThrottleReasons.SoftwareThermal),
        (AmdGpuMetrics.Offsets.RegulatorThermalResidency, ThrottleReasons.SoftwareThermal),
        (AmdGpuMetrics.Offsets.MemoryThermalResidency, ThrottleReasons.SoftwareThermal),
    ];

    private readonly long?[] _last = new long?[Residencies.Length];

    /// <summary>
    /// What held the clocks down: now, by the bits, or since the last call, by the counters; null where the card tells neither, and
    /// at the first call of one with counters.
    /// </summary>
    public ThrottleReasons? Read(AmdGpuMetrics metrics)
    {
        ThrottleReasons? reasons = metrics.ThrottleBits is { } bits ? FromBits(bits) : null;
        for (int i = 0; i < Residencies.Length; i++)
        {
            (int offset, ThrottleReasons reason) = Residencies[i];
            long? now = metrics.Residency(offset);
            if (now is not null && _last[i] is { } last)
            {
                reasons = (reasons ?? ThrottleReasons.None) | (now > last ? reason : ThrottleReasons.None);
            }

            _last[i] = now;
        }

        return reasons;
    }

    /// <summary>The reasons of the bits that are the same for all cards; a bit that is not known is a slowdown without a cause.</summary>
    public static ThrottleReasons FromBits(ulong bits) =>
        ((bits & PowerBits) != 0 ? ThrottleReasons.SoftwarePowerCap : ThrottleReasons.None)
        | ((bits & TemperatureBits) != 0 ? ThrottleReasons.SoftwareThermal : ThrottleReasons.None)
        | ((bits & WireBits) != 0 ? ThrottleReasons.HardwareThermal : ThrottleReasons.None)
        | (
            (bits & ~(PowerBits | TemperatureBits | WireBits)) != 0
                ? ThrottleReasons.HardwareSlowdown
                : ThrottleReasons.None
        );
}
