using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>Which way leads to which quantity of a device, and why none leads to others.</summary>
internal sealed record NvmlSensorPlan
{
    /// <summary>The questions of the one call.</summary>
    public required IReadOnlyList<NvmlFieldValue> Fields { get; init; }

    /// <summary>The place of energy among <see cref="Fields"/>; null where it is read otherwise or not at all.</summary>
    public int? EnergyField { get; init; }

    /// <summary>Whether <c>nvmlDeviceGetTotalEnergyConsumption</c> is asked.</summary>
    public bool HasEnergyCall { get; init; }

    /// <summary>The place of instant power among <see cref="Fields"/>.</summary>
    public int? InstantField { get; init; }

    /// <summary>The place of averaged power among <see cref="Fields"/>.</summary>
    public int? AverageField { get; init; }

    /// <summary>Whether <c>nvmlDeviceGetPowerUsage</c> is asked for instant power.</summary>
    public bool IsUsageInstant { get; init; }

    /// <summary>Whether <c>nvmlDeviceGetPowerUsage</c> is asked for averaged power.</summary>
    public bool IsUsageAverage { get; init; }

    /// <summary>Whether power is that of the module, its CPU counted.</summary>
    public bool IsModulePower { get; init; }

    /// <summary>The place of the memory's temperature among <see cref="Fields"/>.</summary>
    public int? MemoryTemperatureField { get; init; }

    /// <summary>Whether the clock of the cores is read.</summary>
    public bool HasCoreClock { get; init; }

    /// <summary>Whether the memory clock is read.</summary>
    public bool HasMemoryClock { get; init; }

    /// <summary>Whether the temperature is read.</summary>
    public bool HasTemperature { get; init; }

    /// <summary>Whether the reasons for lower clocks are read.</summary>
    public bool HasClockReasons { get; init; }

    /// <summary>Whether shares of time with work are read.</summary>
    public bool HasUtilization { get; init; }

    /// <summary>Every quantity, with how it is read or why it is not.</summary>
    public required IReadOnlyList<TelemetryCapability> Capabilities { get; init; }

    /// <summary>How often the sensors have something new, in seconds.</summary>
    public required double UpdatePeriodSeconds { get; init; }
}
