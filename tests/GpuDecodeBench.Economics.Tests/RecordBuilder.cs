using GpuDecodeBench.Records;

namespace GpuDecodeBench.Tests;

/// <summary>Small records with round numbers, made so that every derived figure can be worked by hand.</summary>
internal static class RecordBuilder
{
    public const double ReadCeiling = 4e12;

    /// <summary>An H200 without a given price, and these points.</summary>
    public static RunRecord Gpu(params PointRecord[] points) =>
        new()
        {
            SchemaVersion = "1",
            Tool = new ToolInfo { Name = "gpu-decode-bench", Version = "0.1.0" },
            StartedUtc = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero),
            Command = "gpu-decode-bench run",
            Environment = Environment(null),
            Device = new DeviceInfo
            {
                Id = "cuda:0",
                Name = "NVIDIA H200",
                Backend = "cuda",
                MemoryBytes = 150_000_000_000,
                Specification = HardwareCatalogue.Find("h200").ToSpecification(),
            },
            Ceilings = Ceilings(Figure.Measured(ReadCeiling)),
            Model = Model("llama-3.1-8b"),
            Seed = 1,
            Preset = "standard",
            Points = points,
            Notes = [],
        };

    /// <summary>A CPU that the catalogue does not know, eight threads used.</summary>
    public static RunRecord Cpu(params PointRecord[] points) =>
        Gpu(points) with
        {
            Environment = Environment(8),
            Device = new DeviceInfo
            {
                Id = "cpu",
                Name = "Some CPU",
                Backend = "cpu",
                MemoryBytes = 64L << 30,
            },
            Ceilings = Ceilings(Figure.Measured(100e9)),
        };

    public static ModelInfo Model(string name) =>
        new()
        {
            Name = name,
            Architecture = "llama",
            Source = "https://example.org/config.json",
            Layers = 32,
            HiddenSize = 4096,
            VocabularySize = 128256,
            Parameters = 8_030_261_248,
            MaxContextTokens = 131072,
        };

    /// <summary>
    /// A valid point of 32 layers: step time as given, two timed operations that take 60 % and 30 % of it, and one that reads
    /// neither weights nor KV and takes 5 %.
    /// </summary>
    public static PointRecord Point(
        string weights = "bf16",
        string kv = "fp16",
        int batch = 1,
        int context = 8192,
        double seconds = 0.004,
        double bytes = 14e9
    )
    {
        double rate = bytes / seconds;
        return new()
        {
            Weights = weights,
            LmHead = "bf16",
            Kv = kv,
            Activations = "fp32",
            Batch = batch,
            Context = context,
            TensorParallel = 1,
            LayersMeasured = 32,
            LayersTotal = 32,
            StepSeconds = Statistics(seconds),
            SamplesSeconds = [seconds, seconds, seconds],
            RecordedTokensPerSecond = batch / seconds,
            RecordedTokensPerSecondPerUser = 1 / seconds,
            FullStepSeconds = seconds,
            FullStepCi95Low = seconds * 0.995,
            FullStepCi95High = seconds * 1.005,
            ReadBytes = (long)bytes,
            WriteBytes = 0,
            WeightReadBytes = (long)(bytes * 0.75),
            KvReadBytes = (long)(bytes * 0.25),
            Flops = 1_000_000_000,
            AchievedBytesPerSecond = rate,
            MbuOfSpec = rate / 4.8e12,
            MbuOfCeiling = rate / ReadCeiling,
            RooflineSeconds = bytes / ReadCeiling,
            Bound = "memory",
            Power = Figure.Unavailable("noTelemetry"),
            EnergyJoulesPerToken = Figure.Unavailable("noTelemetry"),
            ThrottleReasons = [],
            Operations =
            [
                Operation("gate_up_proj", "linear", 0.6 * seconds, (long)(bytes * 0.75), 0),
                Operation("attention", "attention", 0.3 * seconds, 0, (long)(bytes * 0.25)),
                Operation("rope", "rope", 0.05 * seconds, 0, 0),
            ],
            OperationsSecondsOverStep = 0.95,
            Memory = new MemoryRecord { PlannedBytes = 20, AllocatedBytes = 20 },
            Verification = new VerificationRecord
            {
                Passed = true,
                CheckedOperations = 9,
                Bound = 4e-3,
            },
            Interleaved = false,
            Valid = true,
            InvalidReasons = [],
            RecordedWarnings = [],
            Provenance = new Dictionary<string, ProvenanceNote>(),
        };
    }

    /// <summary>The same point with 8 of 32 layers measured.</summary>
    public static PointRecord Extrapolated(PointRecord point) =>
        point with
        {
            LayersMeasured = 8,
            StepSeconds = Statistics(point.FullStepSeconds / 4),
            RooflineSeconds = point.RooflineSeconds / 4,
            ReadBytes = point.ReadBytes / 4,
            WeightReadBytes = point.WeightReadBytes / 4,
            KvReadBytes = point.KvReadBytes / 4,
            Operations = [.. point.Operations.Select(Quarter)],
            Provenance = new Dictionary<string, ProvenanceNote>
            {
                ["tokensPerSecond"] = ProvenanceNote.Extrapolated("8 of 32 layers measured"),
            },
        };

    /// <summary>The same point with some slow steps: its mean lies above its median by a factor, and its rate is over the mean.</summary>
    /// <summary>A run that measured the device's power before it began.</summary>
    public static RunRecord WithIdlePower(RunRecord record, double watts) =>
        record with
        {
            Telemetry = new TelemetryRecord
            {
                Source = "nvml",
                Description = "a test",
                Quantities = [],
                IdleWatts = Figure.Measured(watts),
                FailedReads = 0,
                DroppedSamples = 0,
            },
        };

    public static PointRecord Uneven(PointRecord point, double meanOverMedian) =>
        point with
        {
            StepSeconds = point.StepSeconds with { Mean = point.StepSeconds.Median * meanOverMedian },
            RecordedTokensPerSecond = point.RecordedTokensPerSecond / meanOverMedian,
            RecordedTokensPerSecondPerUser = point.RecordedTokensPerSecondPerUser / meanOverMedian,
        };

    public static PointRecord Invalid(PointRecord point, params string[] reasons) =>
        point with
        {
            Valid = false,
            InvalidReasons = reasons,
        };

    private static OperationRecord Quarter(OperationRecord operation) =>
        operation with
        {
            Count = operation.Count / 4,
            Seconds = operation.Seconds / 4,
            ReadBytes = operation.ReadBytes / 4,
            WeightReadBytes = operation.WeightReadBytes / 4,
            KvReadBytes = operation.KvReadBytes / 4,
            RooflineSeconds = operation.RooflineSeconds / 4,
        };

    private static OperationRecord Operation(string name, string kind, double seconds, long weights, long kv) =>
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
            Flops = 1_000_000,
            RooflineSeconds = (weights + kv) / ReadCeiling,
            Bound = "memory",
        };

    private static StepStatistics Statistics(double seconds) =>
        new()
        {
            Median = seconds,
            Mean = seconds,
            P5 = seconds,
            P95 = seconds,
            P99 = seconds,
            StdDev = 0,
            Ci95Low = seconds * 0.995,
            Ci95High = seconds * 1.005,
            Count = 3,
            StopReason = "converged",
        };

    private static CeilingSet Ceilings(Figure read) =>
        new()
        {
            ReadBytesPerSecond = read,
            CopyBytesPerSecond = Figure.Unavailable("notMeasured"),
            WriteBytesPerSecond = Figure.Unavailable("notMeasured"),
            FlopsPerSecond = Figure.Unavailable("notMeasured"),
        };

    private static EnvironmentInfo Environment(int? threads) =>
        new()
        {
            OperatingSystem = "Debian GNU/Linux 13",
            Runtime = ".NET 10.0.12",
            Architecture = "X64",
            CpuModel = "Some CPU",
            CpuLogicalCores = 16,
            CpuUsableCores = 8,
            CpuThreadsUsed = threads,
            CpuFeatures = [],
            Caches = [],
        };
}
