using GpuDecodeBench.Records;

namespace GpuDecodeBench.Tests;

/// <summary>Runs made up for reports: figures are round, and none of them was measured.</summary>
internal static class ReportRuns
{
    public const string Hostile = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>\"'&";

    private const int Samples = 40;

    private static readonly string[] s_formats = ["bf16", "fp8", "int8", "int4", "mxfp4"];

    /// <summary>
    /// Five formats, three batches and two contexts on a GPU with a datasheet, power and energy; and a point of a sixth format with a time
    /// line, along which the device lowered its clocks.
    /// </summary>
    public static RunRecord Gpu()
    {
        RunRecord record = RecordBuilder.Gpu([
            .. from weights in s_formats
            from batch in (int[])[1, 8, 32]
            from context in (int[])[2048, 16384]
            select WithEnergy(Measured(weights, batch, context)),
            WithTimeline(WithEnergy(Measured("nvfp4", 8, 2048))),
        ]);
        return record with { Ceilings = record.Ceilings with { FlopsPerSecond = Figure.Measured(400e12) } };
    }

    /// <summary>A run whose names and notes try to be markup and script.</summary>
    public static RunRecord Nasty()
    {
        RunRecord record = RecordBuilder.Gpu(
            RecordBuilder.Point("fp8", seconds: 0.0025, bytes: 8e9),
            RecordBuilder.Point() with
            {
                MbuOfCeiling = null,
                MbuOfSpec = null,
                RooflineSeconds = null,
                FullStepCi95Low = null,
                FullStepCi95High = null,
                RecordedWarnings = [Hostile],
            }
        );
        return record with
        {
            Model = record.Model with { Name = Hostile },
            Device = record.Device with { Name = Hostile, Detail = Hostile },
            Command = Hostile,
            Notes = [Hostile],
        };
    }

    /// <summary>Two hundred points, each with samples and a time line: five formats, ten batches, four contexts.</summary>
    public static RunRecord Large() =>
        RecordBuilder.Gpu([
            .. from weights in s_formats
            from batch in Enumerable.Range(0, 10).Select(power => 1 << power)
            from context in (int[])[1024, 4096, 16384, 65536]
            let point = WithSamples(Measured(weights, batch, context))
            select point with
            {
                Telemetry = WithTimeline(point).Telemetry,
            },
        ]);

    /// <summary>
    /// A step that reads 16 GB of BF16 weights, or their share in another format, and 130 kB of cache a token, at 3.6 TB/s, behind
    /// 0.2 ms of launches.
    /// </summary>
    private static PointRecord Measured(string weights, int batch, int context)
    {
        double share = weights switch
        {
            "bf16" => 1,
            "fp8" or "int8" => 0.5,
            _ => 0.28,
        };
        double weightBytes = 16e9 * share;
        double kvBytes = 130e3 * batch * context;
        double bytes = weightBytes + kvBytes;
        double seconds = (bytes / 3.6e12) + 0.0002;
        PointRecord point = RecordBuilder.Point(weights, "bf16", batch, context, seconds, bytes);
        return point with
        {
            WeightReadBytes = (long)weightBytes,
            KvReadBytes = (long)kvBytes,
            Flops = 16_000_000_000L * batch,
            Operations =
            [
                Operation(
                    "gate_up_proj",
                    "linear",
                    0.6 * seconds,
                    (long)(0.7 * weightBytes),
                    0,
                    11_000_000_000L * batch
                ),
                Operation("o_proj", "linear", 0.1 * seconds, (long)(0.1 * weightBytes), 0, 2_000_000_000L * batch),
                Operation("attention", "attention", 0.25 * seconds, 0, (long)kvBytes, 40_000L * batch * context),
                Operation("rope", "rope", 0.02 * seconds, 0, 0, 1_000_000),
            ],
            SamplesSeconds =
            [
                .. Enumerable.Range(0, Samples).Select(i => seconds * (1 + (((i * 7 % Samples) - 20) / 4000.0))),
            ],
            StepSeconds = point.StepSeconds with
            {
                Count = Samples,
                P5 = seconds * 0.9955,
                P95 = seconds * 1.0045,
                P99 = seconds * 1.005,
            },
        };
    }

    private static OperationRecord Operation(
        string name,
        string kind,
        double seconds,
        long weights,
        long kv,
        long flops
    ) =>
        new()
        {
            Name = name,
            Kind = kind,
            Count = 32,
            Seconds = seconds,
            ReadBytes = weights + kv + 1_000_000,
            WriteBytes = 1_000_000,
            WeightReadBytes = weights,
            KvReadBytes = kv,
            Flops = flops,
            RooflineSeconds = (weights + kv) / RecordBuilder.ReadCeiling,
            Bound = "memory",
        };

    /// <summary>Samples with the digits that measured ones have.</summary>
    private static PointRecord WithSamples(PointRecord point) =>
        point with
        {
            SamplesSeconds = [.. point.SamplesSeconds.Select((sample, i) => sample * (1 + (i * 1.2345e-7)))],
        };

    private static PointRecord WithEnergy(PointRecord point) =>
        point with
        {
            Power = Figure.Measured(520, "energy counter"),
            EnergyJoulesPerToken = Figure.Derived(520 * point.FullStepSeconds / point.Batch),
        };

    /// <summary>Twenty seconds: power rises to the limit at 12 s, and clocks fall while it stays there, until 16 s.</summary>
    private static PointRecord WithTimeline(PointRecord point)
    {
        Figure none = Figure.Unavailable("notMeasured");
        return point with
        {
            ThrottleReasons = ["softwarePowerCap"],
            Telemetry = new PointTelemetry
            {
                Source = "nvml",
                JoulesPerStep = none,
                CounterJoulesPerStep = none,
                IntegratedJoulesPerStep = none,
                CounterOverIntegrated = none,
                IdleSubtractedJoulesPerStep = none,
                IdleSubtractedJoulesPerToken = none,
                TokensPerJoule = none,
                PeakWatts = Figure.Measured(690),
                FractionOfPowerLimit = Figure.Derived(0.74),
                PicojoulesPerBit = none,
                IdleSubtractedPicojoulesPerBit = none,
                ReferencePicojoulesPerBit = Figure.Assumed(3.9, "HBM3e"),
                TrialSpread = none,
                MedianCoreClockHz = Figure.Measured(1.9e9),
                MedianMemoryClockHz = Figure.Measured(3.2e9),
                HighestTemperatureCelsius = Figure.Measured(71),
                Trials = [],
                Timeline =
                [
                    .. Enumerable
                        .Range(0, 80)
                        .Select(i => i / 4.0)
                        .Select(seconds => new TimelineEntry
                        {
                            Seconds = seconds,
                            Watts = seconds is >= 12 and <= 16 ? 690 : 430 + (20 * seconds),
                            CoreClockHz = seconds is >= 12 and <= 16 ? 1.5e9 : 1.98e9,
                            TemperatureCelsius = 45 + (26 * (1 - Math.Exp(-seconds / 6))),
                            ThrottleReasons = seconds is >= 12 and <= 16 ? ["softwarePowerCap"] : [],
                        }),
                ],
            },
        };
    }
}
