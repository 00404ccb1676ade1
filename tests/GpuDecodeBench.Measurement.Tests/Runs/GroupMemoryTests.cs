using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Tests.Runs;

public class GroupMemoryTests
{
    [Fact]
    public void LayersWithAWindowTakeTheWholeContextInARun()
    {
        // gemma-3-1b: 26 layers, one head of 256 elements, keys and values of 2 bytes: 1024 bytes a token and layer, as the backends
        // allocate them, though 22 layers read 512 tokens alone.
        var formats = new StepFormats
        {
            Weights = WeightFormat.Bf16,
            LmHead = WeightFormat.Bf16,
            Kv = KvFormat.Bf16,
            Activations = ActivationFormat.Bf16,
        };
        DecodeStepPlan plan = DecodeStepPlan.Create(
            ModelCatalogue.Find("gemma-3-1b"),
            StepConditions.Uniform(formats, 4, 32_768)
        );
        long others = plan.Memory.WeightBytes + plan.Memory.ActivationBytes + plan.Memory.IndexBytes;

        Assert.Equal(others + (4L * 26 * 1024 * 32_768), GroupMemory.Of([plan]));
        // A second step of the same model shares its weights.
        Assert.Equal(
            (2 * GroupMemory.Of([plan])) - plan.Memory.WeightBytes,
            GroupMemory.Of([plan, plan.WithLayers(null)])
        );
    }
}
