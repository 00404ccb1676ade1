using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Plans;

/// <summary>Plans by the shortest way, so that a test shows only what it is about.</summary>
internal static class PlanExamples
{
    public static StepFormats Formats(
        WeightFormat weights = WeightFormat.Bf16,
        KvFormat kv = KvFormat.Bf16,
        ActivationFormat activations = ActivationFormat.Bf16
    ) =>
        new()
        {
            Weights = weights,
            LmHead = StepFormats.DefaultLmHead(weights),
            Kv = kv,
            Activations = activations,
        };

    public static DecodeStepPlan Uniform(
        string model,
        StepFormats formats,
        int batch,
        int context,
        int devices = 1,
        int? layers = null
    ) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Find(model),
            StepConditions.Uniform(formats, batch, context, devices),
            layers
        );

    public static DecodeStepPlan Mixed(string model, StepFormats formats, params int[] contexts) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Find(model),
            new StepConditions { Formats = formats, ContextTokens = [.. contexts] }
        );

    public static void AssertTotals(
        DecodeStepPlan plan,
        long weights,
        long kv,
        long activations,
        long writes,
        long link,
        long flops
    )
    {
        Assert.Equal(new StepTotals(weights, kv, activations, writes, link, flops), plan.Totals);
        Assert.Equal(weights + kv + activations, plan.Totals.ReadBytes);
        Assert.Equal(weights + kv, plan.Totals.CompulsoryReadBytes);
    }
}
