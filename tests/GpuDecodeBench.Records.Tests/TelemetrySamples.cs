namespace GpuDecodeBench.Records.Tests;

/// <summary>Telemetry in which every optional field is set, so that a walk over it meets all of them.</summary>
internal static class TelemetrySamples
{
    public static TelemetryRecord Run() =>
        new()
        {
            Source = "nvml",
            Description = "NVML 12.580.1, GPU scope",
            Quantities =
            [
                new TelemetryQuantityRecord
                {
                    Quantity = "memoryTemperature",
                    Method = "nvml.fieldValues.82",
                    Reason = "nvml.notSupported",
                    Detail = "this card has no such sensor",
                },
            ],
            IdleWatts = Figure.Measured(75.5, "idle"),
            Sensor = new SensorRecord
            {
                UpdateSeconds = Figure.Measured(0.1),
                InstantWindowSeconds = Figure.Measured(0.025),
                AverageWindowSeconds = Figure.Assumed(1, "arXiv 2312.02741"),
                LagSeconds = Figure.Measured(0),
                DutyCycleCounterOverIntegrated = Figure.Derived(1.01),
            },
            State = new DeviceStateRecord
            {
                Uuid = "GPU-1",
                DriverVersion = "580.1",
                RuntimeVersion = "13.0",
                DefaultPowerLimitWatts = 700,
                EnforcedPowerLimitWatts = 650,
                MinimumPowerLimitWatts = 200,
                MaximumPowerLimitWatts = 700,
                DefaultCoreClockHz = 1.98e9,
                ApplicationCoreClockHz = 1.98e9,
                MaximumCoreClockHz = 1.98e9,
                MaximumMemoryClockHz = 3.2e9,
                SlowdownCelsius = 87,
                EccEnabled = true,
                UncorrectedErrors = 1,
                Partitioned = false,
                Persistence = true,
                ComputeMode = "default",
                Processes = 1,
                Unavailable =
                [
                    new MissingReading
                    {
                        Field = "uuid",
                        Reason = "nvml.noPermission",
                        Detail = "run it as root",
                    },
                ],
            },
            CostShare = 0.002,
            FailedReads = 1,
            DroppedSamples = 2,
            TraceFile = "telemetry.csv",
        };

    public static PointTelemetry Point() =>
        new()
        {
            Source = "nvml",
            JoulesPerStep = Figure.Measured(2.05, "energy counter"),
            CounterJoulesPerStep = Figure.Measured(2.05),
            IntegratedJoulesPerStep = Figure.Measured(2.03),
            CounterOverIntegrated = Figure.Derived(1.0099),
            IdleSubtractedJoulesPerStep = Figure.Derived(1.7),
            IdleSubtractedJoulesPerToken = Figure.Extrapolated(1.7),
            TokensPerJoule = Figure.Extrapolated(0.49),
            PeakWatts = Figure.Measured(540),
            FractionOfPowerLimit = Figure.Derived(0.73),
            PicojoulesPerBit = Figure.Derived(15.5),
            IdleSubtractedPicojoulesPerBit = Figure.Derived(13),
            ReferencePicojoulesPerBit = Figure.Assumed(3.9, "HBM3e"),
            TrialSpread = Figure.Unavailable("oneTrial"),
            MedianCoreClockHz = Figure.Measured(1.9e9),
            MedianMemoryClockHz = Figure.Measured(3.2e9),
            HighestTemperatureCelsius = Figure.Measured(61),
            Trials =
            [
                new EnergyTrial
                {
                    Seconds = 5.01,
                    Steps = 1200,
                    Segments = 1,
                    CounterWatts = 510,
                    CounterReason = "noEnergyCounter",
                    CounterUpdates = 50,
                    IntegratedWatts = 505,
                    IntegratedReason = "tooFewPowerSamples",
                    PowerReadings = 50,
                },
            ],
            Timeline =
            [
                new TimelineEntry
                {
                    Seconds = 0.5,
                    Watts = 500,
                    PeakWatts = 520,
                    CoreClockHz = 1.9e9,
                    MemoryClockHz = 3.2e9,
                    TemperatureCelsius = 60,
                    ThrottleReasons = ["softwarePowerCap"],
                },
            ],
        };
}
