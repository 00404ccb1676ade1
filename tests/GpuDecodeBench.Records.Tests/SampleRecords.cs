using System.Text;
using System.Text.Json.Nodes;

namespace GpuDecodeBench.Records.Tests;

/// <summary>A valid record in which every optional field is set, so that a walk over it meets all of them.</summary>
internal static class SampleRecords
{
    public static RunRecord Full() =>
        new()
        {
            SchemaVersion = RunRecordStore.SchemaVersion,
            Tool = new ToolInfo
            {
                Name = "gpu-decode-bench",
                Version = "0.1.0",
                Commit = "5a8fa31",
            },
            StartedUtc = new DateTimeOffset(2026, 1, 31, 12, 0, 0, 250, TimeSpan.Zero),
            Command = "gpu-decode-bench run --model \"llama-3.1-8b\" --weights fp8",
            Environment = Environment(),
            Device = Device(),
            Ceilings = new CeilingSet
            {
                ReadBytesPerSecond = Figure.Measured(4.4e12, "readSweep"),
                CopyBytesPerSecond = Figure.Measured(4.3e12),
                WriteBytesPerSecond = Figure.Derived(4.1e12),
                FlopsPerSecond = Figure.Unavailable("notMeasured", "no matrix kernel", "none"),
            },
            Model = new ModelInfo
            {
                Name = "llama-3.1-8b",
                Architecture = "llama",
                Source = "https://example.org/config.json",
                Layers = 32,
                HiddenSize = 4096,
                VocabularySize = 128256,
                Parameters = 8_030_261_248,
                PublishedParameters = 8_030_261_248,
                MaxContextTokens = 131072,
            },
            Seed = ulong.MaxValue,
            Preset = "standard",
            Price = new PriceInfo
            {
                UsdPerHour = Figure.Assumed(1.41, "price list of 2026-01-30"),
                Utilization = Figure.Assumed(0.5, "the user"),
            },
            Tuning = new TuningRecord
            {
                Seconds = 2.5,
                EndedByLimit = true,
                Shapes =
                [
                    new TunedShape
                    {
                        Operation = "linear",
                        Shape = "fp8 4096x14336, 1 matrix, 1 token",
                        Guess = "mma t8, 2 teams a tile",
                        Choice = "fma t1, 4 teams a tile",
                        GuessSeconds = 0.000021,
                        ChosenSeconds = 0.000019,
                        CandidatesTried = 8,
                        Reused = true,
                    },
                ],
            },
            Telemetry = TelemetrySamples.Run(),
            Points =
            [
                Point(),
                Point() with
                {
                    Batch = 8,
                    Valid = false,
                    InvalidReasons = ["throttled"],
                    Telemetry = null,
                },
            ],
            Notes = ["fp4 was left out: the device has none – ≤ sm_90."],
        };

    /// <summary>The bytes of <see cref="Full"/>.</summary>
    public static byte[] Bytes() => RunRecordStore.Serialize(Full(), "sample");

    /// <summary><see cref="Full"/> as a tree to edit.</summary>
    public static JsonObject Tree() => JsonNode.Parse(Bytes())!.AsObject();

    /// <summary>Reads a tree as if it were the file <c>run.json</c>.</summary>
    public static RunRecord Parse(JsonNode tree) =>
        RunRecordStore.Parse(Encoding.UTF8.GetBytes(tree.ToJsonString()), "run.json");

