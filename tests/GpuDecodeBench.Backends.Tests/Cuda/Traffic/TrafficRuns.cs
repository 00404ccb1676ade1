using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Traffic;

/// <summary>Models around one operation of a wanted shape, and their steps on an emulated GPU.</summary>
internal static class TrafficRuns
{
    public const ulong Seed = 20_261_121;

    /// <summary>Enough of each matrix to notice a wrong place; every element where there are few.</summary>
    private static readonly CheckSelection s_some = new(Sequences: 5, LinearRows: 120, AttentionHeads: 6);

    /// <summary>A model whose LM head is a matrix of a shape, and all else as small as can be.</summary>
    public static ModelShape WithMatrix(int rows, int columns) =>
        Create(
            new GroupedQueryAttention
            {
                Heads = 1,
                KvHeads = 1,
                HeadDimension = 16,
                Rope = new RopeShape { Theta = 10_000 },
            },
            columns,
            rows
        );

    /// <summary>A step of that model for some sequences of two tokens.</summary>
    public static DecodeStepPlan PlanOfHead(int rows, int columns, WeightFormat format, int batch) =>
        Plan(WithMatrix(rows, columns), format, KvFormat.Bf16, [.. Enumerable.Repeat(2, batch)]);

    /// <summary>A model with an attention, and all else as small as can be.</summary>
    public static ModelShape WithAttention(AttentionShape attention) => Create(attention, 32, 40);

    public static DecodeStepPlan Plan(ModelShape model, WeightFormat lmHead, KvFormat kv, params int[] contexts) =>
        DecodeStepPlan.Create(
            model,
            new StepConditions
            {
                Formats = new StepFormats
                {
                    Weights = WeightFormat.Bf16,
                    LmHead = lmHead,
                    Kv = kv,
                    Activations = ActivationFormat.Bf16,
                },
                ContextTokens = [.. contexts],
            }
        );

    /// <summary>Runs a step, holds its results against the reference, and returns what its operations read and wrote.</summary>
    public static IReadOnlyList<OperationTraffic> Run(int architecture, DecodeStepPlan plan)
    {
        var loadedAsConstant = new SortedSet<string>(StringComparer.Ordinal);
        (StepCheckResult result, IReadOnlyList<OperationTraffic> traffic) = Check(
            new EmulatorBackend(architecture),
            plan,
            loadedAsConstant
        );
        Assert.Empty(loadedAsConstant);
        Assert.True(
            result.Passed,
            string.Join("; ", result.Operations.Where(check => !check.Passed).Select(check => check.Failure))
                + $" (sm_{architecture}, seed {Seed})"
        );
        return traffic;
    }

    /// <summary>
    /// Runs a step and gives what came of it. Kernels overlap, so that ld.global.nc is for weights alone: what else it loads is added
    /// to <paramref name="loadedAsConstant"/> with its kernel.
    /// </summary>
    public static (StepCheckResult Result, IReadOnlyList<OperationTraffic> Traffic) Check(
        EmulatorBackend backend,
        DecodeStepPlan plan,
        SortedSet<string>? loadedAsConstant = null
    )
    {
        using var device = (CudaDevice)backend.Open(EmulatorBackend.BackendName);
        device.Machine!.OnLaunch += (kernel, _, _, counters) =>
            loadedAsConstant?.UnionWith(
                counters
                    .Allocations.Values.Where(allocation =>
                        allocation.ConstantLoadedBytes > 0
                        && device.Context.KindOf(allocation.Label)
                            is not (CudaMemoryKind.WeightCodes or CudaMemoryKind.WeightScales or CudaMemoryKind.Vector)
                    )
                    .Select(allocation => $"{kernel}: {allocation.Label}")
            );
        using IDeviceModel model = device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        StepCheckResult result = StepChecker.Check(session, s_some);
        return (result, session.Traffic!);
    }

    /// <summary>What holds of every operation on an emulated GPU.</summary>
    public static void AssertSound(OperationTraffic traffic)
    {
        string name = traffic.Operation.Name;
        Assert.True(
            traffic.AgreesWithPlan,
            $"{name} read {traffic.CompulsoryReadBytes} bytes of {traffic.Operation.CompulsoryReadBytes} + {traffic.PaddingBytes} (seed {Seed})"
        );
        Assert.True(traffic.WeightWriteBytes == 0, $"{name} wrote {traffic.WeightWriteBytes} bytes of weights");
        Assert.True(traffic.LocalAccesses == 0, $"{name} used local memory {traffic.LocalAccesses} times");
        Assert.True(traffic.Launches > 0, $"{name} launched nothing");
    }

    private static ModelShape Create(AttentionShape attention, int hidden, int vocabulary) =>
        new()
        {
            Name = "traffic",
            Architecture = ModelArchitecture.Llama,
            Layers = [new LayerShape(attention, new GatedFeedForward { IntermediateSize = 16 })],
            HiddenSize = hidden,
            VocabularySize = vocabulary,
            TieEmbeddings = false,
            RmsNormEpsilon = 1e-5,
            MaxContextTokens = 4096,
            Source = "tests",
        };
}
