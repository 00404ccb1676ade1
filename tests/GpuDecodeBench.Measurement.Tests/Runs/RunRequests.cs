using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>Requests over a model small enough for the reference.</summary>
internal static class RunRequests
{
    public const ulong Seed = 7;

    public static ModelShape Model { get; } =
        new()
        {
            Name = "mini",
            Architecture = ModelArchitecture.Llama,
            Layers =
            [
                .. Enumerable.Repeat(
                    new LayerShape(
                        new GroupedQueryAttention
                        {
                            Rope = new RopeShape { Theta = 10_000 },
                            Heads = 2,
                            KvHeads = 1,
                            HeadDimension = 16,
                        },
                        new GatedFeedForward { IntermediateSize = 48 }
                    ),
                    4
                ),
            ],
            HiddenSize = 32,
            VocabularySize = 64,
            TieEmbeddings = false,
            RmsNormEpsilon = 1e-5,
            MaxContextTokens = 1024,
            Source = "tests",
        };

    public static PointConditions Point(WeightFormat weights = WeightFormat.Bf16, int batch = 1, int context = 16) =>
        new(weights, WeightFormat.Bf16, KvFormat.Bf16, batch, context);

    public static RunRequest Create(params PointConditions[] points) =>
        new()
        {
            Model = Model,
            Points = points,
            Preset = new MeasurementPreset(
                "test",
                new StoppingRule
                {
                    RelativeHalfWidth = 0.01,
                    MinimumSamples = 10,
                    MinimumSeconds = 0.5,
                    MaximumSeconds = 5,
                },
                0.1,
                WarmupSteps: 1
            ),
            Seed = Seed,
            Command = "gpu-decode-bench run",
            Tool = new ToolInfo { Name = "gpu-decode-bench", Version = "0.0.0" },
        };

    public static RunOutcome Run(
        ScriptedDevice device,
        RunRequest request,
        RecordingObserver? observer = null,
        CancellationToken cancellation = default
    ) =>
        new BenchmarkRunner(device, EnvironmentCapture.Capture(1), observer ?? new RecordingObserver()).Run(
            request,
            DateTimeOffset.UnixEpoch,
            cancellation
        );
}