    public static PointRecord Point() =>
        new()
        {
            Weights = "fp8",
            LmHead = "bf16",
            Kv = "fp16",
            Activations = "fp32",
            Batch = 1,
            Context = 8192,
            TensorParallel = 1,
            LayersMeasured = 8,
            LayersTotal = 32,
            StepSeconds = Statistics(),
            SamplesSeconds = [0.0010, 0.1 + 0.2, 0.0012],
            RecordedTokensPerSecond = 250.5,
            RecordedTokensPerSecondPerUser = 250.5,
            FullStepSeconds = 0.0040,
            FullStepCi95Low = 0.0039,
            FullStepCi95High = 0.0041,
            ReadBytes = 2_147_483_648_000,
            WriteBytes = 65536,
            WeightReadBytes = 2_000_000_000_000,
            KvReadBytes = 147_483_648_000,
            Flops = long.MaxValue,
            AchievedBytesPerSecond = 4.2e12,
            MbuOfSpec = 0.875,
            MbuOfCeiling = 0.95,
            RooflineSeconds = 0.00095,
            Bound = "memory",
            Power = Figure.Measured(512.5, "nvml.totalEnergy"),
            EnergyJoulesPerToken = Figure.Extrapolated(2.05),
            ThrottleReasons = ["softwarePowerCap"],
            Telemetry = TelemetrySamples.Point(),
            ProcessorTime = new ProcessorTimeRecord
            {
                WaitingShare = Figure.Derived(0.012, "of 2 threads the most held up"),
                StolenShare = Figure.Derived(0),
                OthersShare = Figure.Unavailable("notTold"),
            },
            Operations = [Operation()],
            OperationsSecondsOverStep = 1.02,
            Memory = new MemoryRecord { PlannedBytes = 10, AllocatedBytes = 12 },
            Verification = new VerificationRecord
            {
                Passed = true,
                CheckedOperations = 9,
                Worst = "attention",
                WorstRelativeError = 1.5e-3,
                Bound = 4e-3,
            },
            Interleaved = true,
            HarnessOverheadFraction = -0.001,
            Valid = true,
            InvalidReasons = [],
            RecordedWarnings = ["warmCache"],
            Provenance = new Dictionary<string, ProvenanceNote>
            {
                ["tokensPerSecond"] = ProvenanceNote.Extrapolated("8 of 32 layers"),
                ["rooflineSeconds"] = ProvenanceNote.Predicted(),
            },
        };

    private static StepStatistics Statistics() =>
        new()
        {
            Median = 0.0010,
            Mean = 0.0011,
            P5 = 0.0009,
            P95 = 0.0012,
            P99 = 0.0013,
            StdDev = 0.00005,
            Ci95Low = 0.00099,
            Ci95High = 0.00101,
            Count = 3,
            StopReason = "converged",
        };

    private static OperationRecord Operation() =>
        new()
        {
            Name = "mlp.down",
            Kind = "matVec",
            Count = 8,
            Seconds = 0.0003,
            Provenance = ProvenanceNote.Extrapolated("the clock saw time pass in 7 of 8 executions"),
            ReadBytes = 469_762_048,
            WriteBytes = 16384,
            WeightReadBytes = 469_762_000,
            KvReadBytes = 0,
            Flops = 939_524_096,
            RooflineSeconds = 0.00029,
            Bound = "memory",
        };

    private static DeviceInfo Device() =>
        new()
        {
            Id = "cuda:0",
            Name = "NVIDIA H200",
            Backend = "cuda",
            MemoryBytes = 150_754_820_096,
            LastLevelCacheBytes = 62_914_560,
            Specification = HardwareCatalogue.Find("h200").ToSpecification() with { Fp4FlopsPerSecond = 1 },
            Clocks = new ClockInfo
            {
                MemoryClockHz = 3201e6,
                MemoryBusWidthBits = 6144,
                CoreClockHz = 1980e6,
                ClockBandwidthBytesPerSecond = ClockInfo.BandwidthOf(3201e6, 6144),
            },
            Limits = new DeviceLimits { PowerLimitWatts = 700 },
        };

    private static EnvironmentInfo Environment() =>
        new()
        {
            OperatingSystem = "Debian GNU/Linux 13",
            Kernel = "6.12",
            Runtime = ".NET 10.0.12",
            Architecture = "X64",
            CpuModel = "Some CPU",
            CpuLogicalCores = 16,
            CpuUsableCores = 8,
            CpuThreadsUsed = 8,
            CpuFeatures = ["avx2", "avx512f"],
            Caches = [new CacheInfo(1, "Data", 49152, 8), new CacheInfo(3, "Unified", 33_554_432, 1)],
            MemoryTotalBytes = 1L << 37,
            MemoryAvailableBytes = 1L << 36,
            ContainerMemoryLimitBytes = 1L << 35,
            ContainerCpuLimit = 7.5,
            LoadAverage1Minute = 0.25,
            TransparentHugePages = "madvise",
            Virtualised = true,
            Driver = "580.159",
        };
}
