using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Tuning;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Tuning;

/// <summary>Tuning changes times and nothing else. What it finds on an emulated GPU means nothing; that results stay right does.</summary>
public sealed class EmulatedTuningTests
{
    private const ulong Seed = 20_261_121;

    /// <summary>Heads as large and groups as wide as the widest kernels need.</summary>
    private static readonly ModelShape s_wide = TestModels.Regular with
    {
        Name = "wide",
        Layers =
        [
            new LayerShape(
                new GroupedQueryAttention
                {
                    Rope = new RopeShape { Theta = 10_000 },
                    Heads = 18,
                    KvHeads = 1,
                    HeadDimension = 128,
                },
                new GatedFeedForward { IntermediateSize = 96 }
            ),
        ],
    };

    /// <summary>DeepSeek's latent with more heads than the narrow kernel takes at once.</summary>
    private static readonly ModelShape s_latent = TestArchitectures.DeepSeekLite with
    {
        Name = "latent",
        Layers = [new LayerShape(TestModels.Latents(18), new GatedFeedForward { IntermediateSize = 96 })],
    };

    public static TheoryData<int, string, WeightFormat, int> Steps
    {
        get
        {
            var steps = new TheoryData<int, string, WeightFormat, int>();
            foreach (int architecture in (int[])[75, 80])
            {
                steps.Add(architecture, "regular", WeightFormat.Bf16, 1);
                steps.Add(architecture, "regular", WeightFormat.Int4, 3);
                steps.Add(architecture, "awkward", WeightFormat.NvFp4, 9);
                steps.Add(architecture, "mixtral-like", WeightFormat.Int8, 9);
                steps.Add(architecture, "deepseek-like", WeightFormat.MxFp4, 2);
                steps.Add(architecture, "wide", WeightFormat.Fp8, 2);
                steps.Add(architecture, "latent", WeightFormat.Bf16, 1);
            }

            return steps;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void EveryCandidateOfEveryOperationMatchesTheReference(
        int architecture,
        string name,
        WeightFormat weights,
        int batch
    )
    {
        using CudaDevice device = Open(architecture);
        DecodeStepPlan plan = PlanOf(device, name, weights, batch);
        using IDeviceModel model = device.LoadModel(plan, Seed, null, CancellationToken.None);
        int number = 0;
        int candidates;
        do
        {
            var choices = new NumberedChoices(number++);
            device.Choices = choices;
            using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
            StepCheckResult result = StepChecker.Check(session, CheckSelection.Sample);
            Assert.True(result.Passed, $"candidate {number - 1}: {result.Worst.Failure}");
            candidates = choices.MostCandidates;
        } while (number < candidates);

        Assert.True(number > 1, "there was nothing to choose");
    }

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    public void ATunedSessionMatchesTheReferenceAndTellsWhatItFound(int architecture)
    {
        using CudaDevice device = Open(architecture);
        device.TunesWithoutMeasuring = true;
        device.TuningLimit = TimeSpan.FromHours(1);
        DecodeStepPlan plan = PlanOf(device, "mixtral-like", WeightFormat.Int8, 2);
        using IDeviceModel model = device.LoadModel(plan, Seed, null, CancellationToken.None);
        using (IDecodeSession session = model.OpenSession(plan, CancellationToken.None))
        {
            Assert.True(StepChecker.Check(session, CheckSelection.Sample).Passed);
            session.RunStep();
        }

        TuningReport report = device.Tuning;
        Assert.False(report.EndedByLimit);
        Assert.True(report.Seconds > 0);
        Assert.Contains(report.Entries, entry => entry.Operation == "attention");
        Assert.Contains(report.Entries, entry => entry.Shape.Contains("experts", StringComparison.Ordinal));
        Assert.All(report.Entries, entry => Assert.InRange(entry.CandidatesTried, 2, 100));

        // The next session of the same shapes has nothing left to find.
        using IDecodeSession again = model.OpenSession(plan, CancellationToken.None);
        Assert.Equal(report.Seconds, device.Tuning.Seconds);
        Assert.Equal(report.Entries, device.Tuning.Entries);
    }

    [Fact]
    public void AnEarlierFindingIsUsedWithoutTryingAgain()
    {
        using CudaDevice device = Open(80);
        DecodeStepPlan plan = PlanOf(device, "regular", WeightFormat.Bf16, 1);
        using IDeviceModel model = device.LoadModel(plan, Seed, null, CancellationToken.None);
        TuningTaskCollector collector = device.CollectTasks();
        device.Choices = collector;
        model.OpenSession(plan, CancellationToken.None).Dispose();
        TuningEntry[] earlier =
        [
            .. collector.Tasks.Select(task => new TuningEntry
            {
                Operation = task.Kind,
                Shape = task.Shape,
                Guess = task.Candidates[0],
                Choice = task.Candidates[^1],
                GuessSeconds = 2,
                ChosenSeconds = 1,
                CandidatesTried = task.Candidates.Count,
            }),
        ];

        using CudaDevice next = Open(80);
        next.TunesWithoutMeasuring = true;
        next.TuningLimit = TimeSpan.FromHours(1);
        next.UseTuning(earlier);
        using IDeviceModel same = next.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = same.OpenSession(plan, CancellationToken.None);
        Assert.True(StepChecker.Check(session, CheckSelection.Sample).Passed);
        Assert.Equal(0, next.Tuning.Seconds);
        Assert.Equal(
            earlier.Select(entry => entry with { Reused = true }).OrderBy(entry => entry.Shape, StringComparer.Ordinal),
            next.Tuning.Entries.OrderBy(entry => entry.Shape, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void ADeviceThatOnlyProvesResultsIsNotTuned()
    {
        using CudaDevice device = Open(80);
        device.TuningLimit = TimeSpan.FromHours(1);
        DecodeStepPlan plan = PlanOf(device, "regular", WeightFormat.Bf16, 1);
        using IDeviceModel model = device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        Assert.Empty(device.Tuning.Entries);
        Assert.Equal(0, device.Tuning.Seconds);
    }

    private static CudaDevice Open(int architecture) =>
        (CudaDevice)new EmulatorBackend(architecture).Open(EmulatorBackend.BackendName);

    private static DecodeStepPlan PlanOf(CudaDevice device, string name, WeightFormat weights, int batch)
    {
        ModelShape shape = name switch
        {
            "wide" => s_wide,
            "latent" => s_latent,
            _ => TestModels.ByName(name),
        };
        // Weights of latents in bfloat16 have eight bits, of which the bounds know nothing.
        DecodeStepPlan plan = TestModels.Plan(
            shape,
            weights,
            kv: name == "latent" ? KvFormat.Fp16 : KvFormat.Bf16,
            contexts: [.. Enumerable.Range(0, batch).Select(sequence => sequence == 0 ? 300 : 3 + (7 * sequence % 31))]
        );
        return plan.On(device);
    }
}
