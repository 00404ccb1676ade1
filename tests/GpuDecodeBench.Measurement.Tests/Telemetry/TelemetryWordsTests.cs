using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Tests.Telemetry;

public class TelemetryWordsTests
{
    [Fact]
    public void ASampleIsPowerClockTemperatureAndWhatSlowsTheDevice() =>
        Assert.Equal(
            "612 W, 1755 MHz, 61 °C, slowed by softwarePowerCap and hardwareThermal",
            TelemetryWords.Of(
                new TelemetrySample { Seconds = 0 },
                new TelemetrySample
                {
                    Seconds = 1,
                    PowerInstantWatts = 612.3,
                    CoreClockHz = 1.755e9,
                    TemperatureCelsius = 61,
                    ThrottleReasons =
                        ThrottleReasons.SoftwarePowerCap | ThrottleReasons.HardwareThermal | ThrottleReasons.Idle,
                }
            )
        );

    [Fact]
    public void ASourceThatOnlyCountsEnergyTellsThePowerBetweenTwoSamples() =>
        Assert.Equal(
            "120 W",
            TelemetryWords.Of(
                new TelemetrySample { Seconds = 10, EnergyJoules = 1000 },
                new TelemetrySample { Seconds = 12, EnergyJoules = 1240 }
            )
        );

    [Fact]
    public void WhatIsNotToldIsNotSaid()
    {
        Assert.Null(TelemetryWords.Of(new TelemetrySample { Seconds = 0 }, new TelemetrySample { Seconds = 1 }));
        Assert.Null(
            TelemetryWords.Of(
                new TelemetrySample { Seconds = 1, EnergyJoules = 5 },
                new TelemetrySample
                {
                    Seconds = 1,
                    EnergyJoules = 5,
                    ThrottleReasons = ThrottleReasons.ApplicationClocks,
                }
            )
        );
    }
}
