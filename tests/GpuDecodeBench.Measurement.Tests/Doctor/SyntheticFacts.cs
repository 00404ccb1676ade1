using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Tests.Doctor;

/// <summary>What a doctor finds on devices of which all is known.</summary>
internal static class SyntheticFacts
{
    public const long GiB = 1L << 30;

    /// <summary>A healthy H200: figures of the datasheet and of one that was seen.</summary>
    public static DoctorFacts HealthyH200 { get; } =
        new()
        {
            Device = new DeviceFacts
            {
                Name = "NVIDIA H200",
                Uuid = "GPU-1",
                MemoryBytes = 143771L << 20,
                FreeBytes = (143771L << 20) - (GiB / 2),
                MultiprocessorCount = 132,
                MemoryBusBits = 6144,
                CoreClockHz = 1980e6,
                MemoryClockHz = 3201e6,
                LastLevelCacheBytes = 60L << 20,
                ComputeCapability = 90,
                HasEcc = true,
                IsMigInstance = false,
                CudaVersion = 13000,
                IsHost = false,
                IsEmulated = false,
            },
            Catalogue = HardwareCatalogue.Find("h200"),
            State = HealthyState,
            StateUnderLoad = HealthyState,
            Memory = Tested(140 * GiB),
            Ceilings = new DeviceCeilings { ReadBytesPerSecond = 4.4e12, FlopsPerSecond = 700e12 },
            Sweep = SweepWithKneeAt(40L << 20, 7e12, 4.4e12),
            Copies = CopiesOf(54e9),
            ShortKernelSeconds = [.. Enumerable.Repeat(100e-6, 1000)],
            Load =
            [
                new LoadObservation(LoadKind.Memory, Steady(4.4e12), Samples(_ => HealthySample)),
                new LoadObservation(LoadKind.Compute, Steady(60e12), Samples(_ => HealthySample)),
            ],
            Clock = new ClockObservation(60, 1e-4),
            ProcessId = 4242,
        };

    public static DeviceState HealthyState =>
        new()
        {
            Name = Reading.Of("NVIDIA H200"),
            DriverVersion = Reading.Of("580.159"),
            PowerLimits = new PowerLimitState { DefaultWatts = Reading.Of(700.0), EnforcedWatts = Reading.Of(700.0) },
            Clocks = new ClockState
            {
                CoreMaximumHz = Reading.Of(1980e6),
                CoreApplicationHz = Reading.Of(1980e6),
                CoreDefaultHz = Reading.Of(1980e6),
            },
            Thermal = new ThermalState { SlowdownCelsius = Reading.Of(87.0), MemoryMaximumCelsius = Reading.Of(95.0) },
            MemoryErrors = new MemoryErrorState
            {
                IsEccEnabled = Reading.Of(true),
                CorrectedSinceLoad = Reading.Of(0L),
                UncorrectedSinceLoad = Reading.Of(0L),
                UncorrectedInAll = Reading.Of(0L),
                RemappedCorrectable = Reading.Of(0L),
                RemappedUncorrectable = Reading.Of(0L),
                IsRemappingPending = Reading.Of(false),
                HasRemappingFailed = Reading.Of(false),
            },
            Pcie = new PcieState
            {
                Generation = Reading.Of(5),
                MaximumGeneration = Reading.Of(5),
                Width = Reading.Of(16),
                MaximumWidth = Reading.Of(16),
                Replays = Reading.Of(0L),
            },
            Links = Reading.Of<IReadOnlyList<LinkState>>([
                .. Enumerable.Range(0, 18).Select(i => new LinkState(i, Reading.Of(true), Reading.Of(26.562e9))),
            ]),
            IsPartitioned = Reading.Of(false),
            Persistence = Reading.Of(true),
            ComputeMode = Reading.Of("default"),
            Processes = Reading.Of<IReadOnlyList<ProcessState>>([new ProcessState(4242, Reading.Of(GiB / 2))]),
        };

    public static TelemetrySample HealthySample =>
        new()
        {
            Seconds = 0,
            CoreClockHz = 1980e6,
            TemperatureCelsius = 62,
            MemoryTemperatureCelsius = 70,
            ThrottleReasons = ThrottleReasons.None,
        };

    /// <summary>A container on four of sixteen processors, with nothing wrong.</summary>
    public static DoctorFacts HealthyCpu { get; } =
        new()
        {
            Device = new DeviceFacts
            {
                Name = "AMD EPYC",
                MemoryBytes = 64 * GiB,
                FreeBytes = 60 * GiB,
                MultiprocessorCount = 4,
                LastLevelCacheBytes = 32L << 20,
                IsHost = true,
                IsEmulated = false,
            },
            NoTelemetryReason = "noTelemetry",
            Memory = Tested(8 * GiB) with { FreeBytes = 60 * GiB },
            Ceilings = new DeviceCeilings { ReadBytesPerSecond = 45e9, FlopsPerSecond = 400e9 },
            Sweep = SweepWithKneeAt(32L << 20, 200e9, 45e9),
            Copies = [],
            ShortKernelSeconds = [.. Enumerable.Repeat(100e-6, 1000)],
            Load =
            [
                new LoadObservation(LoadKind.Memory, Steady(45e9), []),
                new LoadObservation(LoadKind.Compute, Steady(400e9), []),
            ],
            Host = new HostObservation
            {
                Before = Counters(0, 0, 0, 0),
                After = Counters(10, 40, 0, 40),
                LogicalProcessors = 16,
                UsableProcessors = 4,
                HugePages = "madvise",
            },
            Clock = new ClockObservation(25, 0),
        };

    public static HostCounters Counters(double seconds, double busy, double stolen, double own) =>
        new()
        {
            Seconds = seconds,
            BusySeconds = busy,
            StolenSeconds = stolen,
            OwnSeconds = own,
        };

    public static MemoryTestResult Tested(long bytes) =>
        new()
        {
            FreeBytes = (long)(bytes / 0.97),
            WantedBytes = bytes,
            AllocatedBytes = bytes,
            TestedBytes = bytes,
            Passes = 2,
            Seconds = 1,
        };

    public static IReadOnlyList<WorkingSetRate> SweepWithKneeAt(long knee, double cached, double memory) =>
        [
            .. Enumerable
                .Range(0, 21)
                .Select(step => (long)((1L << 20) * Math.Pow(2, step / 2.0)))
                .Select(bytes => new WorkingSetRate(bytes, bytes <= knee ? cached : memory)),
        ];

    public static IReadOnlyList<HostCopyRate> CopiesOf(double pageLocked) =>
        [
            new HostCopyRate(CopyDirection.HostToDevice, true, 256 << 20, pageLocked),
            new HostCopyRate(CopyDirection.DeviceToHost, true, 256 << 20, pageLocked),
            new HostCopyRate(CopyDirection.HostToDevice, false, 64 << 20, 8e9),
            new HostCopyRate(CopyDirection.DeviceToHost, false, 64 << 20, 7e9),
        ];

    public static IReadOnlyList<LoadBatch> Steady(double rate) =>
        [.. Enumerable.Range(0, 100).Select(i => new LoadBatch(i / 10.0, rate))];

    public static IReadOnlyList<TelemetrySample> Samples(Func<int, TelemetrySample> at) =>
        [.. Enumerable.Range(0, 100).Select(at)];

    /// <summary>The load's phases with other samples.</summary>
    public static DoctorFacts WithSamples(this DoctorFacts facts, Func<int, TelemetrySample> at) =>
        facts with
        {
            Load = [.. facts.Load!.Select(phase => phase with { Samples = Samples(at) })],
        };
}
