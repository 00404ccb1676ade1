namespace GpuDecodeBench.Measurement.Telemetry.Validity;

/// <summary>The codes that telemetry gives points and figures; docs/method.md says what each means and what it does to a point.</summary>
public static class TelemetryCodes
{
    /// <summary>The device lowered its clocks.</summary>
    public const string Throttled = "throttled";

    /// <summary>The cores' clock was below 75 % of the default, or of the maximum where no default is known.</summary>
    public const string ClockLow = "clockLow";

    /// <summary>The power limit in force is below the device's default.</summary>
    public const string PowerLimitLowered = "powerLimitLowered";

    /// <summary>Another process is on the device.</summary>
    public const string OtherProcess = "otherProcess";

    /// <summary>The temperature still rose while energy was measured.</summary>
    public const string TemperatureRising = "temperatureRising";

    /// <summary>Too few power readings for a mean.</summary>
    public const string TooFewPowerSamples = "tooFewPowerSamples";

    /// <summary>The sensor told the same value whatever the load.</summary>
    public const string SensorStuck = "sensorStuck";

    /// <summary>The sensor told nothing for more than three seconds.</summary>
    public const string SensorSilent = "sensorSilent";

    /// <summary>The host's calendar clock and its steady clock ran apart.</summary>
    public const string ClockJumped = "clockJumped";

    /// <summary>Counter and integrated power differ by more than a twentieth.</summary>
    public const string EnergyMethodsDisagree = "energyMethodsDisagree";

    /// <summary>Why a figure is missing: the time allowed was too short for it.</summary>
    public const string WindowTooShort = "windowTooShort";

    /// <summary>Why a figure is missing: no telemetry source.</summary>
    public const string NoTelemetry = "noTelemetry";

    /// <summary>Why a figure is missing: the source has no power sensor.</summary>
    public const string NoPower = "noPowerSensor";

    /// <summary>Why a figure is missing: the source has no energy counter.</summary>
    public const string NoCounter = "noEnergyCounter";

    /// <summary>Why a figure is missing: the energy counter went backwards.</summary>
    public const string CounterWentBack = "counterWentBack";

    /// <summary>Why a figure is missing: the load took no more than the idle device.</summary>
    public const string BelowIdle = "belowIdle";

    /// <summary>Why a figure is missing: it was not measured.</summary>
    public const string NotMeasured = "notMeasured";
}
